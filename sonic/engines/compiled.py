"""A model's own SQL, compiled for a DuckDB in memory, so that no rule is written twice."""

import hashlib
import json
import subprocess
import sys
import tempfile
from graphlib import TopologicalSorter
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from sonic.errors import StageError

PROJECT = Path(__file__).resolve().parents[2] / "dbt_sonic"
FOLDERS = ("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT))
SOURCE_FILES = ("dbt_project.yml", "profiles.yml", "macros/**/*.*", "models/**/*.*", "seeds/*.*")
QUIET = ("--quiet", "--log-level-file", "none", "--no-populate-cache")


def compiled(model: str, cache: Path | None = None) -> dict[str, str]:
    """Compile a model and all models that it reads, for the target `memory`.

    dbt needs ten seconds for it, so the result is kept until the project or dbt changes.

    Args:
        model: A SQL model that is built from sources and other SQL models only.
        cache: The folder that keeps the result. A folder that does not exist is not made.

    Returns:
        Each relation (`"memory"."silver"."stg_…"`) and its query, parents first, `model` last.

    Raises:
        StageError: dbt cannot compile the model.
    """
    if cache is None or not cache.is_dir():
        return _compile(model)
    state, kept = _state(), cache / f"{model}.json"
    found = json.loads(kept.read_text()) if kept.exists() else {}
    if found.get("state") != state:
        found = {"state": state, "queries": _compile(model)}
        with tempfile.NamedTemporaryFile("w", dir=cache, delete=False) as file:
            json.dump(found, file)
        Path(file.name).replace(kept)
    queries: dict[str, str] = found["queries"]
    return queries


def create_views(connection: duckdb.DuckDBPyConnection, queries: dict[str, str]) -> str:
    """Create compiled models as views.

    Args:
        connection: A database in memory whose schema `bronze` holds the sources.
        queries: What `compiled` returned.

    Returns:
        The last relation.
    """
    relation = ""
    for relation, query in queries.items():
        connection.execute(f"create schema if not exists {relation.rsplit('.', 1)[0]}")
        connection.execute(f"create view {relation} as {query}")
    return relation


def _compile(model: str) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        paths = ("--target-path", folder, "--log-path", folder)
        select = ("--target", "memory", "--select", f"+{model},resource_type:model")
        done = subprocess.run(  # noqa: S603 - no user input
            [sys.executable, "-m", "dbt.cli.main", "compile", *select, *paths, *FOLDERS, *QUIET],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            reason = " ".join((done.stdout + done.stderr).split())[-300:]
            raise StageError(f"dbt cannot compile {model}: {reason}")
        nodes: dict[str, Any] = json.loads((Path(folder) / "manifest.json").read_text())["nodes"]
    models = {
        key: node
        for key, node in nodes.items()
        if node["resource_type"] == "model" and node.get("compiled_code")
    }
    parents = {key: node["depends_on"]["nodes"] for key, node in models.items()}
    order = [key for key in TopologicalSorter(parents).static_order() if key in models]
    return {models[key]["relation_name"]: models[key]["compiled_code"] for key in order}


def _state() -> str:
    """Return a checksum of the project's files and the versions that compile them."""
    digest = hashlib.sha256(f"{version('dbt-core')} {version('dbt-duckdb')}".encode())
    for path in sorted(path for pattern in SOURCE_FILES for path in PROJECT.glob(pattern)):
        digest.update(str(path.relative_to(PROJECT)).encode() + path.read_bytes())
    return digest.hexdigest()
