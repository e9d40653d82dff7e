"""`sonic import-history`: what it prints, rejects and survives."""

import json
import re
import signal
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from ingestion.errors import InputError
from ingestion.landing import Landing
from ingestion.streaming_history.listeners import imported_listeners, parse_listener
from oauth.local_store import LocalTokenStore
from oauth.tokens import Connection
from simulator import Simulator, SimulatorConfig
from sonic.home import claim
from sonic.job.import_history import import_history
from sonic.settings import Settings
from tests.exports import PLANTED, account, endsong, episode, export, extended, plays_of, written
from tests.sonic.runs import sonic, started

pytestmark = pytest.mark.whole

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TABLE = "bronze.streaming_history_plays"


@pytest.fixture(scope="module")
def simulator() -> Simulator:
    return Simulator(SimulatorConfig(listeners=1, catalogue_size=2_000, as_of=NOON))


@pytest.fixture(scope="module")
def whole(simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an export with each kind of file; each holds all plays of one listener."""
    plays = plays_of(simulator, simulator.listeners[0].user_id)
    podcast = [episode("2026-01-05T08:00:00Z"), {"ms_played": 5}]
    return export(
        tmp_path_factory.mktemp("export") / "my_spotify_data.zip",
        {
            "Streaming_History_Audio_2026.json": extended(simulator, plays) + podcast,
            "endsong_0.json": endsong(simulator, plays),
            "StreamingHistory_music_0.json": account(simulator, plays),
        },
    )


def bronze(home: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(home / "sonic.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_every_row_is_reported_and_a_second_import_adds_nothing(
    simulator: Simulator, whole: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    done = sonic(home, "import-history", str(whole), "--listener", "anna")
    assert done.returncode == 0, done.stderr
    plays = plays_of(simulator, simulator.listeners[0].user_id)
    count = len(plays)
    assert f"{3 * count + 2:,} rows of 3 files" in done.stdout
    assert f"{count:,} twice in the export, 1 no time" in done.stdout
    assert (
        f"from 2026-01-01 to {plays[-1].played_at:%Y-%m-%d}, with 1 podcast episode" in done.stdout
    )
    assert "Ignored, not a streaming history: ReadMeFirst" in done.stdout
    assert "--time-zone" in done.stdout
    assert "sonic run" in done.stdout
    truth = {(play.played_at.replace(microsecond=0), play.track_id) for play in plays}
    tracks = f"select ended_at, track_id from {TABLE} where track_id is not null"
    assert set(bronze(home, tracks)) == truth
    assert bronze(home, f"select count(*) from {TABLE}") == [(2 * count + 1,)]
    again = sonic(home, "import-history", str(whole), "--listener", "anna")
    assert f"{3 * count + 2:,} imported before" in again.stdout
    assert "No new plays" in again.stdout
    assert (home / "kind").read_text() == "real"
    everything = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    for text in (everything, done.stdout.encode(), repr(bronze(home, f"from {TABLE}")).encode()):
        assert not [value for value in PLANTED if value.encode() in text]


BAD = {
    "a missing path": ("nowhere.zip", {}, "nowhere.zip: there is no such file"),
    "no zip": ("broken.zip", {}, "neither a folder, a JSON file nor a complete zip"),
    "a folder without history": ("empty", {}, "empty: no streaming history found"),
    "another JSON file": ("Userdata.json", {}, "Userdata.json: no streaming history"),
    "a broken history": ("endsong_0.json", {}, "endsong_0.json: it cannot be read, cut short"),
    "an empty ID": ("good.json", {"user_id": ""}, "--listener is empty"),
    "an odd ID": ("good.json", {"user_id": "an\x07na"}, "not a Spotify user ID"),
    "an ID with a space": ("good.json", {"user_id": "anna berg"}, "not a Spotify user ID"),
    "an ID with a slash": ("good.json", {"user_id": "anna/berg"}, "not a Spotify user ID"),
    "another URI": ("good.json", {"user_id": "spotify:track:1"}, "not a Spotify user ID"),
    "an option for an ID": ("good.json", {"user_id": "--time-zone"}, "not a Spotify user ID"),
    "a long ID": ("good.json", {"user_id": "a" * 201}, "at most 200"),
    "an ID that is a folder": ("good.json", {"user_id": ".."}, "not a Spotify user ID"),
    "a bad zone": ("good.json", {"time_zone": "Mars/Olympus"}, "unknown time zone"),
}


@pytest.mark.parametrize(
    ("given", "user_id"),
    [
        ("anna", "anna"),
        ("spotify:user:anna", "anna"),
        ("https://open.spotify.com/user/anna?si=1", "anna"),
        ("open.spotify.com/intl-de/user/anna.b%C3%BC/", "anna.bü"),
    ],
)
def test_the_id_is_read_from_a_uri_or_a_link(given: str, user_id: str) -> None:
    assert parse_listener(given) == user_id


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "empty").mkdir()
    written(tmp_path / "broken.zip", b"PK\x03\x04 cut")
    written(tmp_path / "Userdata.json", {"username": "anna"})
    written(tmp_path / "endsong_0.json", b'[{"ts": "2023-03-20T01:21:33Z", "ms_played": 1')
    written(tmp_path / "good.json", [episode("2023-03-20T01:21:33Z")])
    return tmp_path


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_line_and_the_home_stays_empty(case: str, folder: Path) -> None:
    path, options, message = BAD[case]
    home = folder / "home"
    arguments = {"user_id": "anna", "time_zone": None} | options
    with pytest.raises(InputError, match=re.escape(message)) as error:
        import_history(Settings(_env_file=None, home=home), Console(), [folder / path], **arguments)
    assert "\n" not in str(error.value)
    assert not [each for each in ("kind", "landing", "sonic.duckdb") if (home / each).exists()]


def test_the_command_prints_one_line_and_exits_with_two(folder: Path) -> None:
    done = sonic(folder / "home", "import-history", "nowhere", "--listener", "anna", cwd=folder)
    assert done.returncode == 2
    assert done.stderr.strip() == "sonic: nowhere: there is no such file or folder."


def test_a_signed_in_listener_keeps_their_own_zone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(_env_file=None, home=folder / "home")
    store = LocalTokenStore(settings.tokens)
    store.save(Connection("anna", "Anna", "Asia/Tokyo", "app", NOON, "token"))
    import_history(settings, Console(), [folder / "good.json"], "anna", "Europe/Berlin")
    assert "anna is signed in with the time zone Asia/Tokyo" in capsys.readouterr().out
    (imported,) = imported_listeners(Landing(str(folder / "home" / "landing")))
    assert imported.time_zone == "Asia/Tokyo"


def test_a_demo_home_stays_one_and_the_import_says_so(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = folder / "home"
    home.mkdir()
    claim(home, "demo")
    settings = Settings(_env_file=None, home=home)
    import_history(settings, Console(), [folder / "good.json"], "anna", None)
    assert (home / "kind").read_text() == "demo"
    said = capsys.readouterr().out
    assert "This home shows the demo; set SONIC_HOME to keep real listening apart." in said
    assert "Next: sonic run\n" in said
    assert bronze(home, f"select user_id from {TABLE}") == [("anna",)]


def test_the_zone_of_an_earlier_import_is_kept_until_another_is_given(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(_env_file=None, home=folder / "home")
    zones = []
    for zone in ("Asia/Tokyo", None, "Europe/Berlin"):
        import_history(settings, Console(), [folder / "good.json"], "anna", zone)
        (anna,) = imported_listeners(Landing(str(folder / "home" / "landing")))
        zones.append(anna.time_zone)
    assert zones == ["Asia/Tokyo", "Asia/Tokyo", "Europe/Berlin"]
    said = capsys.readouterr().out
    assert "Times of day are in UTC" not in said
    assert said.count("time zone of anna is now") == 1
    assert "The time zone of anna is now Europe/Berlin; it was Asia/Tokyo." in said


def test_equal_names_show_their_folders_and_broken_files_have_no_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, long = tmp_path / "given", f"Streaming_History_Audio_{'x' * 90}.json"
    written(given / "a" / "endsong_0.json", [episode("2023-03-20T01:21:33Z")])
    written(given / "b" / "endsong_0.json", [episode("2023-03-21T01:21:33Z")])
    written(given / "a" / long, [episode("2023-03-22T01:21:33Z")])
    written(given / "a" / "endsong_9.json", b'[{"ts": "2023')
    written(given / "a" / "cut.zip", b"PK cut")
    for folder in ("a", "b"):
        written(given / folder / "Userdata.json", {})
    play = {"endTime": "2023-03-22 01:21", "artistName": "A", "trackName": "T", "msPlayed": 5}
    written(given / "StreamingHistory_music_0.json", [play])
    settings = Settings(_env_file=None, home=tmp_path / "home", destination="duckdb")
    import_history(settings, Console(width=80), [given], "anna", "Europe/Berlin")
    said = capsys.readouterr().out
    assert "4 rows of 4 files" in said
    assert "given/a/endsong_0.json" in said
    assert "given/b/endsong_0.json" in said
    assert sum(line.count("x") for line in said.splitlines() if "xx" in line) == 90
    assert "Not readable: given/a/endsong_9.json (cut short" in said
    assert "Not readable: given/a/cut.zip (an incomplete zip" in said
    assert "not a streaming history: Userdata.json\n" in said
    assert "counts once" in said
    assert "Next: set SONIC_CATALOGUE, then sonic run" in said


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an export of 12 files with 3,000 plays each."""
    item = episode("2023-03-20T01:21:33Z")
    path = tmp_path_factory.mktemp("large") / "my_spotify_data.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in range(12):
            items = [item | {"ms_played": file * 3_000 + number} for number in range(3_000)]
            archive.writestr(f"Streaming_History_Audio_{file}.json", json.dumps(items))
    return path


def killed(home: Path, large: Path, landed: int, delay: float) -> int:
    """Start the import, kill it `delay` seconds after `landed` files exist; return its exit code.

    The thirteenth file is the manifest.
    """
    process = started(home, "sonic", *command(large))
    landing, deadline = home / "landing", time.monotonic() + 120
    while len([*landing.glob("anna/streaming_history/*/*"), *landing.glob("_runs/*/*")]) < landed:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.001)
    time.sleep(delay)
    process.kill()
    process.communicate()
    return process.returncode


def command(path: Path) -> tuple[str, ...]:
    return ("import-history", str(path), "--listener", "anna")


MOMENTS = [(6, 0.0), (13, 0.0)]
LATER = [(13, 0.15 * step) for step in range(1, 16)]


@pytest.mark.parametrize("moments", [MOMENTS, pytest.param(LATER, marks=pytest.mark.soak)])
def test_an_import_killed_at_any_moment_is_completed_by_the_next(
    moments: list[tuple[int, float]], large: Path, tmp_path: Path
) -> None:
    codes = []
    for number, (landed, delay) in enumerate(moments):
        home = tmp_path / f"killed-{number}"
        codes.append(killed(home, large, landed, delay))
        again = sonic(home, *command(large))
        assert again.returncode == 0, again.stderr
        assert bronze(home, f"select count(distinct play_id) from {TABLE}") == [(36_000,)]
    assert -signal.SIGKILL in codes
    assert set(codes) <= {-signal.SIGKILL, 0}
