"""Approximate nearest neighbours: an Annoy index in a file that is named by what it holds."""

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
SEARCHED = 80_000  # nodes a query: of 1.2 M tracks' nearest hundred it finds 0.99
FLAGS: Final = "exact roots, AVX"  # of Annoy, in the Makefile: by others it builds other files
KEPT_FILES = 2  # this build's and the one before it, which somebody may still be reading
HOUR = 3_600  # a file that took longer was left behind by a build that was killed


class TrackIndex:
    """A memory-mapped index; row numbers are those of the catalogue that it was built from.

    It travels as the name of its file, and is mapped anew where it arrives.
    """

    def __init__(self, path: Path, dimensions: int) -> None:
        """Map the file, which must be whole: see `open_index`."""
        self.path, self._dimensions = path, dimensions
        self._annoy = AnnoyIndex(dimensions, METRIC)
        self._annoy.load(str(local_copy(path)))

    def __reduce__(self) -> tuple[type["TrackIndex"], tuple[Path, int]]:
        return TrackIndex, (self.path, self._dimensions)

    @property
    def sha256(self) -> str:
        """The hash of the file."""
        return self.path.suffixes[0][1:]

    def neighbours(self, point: Floats, count: int) -> Ids:
        """Rows of about the `count` tracks nearest to a point, nearest first."""
        near = self._annoy.get_nns_by_vector(point, count, search_k=SEARCHED)
        return np.array(near, dtype=np.int64)


def build_track_index(
    catalogue: pd.DataFrame, ranker: pd.DataFrame, folder: Path, as_of: datetime | None = None
) -> pa.Table:
    """Index the catalogue in the ranker's space; one row of `ml_track_index`.

    The frames are `ml_catalogue_features` and `ml_ranker`, of which the newest counts, at the
    instant or before; the file goes into the folder, unless it is there already. No row comes back
    where there is no ranker, nor of an empty catalogue.
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
    """The index of the vectors in the folder, built there where it is absent or damaged.

    A file bears the hash of what it is built from and its own, so that one of other vectors or
    settings, or one that is not whole, is never read.
    """
    origin = hashlib.sha256(repr((vectors.shape, METRIC, TREES, SEED, FLAGS)).encode())
    origin.update(vectors.tobytes())
    prefix = origin.hexdigest()[:16]
    whole = (f for f in folder.glob(f"{prefix}.*.ann") if _sha256(f) == f.suffixes[0][1:])
    path = next(whole, None) or _write(vectors, folder, prefix)
    return TrackIndex(path, vectors.shape[1])


def _write(vectors: Floats, folder: Path, prefix: str) -> Path:
    """Build the index of the vectors, one a row.

    One thread and a fixed seed: the same vectors give the same file. It appears under its name only
    when it is complete.
    """
    folder.mkdir(parents=True, exist_ok=True)
    annoy = AnnoyIndex(vectors.shape[1], METRIC)
    annoy.set_seed(SEED)
    for row, vector in enumerate(vectors):  # Annoy takes one at a time
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
