"""A warehouse in a temporary home, built by the real dbt."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb

PROJECT = Path(__file__).parents[2] / "dbt_sonic"
PYTHON_MODELS = ["ml_ranker", "ml_track_index", "ml_recommendations", "ml_evaluation"]


class Warehouse:
    """A Sonic home with a built warehouse."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.bronze = home / "sonic.duckdb"

    def dbt(self, *arguments: str) -> str:
        """Run dbt in the project, with every warning as an error; return its output."""
        command = [str(Path(sys.executable).with_name("dbt")), "--warn-error", *arguments]
        paths = {"SONIC_HOME": "", "DBT_TARGET_PATH": "target", "DBT_LOG_PATH": "logs"}
        # None of the project's Python runs there, so measuring coverage would only cost time.
        env = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
        env |= {name: str(self.home / path) for name, path in paths.items()}
        done = subprocess.run(command, cwd=PROJECT, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
        return done.stdout

    def build(self, *arguments: str) -> None:
        """Build everything except the Python models, whose output is written by hand."""
        self.dbt("build", "--exclude", *PYTHON_MODELS, *arguments)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query; Gold is `sonic_gold.gold`."""
        with duckdb.connect(str(self.bronze), read_only=True) as connection:
            connection.execute("set timezone = 'UTC'")
            connection.execute(f"attach '{self.home}/sonic_gold.duckdb' as sonic_gold (read_only)")
            return connection.execute(sql).fetchall()

    def manifest(self) -> dict[str, Any]:
        """Return dbt's manifest of the project."""
        loaded: dict[str, Any] = json.loads((self.home / "target/manifest.json").read_text())
        return loaded
