"""`sonic evaluate` on a catalogue and playlists: what it reads, its errors and its JSON."""

import gzip
import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from ingestion.tables import KAGGLE_FILE
from ml.pairs.features import INPUTS
from ml.training import examples
from ml.training import train as training
from sonic.engines.compiled import compiled
from sonic.evaluation.command import evaluate
from sonic.evaluation.evaluation import EvaluationRun
from sonic.evaluation.files import read_catalogue
from sonic.evaluation.report import COLUMNS
from sonic.settings import load_settings
from tests.golden.expected import expected
from tests.golden.world import DAY_1
from tests.ml import worlds
from tests.sonic.runs import sonic, started
from tests.sonic.test_bad_input import only_line

pytestmark = pytest.mark.whole

KAGGLE_NAMES = {
    "track_id": "id",
    "track_name": "name",
    "release_year": "year",
    "musical_key": "key",
    "musical_mode": "mode",
}
ROWS = (
    "acoustic only",
    "acoustic + year",
    "all inputs",
    "all inputs, at most 2 per artist",
    "all inputs, as shown",
    "all inputs, new artists only",
    "all inputs, candidates only",
    "same artist",
    "nearest neighbours, all inputs",
    "nearest neighbours, acoustic only",
    "centroid, acoustic only",
    "random",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of 600 tracks, and eight playlists with some entries that are wrong."""
    folder = tmp_path_factory.mktemp("files")
    catalogue = worlds.catalogue(600, schools=4)
    names = catalogue.pop("artist_name").map(lambda name: f"['{name}', 'Guest']")
    kaggle = catalogue.rename(columns=KAGGLE_NAMES).assign(artists=names)
    kaggle.reindex(columns=list(KAGGLE_FILE)).to_csv(folder / "tracks.csv.gz", index=False)
    likes = worlds.school_fans(worlds.catalogue(600, schools=4), schools=4, tracks=30)
    more = likes.assign(user_id=likes["user_id"] + "_too")
    wrong = pd.DataFrame({"user_id": ["short", "fan0"], "track_id": ["t00001", "nowhere"]})
    entries = pd.concat([likes, likes.head(3), more, wrong])
    entries = entries.rename(columns={"user_id": "playlist_id"})
    entries.assign(name="Mine").to_csv(folder / "playlists.csv", index=False)
    (folder / "two_columns.csv").write_text("id,name\n1,Song\n")
    (folder / "empty.csv").write_text("")
    (folder / "short.csv").write_text("playlist_id,track_id\np,t00001\n")
    (folder / "cut.csv.gz").write_bytes(gzip.compress(b"playlist_id,track_id\n" * 99)[:-9])
    (folder / "broken.zip").write_bytes(b"PK, but no archive")
    lines = kaggle.reindex(columns=list(KAGGLE_FILE)).assign(energy=None)
    lines.to_csv(folder / "not_measured.csv", index=False)
    return folder


BAD = {
    "no catalogue": (["nowhere.csv", "playlists.csv"], "nowhere.csv: there is no such file"),
    "no playlists": (["tracks.csv.gz", "nowhere.csv"], "nowhere.csv: there is no such file"),
    "files swapped": (
        ["playlists.csv", "tracks.csv.gz"],
        "playlists.csv: missing or duplicate column",
    ),
    "a catalogue without columns": (["two_columns.csv", "playlists.csv"], "artists, artist_ids"),
    "playlists without columns": (
        ["tracks.csv.gz", "two_columns.csv"],
        "two_columns.csv: it lacks the column(s) playlist_id, track_id",
    ),
    "an empty file": (["tracks.csv.gz", "empty.csv"], "empty.csv: it is empty"),
    "a file cut short": (["tracks.csv.gz", "cut.csv.gz"], "cut.csv.gz: not a readable CSV"),
    "a broken zip": (["tracks.csv.gz", "broken.zip"], "broken.zip: not a readable CSV"),
}
UNUSABLE = {  # found only after the catalogue was read
    "too few songs": (["tracks.csv.gz", "short.csv"], "short.csv: 0 playlist(s) with 20 songs"),
    "nothing measured": (["not_measured.csv", "playlists.csv"], "no track in it has energy"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_one_line_that_names_it(case: str, folder: Path, tmp_path: Path) -> None:
    (catalogue, playlists), message = BAD[case]
    options = ["--catalogue", catalogue, "--playlists", playlists]
    line = only_line(sonic(tmp_path / "home", "evaluate", *options, cwd=folder))
    assert line.startswith("sonic: ")
    assert message in line
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("case", UNUSABLE)
def test_a_file_without_usable_rows_is_one_line_that_names_it(
    case: str, folder: Path, home: Path
) -> None:
    before = sorted(home.rglob("*"))
    (catalogue, playlists), message = UNUSABLE[case]
    options = ["--catalogue", catalogue, "--playlists", playlists]
    line = only_line(sonic(home, "evaluate", *options, cwd=folder))
    assert line.startswith("sonic: ")
    assert message in line
    assert sorted(home.rglob("*")) == before


@pytest.fixture(scope="module")
def compiled_sql(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds the compiled SQL of the catalogue, which takes ten seconds."""
    cache = tmp_path_factory.mktemp("cache")
    compiled("ml_catalogue_features", cache)
    return cache


@pytest.fixture
def home(compiled_sql: Path, tmp_path: Path) -> Path:
    """Return a home in which the SQL has been compiled before."""
    shutil.copytree(compiled_sql, tmp_path / "home" / "evaluation")
    return tmp_path / "home"


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Train a small model in a second or two."""
    monkeypatch.setattr(training, "SIZES", dict.fromkeys(INPUTS, (20, 31)))
    monkeypatch.setattr(examples, "SYNTHETIC_LISTENERS", 20)
    monkeypatch.setattr(examples, "MIN_SYNTHETIC_LISTENERS", 10)


def evaluated(folder: Path, home: Path, others: Path | None = None, as_json: bool = False) -> None:
    """Run the command in this process, where `small` has an effect."""
    files = folder / "tracks.csv.gz", folder / "playlists.csv"
    run = EvaluationRun(*files, train_playlists=others, folds=2, seed=7)
    evaluate(load_settings(home=home), run, as_json=as_json)


@pytest.mark.usefixtures("small")
def test_json_has_every_row_and_is_the_same_again(
    folder: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(folder.iterdir())
    evaluated(folder, home, as_json=True)
    once = capsys.readouterr().out
    evaluated(folder, home, as_json=True)
    assert capsys.readouterr().out == once
    assert sorted(folder.iterdir()) == before
    result = json.loads(once, parse_constant=pytest.fail)
    assert (result["protocol"]["seed"], result["protocol"]["folds"]) == (7, 2)
    counts = result["counts"]
    assert (counts["listeners"], counts["playlists_too_short"]) == (8, 1)
    assert counts["entries_not_in_catalogue"] == 1
    for row in ROWS:
        metrics = result["rows"][row]
        assert COLUMNS.keys() - {"auc"} <= metrics.keys()
        assert all(each["low"] <= each["high"] for each in metrics.values() if each["value"])
    assert result["rows"]["all inputs"]["auc"]["value"] > result["rows"]["random"]["auc"]["value"]
    assert result["rows"]["all inputs ÷ same artist"]["ndcg"]["value"] > 0
    assert Path(result["reliability_plot"]).read_text().startswith("<svg")


@pytest.mark.usefixtures("small")
def test_other_playlists_are_learned_from_at_once(
    folder: Path, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = pd.read_csv(folder / "playlists.csv").query("playlist_id == 'fan1'")
    others = worlds.school_fans(worlds.catalogue(600, schools=4), schools=4, tracks=25)
    others = others.assign(playlist_id=others["user_id"] + "_other")
    same = chosen.assign(playlist_id="renamed")
    beside = same.head(1).assign(track_id="not in the catalogue")
    foreign = beside.assign(playlist_id="foreign")
    pd.concat([others, chosen, same, beside, foreign]).to_csv(tmp_path / "others.csv", index=False)
    evaluated(folder, home, tmp_path / "others.csv")
    shown = capsys.readouterr().out
    for text in (
        "8 listeners",
        "1 fold",
        "new artists only",
        "predicted hit rate",
        "seed 7",
        *ROWS[:4],
    ):
        assert text in shown
    assert "learned from: 4 playlists, without 2 evaluated" in shown.replace("\n", "")
    assert str(home / "evaluation") in shown.replace("\n", "")


def test_a_catalogue_is_read_as_dbt_reads_it(compiled_sql: Path, tmp_path: Path) -> None:
    """Compare with the golden world's pool, whose rows were worked out by hand."""
    rows = pd.DataFrame(DAY_1.rows["kaggle_tracks_features"], columns=list(KAGGLE_FILE))
    twice = pd.concat([rows, rows.head(1)])
    twice.to_csv(tmp_path / "tracks.csv", index=False)
    given = read_catalogue(tmp_path / "tracks.csv", compiled_sql).set_index("track_id").sort_index()
    right = pd.DataFrame(expected("day_1", "ml_catalogue_features")).set_index("track_id")
    assert set(given.columns) == set(right.columns)
    for column in right.columns.drop("isrc"):  # Kaggle's file has none
        cells = right[column].sort_index()
        if given[column].dtype == object:
            assert given[column].fillna("").tolist() == cells.tolist(), column
        else:
            numbers = pd.to_numeric(cells.replace("", None))
            assert given[column].tolist() == pytest.approx(numbers.tolist(), nan_ok=True), column


def test_compiled_sql_is_kept_until_the_project_changes(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = home / "evaluation"
    queries = compiled("ml_catalogue_features", kept)
    assert list(queries)[-1] == '"memory"."ml"."ml_catalogue_features"'
    monkeypatch.setattr("sonic.engines.compiled._compile", lambda model: {model: "changed"})
    assert compiled("ml_catalogue_features", kept) == queries
    monkeypatch.setattr("sonic.engines.compiled.SOURCE_FILES", ("dbt_project.yml",))
    assert compiled("ml_catalogue_features", kept) == {"ml_catalogue_features": "changed"}


def test_a_killed_evaluation_leaves_no_process_behind(folder: Path, home: Path) -> None:
    files = ("--catalogue", "tracks.csv.gz", "--playlists", "playlists.csv")
    command = ("sonic", "evaluate", *files, "--folds", "2", "--jobs", "2")
    with started(home, *command, cwd=folder) as process:
        wait_until(lambda: len(workers(process.pid)) == 2)
        left = workers(process.pid)
        process.kill()
    wait_until(lambda: not any(is_alive(pid) for pid in left))


def workers(pid: int) -> list[str]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [child for child in children if "spawn_main" in command_line(child)]


def is_alive(pid: str) -> bool:
    return "spawn_main" in command_line(pid)


def command_line(pid: str) -> str:
    """Return an empty text when the process has ended, even as a zombie."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except FileNotFoundError:
        return ""


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)
