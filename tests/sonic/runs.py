"""Runs the real commands in separate processes, and reads what they leave."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
FACTS = "columns(c -> c <> 'loaded_at')"  # all columns but the time of the build


def sonic(home: Path, *arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the `sonic` command on a home."""
    return command(home, "sonic", *arguments, cwd=cwd)


def command(
    home: Path, *arguments: str, cwd: Path, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a command of the environment and wait for its end.

    Args:
        home: The value of SONIC_HOME.
        arguments: The command's name and arguments.
        cwd: The working folder.
        variables: More environment variables.
    """
    process = started(home, *arguments, cwd=cwd, **variables)
    output, errors = process.communicate(timeout=600)
    return subprocess.CompletedProcess(arguments, process.returncode, output, errors)


def started(
    home: Path, *arguments: str, cwd: Path = ROOT, **variables: str
) -> "subprocess.Popen[str]":
    """Start a command of the environment, without the machine's own SONIC variables."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SONIC_")}
    return subprocess.Popen(
        [str(BIN / arguments[0]), *arguments[1:]],
        cwd=cwd,
        env=clean | {"SONIC_HOME": str(home), "COLUMNS": "140"} | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def gold(home: Path, query: str) -> list[tuple[object, ...]]:
    """Return the rows of a query on the Gold of a home."""
    with duckdb.connect(str(home / "sonic_gold.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def contents(home: Path) -> dict[str, str]:
    """Return a checksum of the sorted rows of each Gold table, without `loaded_at`."""
    tables = gold(home, "select table_name from duckdb_tables() where schema_name = 'gold'")
    return {
        str(table): hashlib.sha256(
            repr(gold(home, f"select {FACTS} from gold.{table} order by all")).encode()
        ).hexdigest()
        for (table,) in tables
    }
