"""The main job as people run it: the demo, again, the next day, and dbt alone."""

import shutil
import signal
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from simulator import Simulator, SimulatorConfig
from sonic.settings import Settings
from tests.sonic.runs import ROOT, command, contents, gold, sonic, started

FIRST_DAY, NEXT_DAY = "2026-05-31", "2026-06-01"
PLAYS = """
select users.user_id, plays.occurred_at, tracks.track_id
from gold.fct_user_activity as plays
inner join gold.dim_user as users using (user_key)
inner join gold.dim_track as tracks using (track_key)
where plays.activity_type = 'play'
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A home after the demo's first day, and what the run printed."""
    home = tmp_path_factory.mktemp("ran") / "home"
    done = sonic(home, "run", "--as-of", FIRST_DAY)
    assert done.returncode == 0, done.stdout + done.stderr
    return home, done.stdout


@pytest.fixture
def home(ran: tuple[Path, str], tmp_path: Path) -> Path:
    """A copy of that home, to go on from."""
    return shutil.copytree(ran[0], tmp_path / "home")


def end_of(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T23:59:59").replace(tzinfo=UTC)


def test_the_summary_names_everybody_and_their_fifteen_tracks(ran: tuple[Path, str]) -> None:
    home, printed = ran
    names = gold(home, "select display_name from gold.dim_user where user_key >= 0")
    assert len(names) == 5
    assert all(str(name) in printed for (name,) in names)
    tracks = gold(
        home,
        "select tracks.track_name from gold.mart_discover_next inner join gold.dim_track as tracks"
        " using (track_key)",
    )
    assert len(tracks) == 75
    assert sum(str(name)[:20] in printed for (name,) in tracks) == 75


def test_nothing_known_is_recommended_and_confidence_is_a_probability(
    ran: tuple[Path, str],
) -> None:
    known = """
    select count(*) from gold.mart_discover_next as next
    inner join gold.fct_user_activity as known using (user_key, track_key)
    """
    bounds = "select min(confidence) >= 0 and max(confidence) <= 1 from gold.mart_discover_next"
    assert gold(ran[0], known) == [(0,)]
    assert gold(ran[0], bounds) == [(True,)]


def test_the_same_day_again_changes_no_row_of_gold(home: Path) -> None:
    before = contents(home)
    again = sonic(home, "run", "--as-of", FIRST_DAY)
    assert again.returncode == 0, again.stderr
    assert contents(home) == before


def test_the_next_day_adds_exactly_the_new_plays(home: Path) -> None:
    before = set(gold(home, PLAYS))
    done = sonic(home, "run", "--as-of", NEXT_DAY)
    assert done.returncode == 0, done.stderr
    config = SimulatorConfig(
        seed=Settings(_env_file=None).demo_seed, listeners=5, as_of=end_of(NEXT_DAY)
    )
    with Simulator(config) as simulator:
        truth = {
            (listener.user_id, each.play.played_at.replace(tzinfo=None), each.play.track_id)
            for listener in simulator.listeners
            for each in simulator.truth(listener.user_id)
            if each.play.played_at > end_of(FIRST_DAY) and each.is_reachable
        }
    assert truth
    assert set(gold(home, PLAYS)) - before == truth
    assert before <= set(gold(home, PLAYS))


def test_dbt_alone_works_as_in_anyones_ci_and_gives_the_same_rows(home: Path) -> None:
    before = contents(home)
    folders = {name: str(home / name.lower()) for name in ("DBT_TARGET_PATH", "DBT_LOG_PATH")}
    built = command(home, "dbt", "build", cwd=ROOT / "dbt_sonic", **folders)
    assert built.returncode == 0, built.stdout
    assert "WARN=0 ERROR=0 SKIP=0" in built.stdout
    assert "[WARNING]" not in built.stdout
    assert contents(home) == before


def test_landing_alone_is_enough_to_build_everything_again(home: Path) -> None:
    facts = "select * exclude (loaded_at) from gold.fct_user_activity order by all"
    before = gold(home, facts)
    shutil.rmtree(home / "dlt")
    for name in ("sonic.duckdb", "sonic_gold.duckdb"):
        (home / name).unlink()
    again = sonic(home, "run", "--as-of", FIRST_DAY)
    assert again.returncode == 0, again.stderr
    assert gold(home, facts) == before


def test_another_catalogue_and_an_earlier_day_work_in_the_same_home(home: Path) -> None:
    lines = (home / "demo" / "demo_tracks.csv").read_text().splitlines(keepends=True)
    other = home.parent / "other.csv"
    other.write_text("".join([lines[0], *lines[12_000:]]))
    done = sonic(home, "run", "--catalogue", str(other), "--as-of", "2026-05-20")
    assert done.returncode == 0, done.stderr
    shown = "select as_of, count(*) from gold.mart_discover_next group by as_of"
    (as_of, count), *others = gold(home, shown)
    assert str(as_of) == "2026-05-20 23:59:59"
    assert count % 15 == 0
    assert not others


def test_an_interrupt_is_one_line_and_the_next_run_goes_on(home: Path) -> None:
    before = contents(home)
    process = started(home, "sonic", "run", "--as-of", FIRST_DAY)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(8)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.strip() == "sonic: interrupted; run it again to go on where it stopped"
    assert sonic(home, "run", "--as-of", FIRST_DAY).returncode == 0
    assert contents(home) == before


def test_a_table_of_another_version_is_one_line_that_says_how_to_mend_it(home: Path) -> None:
    before = contents(home)
    with duckdb.connect(str(home / "sonic.duckdb")) as connection:
        connection.execute("alter table silver.int_plays drop column loaded_at")
    failed = sonic(home, "run", "--as-of", FIRST_DAY)
    assert failed.returncode == 1
    assert "call `sonic run --full-refresh`" in failed.stderr
    assert len(failed.stderr.strip().splitlines()) == 1
    mended = sonic(home, "run", "--as-of", FIRST_DAY, "--full-refresh")
    assert mended.returncode == 0, mended.stderr
    assert contents(home) == before


def test_real_listeners_never_join_the_demo(home: Path) -> None:
    apps = '[{"client_id": "id", "client_secret": "planted"}]'
    done = command(home, "sonic", "run", cwd=ROOT, SONIC_SPOTIFY_APPS=apps)
    assert done.returncode == 2
    assert "it holds the demo's listeners" in done.stderr
    assert "planted" not in done.stdout + done.stderr
