"""Time the demo's first run of two checkouts in turn, stage by stage; medians, in Markdown.

    .venv/bin/python bench/versions.py ../before . --rounds 3

Each checkout needs its own environment: call `make setup` there first.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from statistics import median

STAGE = re.compile(r"✓ (?P<title>.+?)\s{2,}.* (?P<seconds>[\d.]+) s\s*$", re.MULTILINE)
WHOLE = "whole run, imports and summary included"


def timed(checkout: Path, day: str) -> dict[str, float]:
    """Run the demo of a checkout in a fresh home; return the seconds of each stage and of all."""
    with tempfile.TemporaryDirectory() as home:
        started = time.perf_counter()
        done = subprocess.run(
            [str(checkout / ".venv" / "bin" / "sonic"), "run", "--as-of", day],
            cwd=checkout,
            env=os.environ | {"SONIC_HOME": home},
            capture_output=True,
            text=True,
            check=False,
        )
        whole = time.perf_counter() - started
    if done.returncode:
        sys.exit(f"{checkout}: {done.stderr}")
    stages = {found["title"]: float(found["seconds"]) for found in STAGE.finditer(done.stdout)}
    return stages | {WHOLE: whole}


def main() -> None:
    """Print one row per stage: seconds before and now, and the ratio."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("before", type=Path, help="the checkout to compare with")
    parser.add_argument("now", type=Path, help="the checkout to measure")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each (default: 3)")
    parser.add_argument("--as-of", default="2026-05-31", help="the day of the run")
    options = parser.parse_args()
    checkouts = (options.before.resolve(), options.now.resolve())
    seconds: dict[str, list[list[float]]] = defaultdict(lambda: [[], []])
    for _ in range(options.rounds):
        for number, checkout in enumerate(checkouts):
            for stage, taken in timed(checkout, options.as_of).items():
                seconds[stage][number].append(taken)
    print("| stage | before | now | ratio |\n| --- | --- | --- | --- |")  # noqa: T201
    for stage, (before, now) in seconds.items():
        if before and now:
            ratio = f"{median(now) / median(before):.2f}" if median(before) else ""
            print(f"| {stage} | {median(before):.1f} | {median(now):.1f} | {ratio} |")  # noqa: T201


if __name__ == "__main__":
    main()
