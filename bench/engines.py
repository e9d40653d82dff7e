"""Time the demo on DuckDB and on local Spark, stage by stage, and compare the built tables."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

SONIC = Path(sys.executable).parent / "sonic"
STAGE = re.compile(r"✓ (.{26}) .* ([\d.]+) s$", re.MULTILINE)
DAY = ("--as-of", "2026-05-31")


def sonic(home: str, *arguments: str) -> str:
    """Run a `sonic` command in a home and return its output."""
    environment = os.environ | {"SONIC_HOME": home}
    done = subprocess.run(
        [str(SONIC), *arguments], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def main() -> None:
    """Run both engines in one home, from the same landing, and print the seconds of each."""
    with tempfile.TemporaryDirectory() as home:
        seconds = {
            engine: dict(STAGE.findall(sonic(home, "run", *DAY, "--target", engine)))
            for engine in ("duckdb", "spark")
        }
        compared = sonic(home, "compare-engines")
    table = Table("stage", *seconds, title="demo, seconds")
    for stage in seconds["duckdb"]:
        table.add_row(stage.strip(), *(each.get(stage, "–") for each in seconds.values()))
    console = Console()
    console.print(table)
    console.print(compared, highlight=False)


if __name__ == "__main__":
    main()
