"""Time `sonic run` in a fresh home: the first run, the same day again, and the next day."""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

SONIC = Path(sys.executable).parent / "sonic"
REAL = Path(__file__).resolve().parents[2] / "shared" / "data"
DAYS = (("first run", "2026-05-31"), ("same day again", "2026-05-31"), ("next day", "2026-06-01"))


@dataclass(frozen=True)
class World:
    """One set of arguments of `sonic run`."""

    title: str
    arguments: tuple[str, ...]


DEMO = World("demo, 5 listeners, 20,000 tracks", ())
REAL_FILES = World(
    "real files, 20 listeners, 169,995 tracks",
    (
        *("--catalogue", str(REAL / "tracks_features.csv.gz")),
        *("--playlists", str(REAL / "playlists.csv.gz")),
        *("--listeners", "20"),
    ),
)


def timed(world: World, day: str, home: Path) -> float:
    """Run the command and return its seconds; exit with its message if it fails."""
    started = time.perf_counter()
    done = subprocess.run(
        [str(SONIC), "run", *world.arguments, "--as-of", day],
        env=os.environ | {"SONIC_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{world.title}: {done.stderr}")
    return time.perf_counter() - started


def main() -> None:
    """Print one row per world and day; peak memory is the highest of all runs so far."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo-only", action="store_true", help="leave the real files out")
    options = parser.parse_args()
    worlds = [DEMO] if options.demo_only or not REAL.is_dir() else [DEMO, REAL_FILES]
    table = Table("world", "run", "seconds", "peak memory, MB")
    for world in worlds:
        with tempfile.TemporaryDirectory() as folder:
            for title, day in DAYS:
                seconds = timed(world, day, Path(folder) / "home")
                peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
                table.add_row(world.title, title, f"{seconds:.1f}", f"{peak:,.0f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
