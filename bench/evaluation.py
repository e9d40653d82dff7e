"""Run `sonic evaluate` on the real files next to the project, for the figures in `docs/model.md`.

Three times: on the tracks of all playlists, on the full catalogue, and without learning from
listeners.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
from rich.console import Console

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
GATE, FULL = DATA / "evaluation_tracks.csv.gz", DATA / "tracks_features.csv.gz"
PLAYLISTS = DATA / "playlists.csv.gz"
OPTIONS = ("--catalogue", "--playlists", "--train-playlists")
EVALUATED = 5  # every fifth playlist by id is evaluated, the others are learned from


def evaluate(title: str, home: Path, *files: Path) -> None:
    """Run the command on a catalogue, playlists and, optionally, playlists to learn from."""
    console = Console()
    console.rule(title)
    arguments = [part for option in zip(OPTIONS, map(str, files), strict=False) for part in option]
    started = time.perf_counter()
    subprocess.run(
        [str(Path(sys.executable).parent / "sonic"), "evaluate", *arguments],
        env=os.environ | {"SONIC_HOME": str(home)},
        check=True,
    )
    console.print(f"{time.perf_counter() - started:.0f} s")


def main() -> None:
    """Print the tables of all three runs."""
    if not DATA.is_dir():
        sys.exit(f"{DATA}: the real files are missing; there is nothing to evaluate.")
    entries = pd.read_csv(PLAYLISTS, dtype=str)
    ids = sorted(entries["playlist_id"].unique())
    is_evaluated = entries["playlist_id"].isin(ids[::EVALUATED])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        evaluated, others, none = (
            folder / f"{part}.csv" for part in ("evaluated", "others", "none")
        )
        entries[is_evaluated].to_csv(evaluated, index=False)
        entries[~is_evaluated].to_csv(others, index=False)
        entries.head(0).to_csv(none, index=False)
        evaluate("the tracks of all playlists, five folds", folder / "home", GATE, PLAYLISTS)
        evaluate("the full catalogue, a fifth evaluated", folder / "home", FULL, evaluated, others)
        evaluate("without learning from listeners", folder / "home", GATE, PLAYLISTS, none)


if __name__ == "__main__":
    main()
