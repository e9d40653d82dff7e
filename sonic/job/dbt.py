"""Run dbt in this process: Bronze in, Silver, ML tables and Gold out."""

from collections.abc import Callable
from pathlib import Path

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt_common.events.base_types import EventMsg

from sonic.errors import StageError
from sonic.report import lineage

PROJECT = Path(__file__).resolve().parents[2] / "dbt_sonic"
FOLDERS = ("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT))
QUIET = ("--log-level", "none", "--log-level-file", "info")
OUTDATED = ("loaded_at", "source and target schemas")  # what a table of an older version lacks


def build(
    target: str, log: Path, full_refresh: bool, progress: Callable[[float, float], None]
) -> str:
    """Run `dbt build` on an engine and say what was built; StageError names what failed.

    With `full_refresh` nothing that was built before is kept, but for earlier recommendations.
    """
    refresh = ["--full-refresh"] if full_refresh else []
    command = ["build", "--target", target, *FOLDERS, *QUIET, *refresh]

    def watch(event: EventMsg) -> None:
        if event.info.name == "LogStartLine":  # "7 of 95 START …"
            progress(event.data.index, event.data.total)

    try:
        outcome = dbtRunner(callbacks=[watch]).invoke(command)
    finally:
        # dbt keeps the file open, and DuckDB has one writer.
        DuckDBConnectionManager.close_all_connections()
    if isinstance(outcome.exception, KeyboardInterrupt):
        raise outcome.exception
    if not outcome.success or not isinstance(outcome.result, RunExecutionResult):
        raise StageError(_failure(outcome, log))
    kinds = [result.node.resource_type for result in outcome.result]
    tests = kinds.count("test") + kinds.count("unit_test")
    return f"{kinds.count('model')} models, {tests} tests passed"


def write_docs(target: Path, site: Path, log: Path) -> list[Path]:
    """Write the lineage site: dbt docs, and where each column comes from; return its pages."""
    try:
        outcome = dbtRunner().invoke(["docs", "generate", "--static", *FOLDERS, *QUIET])
    finally:
        DuckDBConnectionManager.close_all_connections()
    if not outcome.success:
        raise StageError(f"dbt docs failed: {_one_line(str(outcome.exception))} ({log})")
    site.mkdir(exist_ok=True)
    tables, columns = site / "index.html", site / "lineage.html"
    (target / "static_index.html").replace(tables)
    lineage.write_page(lineage.read(target), columns)
    return [tables, columns]


def _failure(outcome: dbtRunnerResult, log: Path) -> str:
    if not isinstance(outcome.result, RunExecutionResult):
        return f"dbt could not start: {_one_line(str(outcome.exception))} ({log})"
    failed = [result for result in outcome.result if result.status in ("error", "fail")]
    names = ", ".join(result.node.name for result in failed[:5])
    reason = _one_line(failed[0].message or "")
    if any(words in reason for words in OUTDATED):
        reason = "They were built by another version of Sonic: call `sonic run --full-refresh`."
    return f"{len(failed)} of {len(outcome.result)} dbt nodes failed: {names}. {reason} ({log})"


def _one_line(message: str) -> str:
    return " ".join(message.split())[:300]
