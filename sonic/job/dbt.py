"""Run dbt in this process: Bronze in, Silver, ML tables and Gold out."""

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.artifacts.schemas.run import RunExecutionResult
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt_common.events.base_types import EventMsg

from sonic.engines.compiled import FOLDERS
from sonic.errors import StageError
from sonic.report import lineage, star, star_svg

QUIET = ("--log-level", "none", "--log-level-file", "info")
STAR = "star.svg"  # as models/docs.md names it
LONGEST_PARSE = 120  # seconds; a busy machine needs 30
PARSED = "partial_parse.msgpack"  # dbt's own cache of a parsed project
OUTDATED = ("loaded_at", "source and target schemas")  # missing in tables of an older version


@contextmanager
def parsing_ahead(target: str, home: Path) -> Iterator[Callable[[], object]]:
    """Parse the project in a second process, unless this home has a parsed one.

    A first parse takes nine seconds of one core, while a capture mostly waits for answers. The
    process writes only dbt's cache. If it fails, the build parses the project itself.

    Args:
        target: The dbt target that will be built.
        home: The home folder.

    Yields:
        A function that waits until the parse has ended; call it before the build.
    """
    if (home / "dbt" / "target" / PARSED).exists():
        yield lambda: None
        return
    quiet = ("--log-level", "none", "--log-level-file", "none", "--no-write-json")
    process = subprocess.Popen(  # noqa: S603 - no user input
        [sys.executable, "-m", "dbt.cli.main", "parse", "--target", target, *FOLDERS, *quiet],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield partial(_wait, process)
    finally:
        process.kill()
        process.wait()


def _wait(process: subprocess.Popen[bytes]) -> None:
    """Wait for the parse, but not for one that hangs: the build can do without it."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(LONGEST_PARSE)


def build(
    target: str, log: Path, full_refresh: bool, progress: Callable[[float, float], None]
) -> str:
    """Run `dbt build` on an engine.

    Unit tests are left out: they read none of the home's data, and CI runs them.

    Args:
        target: The dbt target: `duckdb` or `spark`.
        log: dbt's log file, named in error messages.
        full_refresh: Build every table from scratch; earlier recommendations are kept.
        progress: Receives the nodes started so far, and their number.

    Returns:
        One line with the number of models built and tests passed.

    Raises:
        StageError: A node failed, or dbt could not start.
    """
    refresh = ["--full-refresh"] if full_refresh else []
    left_out = ["--exclude-resource-type", "unit_test"]
    command = ["build", "--target", target, *FOLDERS, *QUIET, *left_out, *refresh]

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
    return f"{kinds.count('model')} models, {kinds.count('test')} tests passed"


def write_docs(target: Path, site: Path, log: Path) -> list[Path]:
    """Write the lineage site: dbt docs, column lineage and the star schema.

    Args:
        target: dbt's target folder of the last build.
        site: The folder of the site; it is made.
        log: dbt's log file, named in error messages.

    Returns:
        The paths of the site's files.

    Raises:
        StageError: dbt cannot generate its docs.
    """
    try:
        outcome = dbtRunner().invoke(["docs", "generate", "--static", *FOLDERS, *QUIET])
    finally:
        DuckDBConnectionManager.close_all_connections()
    if not outcome.success:
        raise StageError(f"dbt docs failed: {_one_line(str(outcome.exception))} ({log})")
    site.mkdir(exist_ok=True)
    tables, columns, picture = (site / name for name in ("index.html", "lineage.html", STAR))
    picture.write_text(star_svg.draw(star.read(json.loads((target / "manifest.json").read_text()))))
    embedded = f"data:image/svg+xml;base64,{b64encode(picture.read_bytes()).decode()}"
    page = (target / "static_index.html").read_text()
    tables.write_text(page.replace(f"]({STAR})", f"]({embedded})"))
    lineage.write_page(lineage.read(target), columns)
    return [tables, columns, picture]


def _failure(outcome: dbtRunnerResult, log: Path) -> str:
    if not isinstance(outcome.result, RunExecutionResult):
        return f"dbt could not start: {_one_line(str(outcome.exception))} ({log})"
    failed = [result for result in outcome.result if result.status in ("error", "fail")]
    names = ", ".join(result.node.name for result in failed[:5])
    reason = _one_line(failed[0].message or "")
    if any(words in reason for words in OUTDATED):
        reason = "They were built by another version of Sonic: run `sonic run --full-refresh`."
    return f"{len(failed)} of {len(outcome.result)} dbt nodes failed: {names}. {reason} ({log})"


def _one_line(message: str) -> str:
    return " ".join(message.split())[:300]
