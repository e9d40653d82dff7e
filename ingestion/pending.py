"""Run a dlt pipeline; finish the load packages that a killed run left, or set them aside.

A package is set aside when it cannot be loaded although the destination takes other writes. It is
moved to `<set_aside>/<pipeline>/<load id>/<kind>`, where `kind` is the folder it was pending in.

Nothing is lost by it: its capture runs are not in the ledger, so their rows come again from
landing (Silver counts a row once that was loaded before the package stopped). To load it all the
same, move it back to `<pipeline>/load/normalized/<load id>` or
`<pipeline>/normalize/extracted/<load id>` in dlt's working folder; the next run finishes it first.
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
    """Load data by a pipeline that has nothing pending.

    InputError and KeyboardInterrupt come out of dlt's chain of wrappers as they are; all else that
    stops it is a SourceError.
    """
    _sweep(pipeline)
    with _unwrapped():
        pipeline.run(data)


def finish(pipeline: dlt.Pipeline, set_aside: Path) -> list[str]:
    """Load what is pending; return what was moved to `set_aside` because it cannot be loaded.

    SourceError while the destination takes no writes at all: then the packages are kept.
    """
    if not _packages(pipeline):
        return []
    logger.warning("finishing what an interrupted run of %s left to load", pipeline.pipeline_name)
    try:
        with _unwrapped():  # not `run`: it wipes what is pending where Bronze is not there yet
            pipeline.normalize()
            pipeline.load()
        if _packages(pipeline):
            raise SourceError("dlt left it pending without saying why")
    except Exception as failure:
        _blame_the_package(pipeline, failure)
        return _set_aside(pipeline, set_aside, failure)
    return []


def one_line(failure: BaseException) -> str:
    """Return the first line, of bounded length, of what is at the bottom of a chain of errors."""
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


def _blame_the_package(pipeline: dlt.Pipeline, failure: Exception) -> None:
    """Raise SourceError if it is the destination that fails, not the package."""
    told = "Bronze cannot be written now; what is pending is kept for the next run"
    if any(text in str(error) for error in _chain(failure) for text in EXHAUSTED):
        raise SourceError(f"{told}: {one_line(failure)}") from failure
    try:
        probe(pipeline)
    except Exception as answer:
        raise SourceError(f"{told}: {one_line(answer)}") from answer


def _set_aside(pipeline: dlt.Pipeline, folder: Path, failure: Exception) -> list[str]:
    """Move all pending packages away; take state and schemas anew from the destination."""
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


def _sweep(pipeline: dlt.Pipeline) -> None:
    """Remove what a killed run was still extracting, which dlt leaves where it is for ever."""
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
