"""Homes that many tests start from; the first worker that needs one makes it.

A test gets a copy, always at the same path of its worker: dbt's cache of the parsed project is
valid for one warehouse path only, and a first parse takes nine seconds.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from filelock import FileLock

from simulator import Simulator, SimulatorConfig
from sonic.settings import Settings
from tests.sonic.runs import command

FIRST_DAY, NEXT_DAY = "2026-05-31", "2026-06-01"
LISTENERS, TRACKS = 2, 2_000
PARSED = Path("dbt", "target", "partial_parse.msgpack")
Make = Callable[[Path], None]


def made_once(factory: pytest.TempPathFactory, name: str, make: Make) -> Path:
    """Return a folder that all workers of this session share.

    Args:
        factory: pytest's factory of temporary folders.
        name: The folder's name, unique in the session.
        make: Fills the empty folder; only the first worker calls it, the others wait.
    """
    root = factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        root = root.parent
    folder, done = root / name, root / f"{name}.done"
    with FileLock(root / f"{name}.lock"):
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder


def end_of(day: str) -> datetime:
    """Return the instant that `--as-of` means for a day."""
    return datetime.fromisoformat(f"{day}T23:59:59").replace(tzinfo=UTC)


@dataclass(frozen=True)
class SmallDemo:
    """The demo with two listeners and 2,000 tracks, after its first and its next day."""

    folder: Path

    @property
    def catalogue(self) -> Path:
        """Return the catalogue's file."""
        return self.folder / "catalogue.csv"

    @property
    def first(self) -> Path:
        """Return the home after the first day; copy it before you change it."""
        return self.folder / "first"

    @property
    def next(self) -> Path:
        """Return the home after the next day; copy it before you change it."""
        return self.folder / "next"

    def run(self, day: str) -> tuple[str, ...]:
        """Return the arguments of `sonic` that run a day."""
        small = ("--listeners", str(LISTENERS), "--catalogue", str(self.catalogue))
        return ("run", *small, "--as-of", day)

    def simulator(self, day: str) -> Simulator:
        """Return the simulator that such a run starts."""
        return Simulator(
            SimulatorConfig(
                seed=Settings(_env_file=None).demo_seed,
                listeners=LISTENERS,
                as_of=end_of(day),
                catalogue_path=self.catalogue,
            )
        )


def _make(folder: Path) -> None:
    demo = SmallDemo(folder)
    config = SimulatorConfig(listeners=1, catalogue_size=TRACKS, as_of=end_of(FIRST_DAY))
    Simulator(config).catalogue.write_csv(demo.catalogue)
    home = folder / "home"
    for day, result in ((FIRST_DAY, demo.first), (NEXT_DAY, demo.next)):
        done = command(home, "sonic", *demo.run(day), cwd=folder)
        assert done.returncode == 0, done.stdout + done.stderr
        shutil.copytree(home, result)


@pytest.fixture(scope="session")
def small_demo(tmp_path_factory: pytest.TempPathFactory) -> SmallDemo:
    """Return the demo's two homes."""
    return SmallDemo(made_once(tmp_path_factory, "small_demo", _make))


class Place:
    """The path of this worker for copies of homes, one at a time."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self._parsed = folder / PARSED.name

    def copy(self, home: Path) -> Path:
        """Replace the last copy by a copy of another home, with this worker's cache of dbt."""
        self._keep_parsed()
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(home, self.home)
        if self._parsed.exists():
            shutil.copy(self._parsed, self.home / PARSED)
        return self.home

    def _keep_parsed(self) -> None:
        if (self.home / PARSED).exists():
            shutil.copy(self.home / PARSED, self._parsed)


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Return this worker's place for copies."""
    return Place(tmp_path_factory.mktemp("place"))


@pytest.fixture
def home(small_demo: SmallDemo, place: Place) -> Path:
    """Return a copy of the small demo's home after its first day, to continue from."""
    return place.copy(small_demo.first)
