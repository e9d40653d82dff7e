"""The first command of the README, `sonic run`, with nothing configured and in an empty home."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.homes import FIRST_DAY
from tests.sonic.runs import ROOT, command, gold, sonic

CACHES = {".git", ".venv", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", "data"}
CACHES |= {"__pycache__"}
ELSEWHERE = ("user", "temporary", "folder")


def state(folder: Path) -> dict[str, tuple[int, int]]:
    """Return the size and modification time of each file, without caches and coverage."""
    return {
        str(path.relative_to(folder)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
        and not CACHES.intersection(path.relative_to(folder).parts)
        and not path.name.startswith(".coverage")
    }


@dataclass(frozen=True)
class Demo:
    """A home after the demo, what the run printed, and what it changed outside the home."""

    home: Path
    printed: str
    changed_in_project: list[str]
    elsewhere: Mapping[str, dict[str, tuple[int, int]]]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demo")
    for name in ELSEWHERE:
        (folder / name).mkdir()
    before = state(ROOT)
    done = command(
        folder / "home",
        "sonic",
        "run",
        f"--as-of={FIRST_DAY}",
        cwd=folder / "folder",
        HOME=str(folder / "user"),
        TMPDIR=str(folder / "temporary"),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    changed = sorted(name for name, _ in state(ROOT).items() ^ before.items())
    elsewhere = {name: state(folder / name) for name in ELSEWHERE}
    return Demo(folder / "home", done.stdout, changed, elsewhere)


def test_the_summary_shows_every_listener_and_their_fifteen_tracks(demo: Demo) -> None:
    names = gold(demo.home, "select display_name from gold.dim_user where user_key >= 0")
    assert len(names) == 5
    assert all(str(name) in demo.printed for (name,) in names)
    tracks = gold(
        demo.home,
        "select tracks.track_name from gold.mart_discover_next inner join gold.dim_track as tracks"
        " using (track_key)",
    )
    assert len(tracks) == 75
    assert sum(str(name)[:20] in demo.printed for (name,) in tracks) == 75


def test_nothing_known_is_recommended_and_confidence_is_a_probability(demo: Demo) -> None:
    known = """
    select count(*) from gold.mart_discover_next as next
    inner join gold.fct_user_activity as known using (user_key, track_key)
    """
    bounds = "select min(confidence) >= 0 and max(confidence) <= 1 from gold.mart_discover_next"
    assert gold(demo.home, known) == [(0,)]
    assert gold(demo.home, bounds) == [(True,)]


def test_nothing_outside_the_home_changes(demo: Demo) -> None:
    assert demo.changed_in_project == []
    assert demo.elsewhere == {name: {} for name in ELSEWHERE}


@pytest.mark.parametrize("arguments", [["doctor"], ["--help"]])
def test_commands_that_only_show_write_nothing(arguments: list[str], tmp_path: Path) -> None:
    assert sonic(tmp_path / "home", *arguments, cwd=tmp_path).returncode == 0
    assert list(tmp_path.iterdir()) == []
