"""Run a dlt pipeline; finish the load packages that a killed run left, or set them aside.

A package is set aside when it cannot be loaded although the destination accepts other writes. It
is moved to `<set_aside>/<pipeline>/<load id>/<kind>`; `kind` is the folder it was pending in.

No data is lost: its capture runs are not in the ledger, so their rows are loaded from landing
again. Silver counts a row once, even if the package had loaded it before.

To load it anyway, move it back into dlt's working folder: to `<pipeline>/load/normalized/<load id>`
or `<pipeline>/normalize/extracted/<load id>`. The next run finishes it first.
"""

import errno
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dlt
from dlt.common.storages import LoadStorage, NormalizeStorage
from dlt.pipeline.exceptions import PipelineStepFailed

from ingestion.destinations import probe
from ingestion.errors import InputError, SourceError

logger = logging.getLogger(__name__)

KINDS = (
    Path("normalize", NormalizeStorage.EXTRACTED_FOLDER),
    Path("load", LoadStorage.NORMALIZED_FOLDER),
)
EXHAUSTED = tuple(
    os.strerror(code)
    for code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EMFILE)
)


def run(pipeline: dlt.Pipeline, data: Any) -> None:
    """Load data with a pipeline that has nothing pending.

    InputError and KeyboardInterrupt are raised without dlt's wrappers; every other failure is a
    SourceError.
    """
    _remove_unfinished_extracts(pipeline)
    with _unwrapped():
        pipeline.run(data)


def finish(pipeline: dlt.Pipeline, set_aside: Path) -> list[str]:
    """Load pending packages; return those that were moved to `set_aside` instead.

    Raises SourceError if the destination accepts no writes at all: then the packages are kept.
    """
    if not _packages(pipeline):
        return []
    logger.warning("loading what an interrupted run of %s left", pipeline.pipeline_name)
    try:
        with _unwrapped():  # not `run`: it deletes pending packages if Bronze does not exist yet
            pipeline.normalize()
            pipeline.load()
        if _packages(pipeline):
            raise SourceError("dlt left it pending without an error")
    except Exception as failure:
        _check_destination(pipeline, failure)
        return _set_aside(pipeline, set_aside, failure)
    return []


def one_line(failure: BaseException) -> str:
    """Return the first line of the root cause of an error, cut to 300 characters."""
    *_, root = _chain(failure)
    return str(root).strip().partition("\n")[0][:300] or type(root).__name__


@contextmanager
def _unwrapped() -> Iterator[None]:
    try:
        yield
    except PipelineStepFailed as failure:
        for error in _chain(failure):
            if isinstance(error, InputError | KeyboardInterrupt):
                raise error from failure
        raise SourceError(f"loading into Bronze failed: {one_line(failure)}") from failure


def _check_destination(pipeline: dlt.Pipeline, failure: Exception) -> None:
    """Raise SourceError if the destination fails, not the package."""
    message = "Bronze cannot be written now; pending packages are kept for the next run"
    if any(text in str(error) for error in _chain(failure) for text in EXHAUSTED):
        raise SourceError(f"{message}: {one_line(failure)}") from failure
    try:
        probe(pipeline)
    except Exception as error:
        raise SourceError(f"{message}: {one_line(error)}") from error


def _set_aside(pipeline: dlt.Pipeline, folder: Path, failure: Exception) -> list[str]:
    """Move all pending packages away; read state and schemas from the destination again."""
    moved = []
    for package in _packages(pipeline):
        name = f"{pipeline.pipeline_name}/{package.name}"
        target = folder / name / package.parent.name
        target.parent.mkdir(parents=True, exist_ok=True)
        package.rename(target)
        moved.append(name)
        logger.error("set aside %s: %s", target, one_line(failure))
    pipeline.drop()
    pipeline.sync_destination()
    return sorted(set(moved))


def _remove_unfinished_extracts(pipeline: dlt.Pipeline) -> None:
    """Remove what a killed run was still extracting: dlt never removes it."""
    normalize, extracted = (Path(pipeline.working_dir) / KINDS[0]).parent, KINDS[0].name
    for folder in normalize.glob("*/"):
        if folder.name != extracted:
            shutil.rmtree(folder)


def _packages(pipeline: dlt.Pipeline) -> list[Path]:
    folders = [Path(pipeline.working_dir) / kind for kind in KINDS]
    return sorted(each for folder in folders for each in folder.glob("*/"))


def _chain(failure: BaseException) -> Iterator[BaseException]:
    error: BaseException | None = failure
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
