"""Say how good the recommendations are, by `sonic evaluate` on the real files beside the project.

Three times: on the tracks of all playlists, on the full catalogue, and without learning from
listeners. `docs/model.md` keeps the figures.
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
JUDGED = 5  # every so many playlists by id, where the others are learned from


def evaluate(title: str, home: Path, *files: Path) -> None:
    """Run the command on a catalogue, playlists and, perhaps, playlists to learn from."""
    console = Console()
    console.rule(title)
    asked = [part for option in zip(OPTIONS, map(str, files), strict=False) for part in option]
    started = time.perf_counter()
    subprocess.run(
        [str(Path(sys.executable).parent / "sonic"), "evaluate", *asked],
        env=os.environ | {"SONIC_HOME": str(home)},
        check=True,
    )
    console.print(f"{time.perf_counter() - started:.0f} s")


def main() -> None:
    """Print the tables of the three."""
    if not DATA.is_dir():
        sys.exit(f"{DATA}: the real files are not there; there is nothing to judge by.")
    entries = pd.read_csv(PLAYLISTS, dtype=str)
    ids = sorted(entries["playlist_id"].unique())
    is_judged = entries["playlist_id"].isin(ids[::JUDGED])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        evaluated, others, nobody = (
            folder / f"{part}.csv" for part in ("judged", "others", "nobody")
        )
        entries[is_judged].to_csv(evaluated, index=False)
        entries[~is_judged].to_csv(others, index=False)
        entries.head(0).to_csv(nobody, index=False)
        evaluate("the tracks of all playlists, five folds", folder / "home", GATE, PLAYLISTS)
        evaluate("the full catalogue, a fifth judged", folder / "home", FULL, evaluated, others)
        evaluate("without learning from listeners", folder / "home", GATE, PLAYLISTS, nobody)


if __name__ == "__main__":
    main()
