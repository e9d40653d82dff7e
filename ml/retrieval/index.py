"""Approximate nearest neighbours: an Annoy index in a file that is named by its content."""

import hashlib
import os
from datetime import datetime
from pathlib import Path
from time import time
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from annoy import AnnoyIndex

from ml.arrays import Floats, Ids
from ml.dataset.catalogue import Catalogue
from ml.ranking.ranker import SEED, read_ranker
from ml.runtime import local_copy
from ml.tables import TRACK_INDEX

METRIC: Final = "euclidean"
TREES = 12
SEARCHED = 80_000  # nodes per query: recall@100 is 0.99 with 1.2 M tracks
FLAGS: Final = "exact roots, AVX"  # Annoy's compiler flags in the Makefile: others give other files
KEPT_FILES = 2  # this build's, and the one before, which another process may still read
HOUR = 3_600  # an older unfinished file was left by a build that was killed


class TrackIndex:
    """A memory-mapped index; its row numbers are those of its catalogue.

    It is pickled as the name of its file, and mapped again when unpickled.
    """

    def __init__(self, path: Path, dimensions: int) -> None:
        """Map the file, which must be complete: see `open_index`."""
        self.path, self._dimensions = path, dimensions
        self._annoy = AnnoyIndex(dimensions, METRIC)
        self._annoy.load(str(local_copy(path)))

    def __reduce__(self) -> tuple[type["TrackIndex"], tuple[Path, int]]:
        return TrackIndex, (self.path, self._dimensions)

    @property
    def sha256(self) -> str:
        """The hash of the file, from its name."""
        return self.path.suffixes[0][1:]

    def neighbours(self, point: Floats, count: int) -> Ids:
        """Rows of about the `count` tracks nearest to a point, nearest first."""
        near = self._annoy.get_nns_by_vector(point, count, search_k=SEARCHED)
        return np.array(near, dtype=np.int64)


def build_track_index(
    catalogue: pd.DataFrame, ranker: pd.DataFrame, folder: Path, as_of: datetime | None = None
) -> pa.Table:
    """Index the catalogue in the space of the latest ranker.

    Args:
        catalogue: The columns of `ml_catalogue_features`; rows in any order.
        ranker: The rows of `ml_ranker`.
        folder: Where the file is written, unless it exists.
        as_of: Rankers that were trained later are ignored; None takes all.

    Returns:
        One row of `ml_track_index`; no row without a ranker or with an empty catalogue.

    Raises:
        ValueError: The catalogue lacks a column or has a track_id twice, or the ranker was trained
            on other features.
    """
    model = read_ranker(ranker, as_of)
    if model is None or catalogue.empty:
        return TRACK_INDEX.empty_table()
    vectors = model.spaces.vectors(Catalogue.from_frame(catalogue))
    row = {
        "index_sha256": open_index(vectors, folder).sha256,
        "model_id": model.model_id,
        "count_tracks": vectors.shape[0],
        "count_dimensions": vectors.shape[1],
        "count_trees": TREES,
        "seed": SEED,
        "metric": METRIC,
    }
    return pa.Table.from_pylist([row], schema=TRACK_INDEX)


def open_index(vectors: Floats, folder: Path) -> TrackIndex:
    """Open the index of the vectors; build it where it is absent or damaged.

    A file's name has the hash of its input and the hash of its content. So a file of other vectors
    or settings is never read, nor one that is incomplete.

    Args:
        vectors: (tracks, dimensions).
        folder: Of the index files; created if missing.
    """
    origin = hashlib.sha256(repr((vectors.shape, METRIC, TREES, SEED, FLAGS)).encode())
    origin.update(vectors.tobytes())
    prefix = origin.hexdigest()[:16]
    complete = (f for f in folder.glob(f"{prefix}.*.ann") if _sha256(f) == f.suffixes[0][1:])
    path = next(complete, None) or _write(vectors, folder, prefix)
    return TrackIndex(path, vectors.shape[1])


def _write(vectors: Floats, folder: Path, prefix: str) -> Path:
    """Build the index of the vectors.

    One thread and a fixed seed: the same vectors give the same file. The file gets its name only
    when it is complete.
    """
    folder.mkdir(parents=True, exist_ok=True)
    annoy = AnnoyIndex(vectors.shape[1], METRIC)
    annoy.set_seed(SEED)
    for row, vector in enumerate(vectors):  # Annoy takes one vector at a time
        annoy.add_item(row, vector)
    annoy.build(TREES, n_jobs=1)
    unfinished = folder / f".{os.getpid()}.unfinished"
    annoy.save(str(unfinished))
    path = unfinished.replace(folder / f"{prefix}.{_sha256(unfinished)}.ann")
    files = sorted(folder.glob("*.ann"), key=lambda file: (file == path, _written_at(file)))
    left_behind = [f for f in folder.glob(".*.unfinished") if _written_at(f) < time() - HOUR]
    for old in [*files[:-KEPT_FILES], *left_behind]:
        old.unlink(missing_ok=True)
    return path


def _written_at(path: Path) -> float:
    return path.stat().st_mtime


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
