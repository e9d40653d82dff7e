"""A run changes nothing outside its home: not the project, the user's folder or the temporary."""

from pathlib import Path

import pytest

from tests.sonic.runs import ROOT, command, sonic

CACHES = {".git", ".venv", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", "data"}
CACHES |= {"__pycache__"}  # Python's, of whatever is imported


def state(folder: Path) -> dict[str, tuple[int, int]]:
    """Return size and time of change of each file below a folder, but for caches and coverage."""
    return {
        str(path.relative_to(folder)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
        and not CACHES.intersection(path.relative_to(folder).parts)
        and not path.name.startswith(".coverage")
    }


def test_nothing_outside_the_home_changes(tmp_path: Path) -> None:
    elsewhere = {name: tmp_path / name for name in ("user", "temporary", "folder")}
    for folder in elsewhere.values():
        folder.mkdir()
    before = state(ROOT)
    done = command(
        tmp_path / "home",
        "sonic",
        "run",
        "--listeners=1",
        "--as-of=2026-05-31",
        cwd=elsewhere["folder"],
        HOME=str(elsewhere["user"]),
        TMPDIR=str(elsewhere["temporary"]),
    )
    assert done.returncode == 0, done.stderr
    assert sorted(dict(state(ROOT).items() ^ before.items())) == []
    assert {name: state(folder) for name, folder in elsewhere.items()} == {
        name: {} for name in elsewhere
    }


@pytest.mark.parametrize("arguments", [["doctor"], ["--help"]])
def test_looking_writes_nothing_at_all(arguments: list[str], tmp_path: Path) -> None:
    assert sonic(tmp_path / "home", *arguments, cwd=tmp_path).returncode == 0
    assert list(tmp_path.iterdir()) == []
