"""Time the SQL models on large worlds: a full build by dbt and by bare DuckDB, and a new day."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from bench.world import World

ROOT = Path(__file__).resolve().parents[1]
DBT = Path(sys.executable).with_name("dbt")
PYTHON_MODELS = ("ml_ranker", "ml_track_index", "ml_recommendations", "ml_evaluation")
SILVER_AND_FACTS = ("path:models/silver", "fct_user_activity", "fct_top_item")
MILLION = 1_000_000
# The same as in dbt_sonic/profiles.yml.
SETTINGS = (
    *("threads = 2", "timezone = 'UTC'"),
    *("memory_limit = '6GB'", "preserve_insertion_order = false"),
)


@dataclass(frozen=True)
class Run:
    """The time and memory of a process, and the seconds of each dbt node in it."""

    seconds: float
    megabytes: float
    nodes: dict[str, float] = field(default_factory=dict)


def measured(command: list[str], home: Path, folder: str) -> Run:
    """Run a command in a folder of the project; exit with its output if it fails."""
    paths = {"SONIC_HOME": "", "DBT_TARGET_PATH": "target", "DBT_LOG_PATH": "logs"}
    env = os.environ | {name: str(home / path) for name, path in paths.items()}
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            command, cwd=ROOT / folder, env=env, stdout=output, stderr=output
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        if status:
            output.seek(0)
            sys.exit(output.read()[-6000:])
    return Run(seconds, usage.ru_maxrss / 1024)


def dbt(home: Path, *arguments: str) -> Run:
    """Run dbt on a home without the Python models, whose tables are part of the world."""
    command = [str(DBT), "--no-use-colors", *arguments, "--exclude", *PYTHON_MODELS]
    run = measured(command, home, "dbt_sonic")
    results = json.loads((home / "target/run_results.json").read_text())["results"]
    return Run(
        run.seconds,
        run.megabytes,
        {result["unique_id"]: result["execution_time"] for result in results},
    )


def bare(home: Path, manifest: Path) -> None:
    """Build the models that dbt compiled, one after another, on one DuckDB connection."""
    nodes: dict[str, Any] = json.loads(manifest.read_text())["nodes"]
    models = {key: node for key, node in nodes.items() if "compiled_code" in node}
    models = {key: node for key, node in models.items() if node["resource_type"] == "model"}
    with duckdb.connect(str(home / "sonic.duckdb")) as connection:
        connection.execute(f"attach '{home}/sonic_gold.duckdb' as sonic_gold")
        for setting in SETTINGS:
            connection.execute(f"set {setting}")
        for schema in ("silver", "sonic_gold.gold"):
            connection.execute(f"create schema if not exists {schema}")
        while models:
            ready = [
                key
                for key, node in models.items()
                if not any(parent in models for parent in node["depends_on"]["nodes"])
            ]
            for key in ready:
                node = models.pop(key)
                if node["language"] == "sql":
                    kind = "view" if node["config"]["materialized"] == "view" else "table"
                    connection.execute(
                        f"create {kind} {node['relation_name']} as {node['compiled_code']}"
                    )


def full_build(world: World, with_bare: bool) -> tuple[Run, Run | None]:
    """Build everything by dbt, and by bare DuckDB on a copy of the same Bronze."""
    dbt(world.home, "seed")
    if not with_bare:
        return dbt(world.home, "run", "--full-refresh"), None
    copy = world.home.with_name("bare")
    copy.mkdir()
    shutil.copy(world.home / "sonic.duckdb", copy)
    by_dbt = dbt(world.home, "run", "--full-refresh")
    manifest = world.home / "target/manifest.json"
    module = [sys.executable, "-m", "bench.warehouse", "--bare", str(copy), str(manifest)]
    by_duckdb = measured(module, copy, ".")
    shutil.rmtree(copy)
    return by_dbt, by_duckdb


def daily(world: World, days: int) -> tuple[Run, Run]:
    """Add days one by one.

    Returns:
        The median run of Silver and the facts for a day, and a whole build with all tests.
    """
    runs = []
    for number in range(1, days + 1):
        world.append_day(number)
        runs.append(dbt(world.home, "run", "--select", *SILVER_AND_FACTS))
        dbt(world.home, "run")
    world.append_day(days + 1)
    whole = dbt(world.home, "build")
    return sorted(runs, key=lambda run: run.seconds)[len(runs) // 2], whole


def slowest(run: Run, console: Console, title: str) -> None:
    """Print the 15 slowest nodes."""
    table = Table("seconds", title)
    for node, seconds in sorted(run.nodes.items(), key=lambda item: -item[1])[:15]:
        table.add_row(f"{seconds:.2f}", node)
    console.print(table)


def main() -> None:
    """Print the figures for a small and a large history, and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plays", type=int, default=10 * MILLION, help="in the large history")
    parser.add_argument("--tracks", type=int, default=1_204_025)
    parser.add_argument("--listeners", type=int, default=1_000)
    parser.add_argument("--days", type=int, default=3, help="new days; the median is shown")
    parser.add_argument("--without-bare", action="store_true", help="leave bare DuckDB out")
    parser.add_argument("--slowest", action="store_true", help="also print the slowest nodes")
    parser.add_argument("--bare", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.bare:
        bare(*options.bare)
        return
    console = Console(width=110)
    table = Table("plays of history", "what", "seconds", "peak memory, MB", "ratio")
    days: list[tuple[Run, Run]] = []
    with tempfile.TemporaryDirectory() as folder:
        for plays in (options.plays // 10, options.plays):
            world = World(Path(folder) / str(plays), plays, options.tracks, options.listeners)
            world.write()
            by_dbt, by_duckdb = full_build(world, not options.without_bare)
            days.append(daily(world, options.days))
            rows = [("all SQL models by dbt", by_dbt, "")]
            if by_duckdb:
                ratio = f"{by_duckdb.seconds / by_dbt.seconds:.2f} of dbt"
                rows.append(("the same, bare DuckDB", by_duckdb, ratio))
            for what, run, first in zip(
                ("one new day, Silver and facts", "one new day, whole build with all tests"),
                days[-1],
                days[0],
                strict=True,
            ):
                rows.append((what, run, f"{run.seconds / first.seconds:.2f} of the small history"))
            for what, run, ratio in rows:
                seconds, peak = f"{run.seconds:.1f}", f"{run.megabytes:,.0f}"
                table.add_row(f"{plays:,}", what, seconds, peak, ratio)
                if options.slowest:
                    slowest(run, console, f"{plays:,}: {what}")
            shutil.rmtree(world.home)
    console.print(table)


if __name__ == "__main__":
    main()
