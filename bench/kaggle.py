"""Time the load of a full-size Kaggle catalogue, compared with DuckDB's own CSV reader."""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
REAL = ROOT.parent / "shared" / "data" / "tracks_features.csv.gz"
FULL_SIZE = 1_204_025

SCALED_UP = """
import duckdb
duckdb.sql("create table tracks as select * from read_csv('{real}', all_varchar = true)")
duckdb.sql('''
    copy (
        select
            case when copies.number = 0 then id else left(md5(id || copies.number), 22) end as id,
            tracks.* exclude (id)
        from range(8) as copies (number), tracks
        order by copies.number, tracks.rowid
        limit {rows}
    ) to '{file}' (header)
''')
"""
MEASURED = """
import json, resource, time
{imports}
started, cpu = time.perf_counter(), time.process_time()
{work}
seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([seconds, cpu, peak]))
"""
DUCKDB = MEASURED.format(
    imports="import duckdb",
    work="""
with duckdb.connect("{folder}/plain.duckdb") as connection:
    connection.execute("create table tracks as select * from read_csv('{file}')")
""",
)
SONIC = MEASURED.format(
    imports="""
from datetime import UTC, datetime
from pathlib import Path
from ingestion.destinations import duckdb
from ingestion.kaggle.load import replace_catalogue
from ingestion.load import Bronze
def load():
    bronze = Bronze(duckdb(Path("{folder}/sonic.duckdb")), Path("{folder}/dlt"))
    assert replace_catalogue(bronze, Path("{file}"), datetime.now(UTC)) == {rows}
""",
    work="load()",
)
REPLACED = SONIC.replace(
    "started, cpu =",
    """load()
with open("{file}", "a") as file:
    file.write("\\n")
started, cpu =""",
)


@dataclass(frozen=True)
class Figures:
    """Time and memory of one process, without its imports."""

    seconds: float
    cpu_seconds: float
    peak_mb: float


def run(code: str) -> str:
    """Run Python in a new process and return its last line; a failure ends the benchmark."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr)
    return next(reversed(done.stdout.splitlines()), "")


def measured(code: str, file: Path, rows: int) -> Figures:
    """Run a load in a new folder."""
    with tempfile.TemporaryDirectory() as folder:
        return Figures(*json.loads(run(code.format(folder=folder, file=file, rows=rows))))


def main() -> None:
    """Print one row per kind of load: median time, its ratio to DuckDB's, and peak memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=FULL_SIZE, help="tracks in the file")
    parser.add_argument("--rounds", type=int, default=3, help="how often each load is measured")
    options = parser.parse_args()
    if not REAL.is_file():
        sys.exit(f"{REAL}: there is no such file; the benchmark needs these real tracks")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tracks_features.csv"
        run(SCALED_UP.format(real=REAL, file=file, rows=options.rows))
        rounds = [
            [measured(code, file, options.rows) for code in (DUCKDB, SONIC, REPLACED)]
            for _ in range(options.rounds)
        ]
        size = file.stat().st_size / 1e6
    table = Table("load", "seconds", "ratio", "CPU seconds", "peak memory, MB")
    titles = ("DuckDB's read_csv", "Sonic, the first file", "Sonic, a replacement")
    for title, loads in zip(titles, zip(*rounds, strict=True), strict=True):
        ratio = median(
            one.seconds / each[0].seconds for one, each in zip(loads, rounds, strict=True)
        )
        seconds, cpu = (
            median(each.seconds for each in loads),
            median(each.cpu_seconds for each in loads),
        )
        peak = max(each.peak_mb for each in loads)
        table.add_row(title, f"{seconds:.1f}", f"{ratio:.2f}", f"{cpu:.1f}", f"{peak:,.0f}")
    console = Console(width=100)
    console.print(f"{options.rows:,} tracks, {size:,.0f} MB of CSV, {options.rounds} rounds")
    console.print(table)


if __name__ == "__main__":
    main()
