"""Approximate nearest neighbours: an Annoy index in a file that is named by its own hash."""

import hashlib
import os
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
from annoy import AnnoyIndex

from ml.catalogue import Catalogue, Codes
from ml.pool import Pool
from ml.ranker import SEED, read_ranker
from ml.runtime import place
from ml.space import Matrix
from ml.tables import TRACK_INDEX

METRIC: Final = "euclidean"
TREES = 12
SEARCHED = 80_000  # nodes a query: of 1.2 M tracks' nearest hundred it finds 0.99, in 10 ms
KEPT_FILES = 2  # this build's and the one before it, which somebody may still be reading


class TrackIndex:
    """A memory-mapped index; row numbers are those of the catalogue that it was built from.

    It travels as the name of its file, and is mapped anew where it arrives.
    """

    def __init__(self, path: Path, dimensions: int) -> None:
        """Map the file, which must be whole: see `open_index`."""
        self.path, self._dimensions = path, dimensions
        self._annoy = AnnoyIndex(dimensions, METRIC)
        self._annoy.load(str(place(path)))

    def __reduce__(self) -> tuple[type["TrackIndex"], tuple[Path, int]]:
        return TrackIndex, (self.path, self._dimensions)

    def holds(self, vectors: Matrix) -> bool:
        """Whether these are the indexed vectors, judged by their count and a hundred of them."""
        if self._annoy.get_n_items() != len(vectors):
            return False
        some = range(0, len(vectors), len(vectors) // 100 + 1)
        return all(np.array_equal(self._annoy.get_item_vector(i), vectors[i]) for i in some)

    def neighbours(self, point: Matrix, count: int) -> Codes:
        """Rows of about the `count` tracks nearest to a point, nearest first."""
        near = self._annoy.get_nns_by_vector(point, count, search_k=SEARCHED)
        return np.array(near, dtype=np.int64)


def build_track_index(
    catalogue: pd.DataFrame, ranker: pd.DataFrame, folder: Path, as_of: datetime | None = None
) -> pa.Table:
    """Index the catalogue in the ranker's space; one row of `ml_track_index`.

    The frames are `ml_catalogue_features` and `ml_ranker`; the file goes into the folder. The
    ranker is the newest, at the instant or before. No row comes back where there is none, nor of an
    empty catalogue.
    """
    model = read_ranker(ranker, as_of)
    if model is None or catalogue.empty:
        return TRACK_INDEX.empty_table()
    vectors = Pool.place(Catalogue.from_frame(catalogue), model.spaces).vectors
    row = {
        "index_sha256": write_index(vectors, folder),
        "model_id": model.model_id,
        "count_tracks": vectors.shape[0],
        "count_dimensions": vectors.shape[1],
        "count_trees": TREES,
        "seed": SEED,
        "metric": METRIC,
    }
    return pa.Table.from_pylist([row], schema=TRACK_INDEX)


def open_index(vectors: Matrix, folder: Path, sha256: str | None) -> TrackIndex:
    """The index with this hash, built anew where the file is absent, damaged or of other vectors.

    A file built on another kind of processor may get another hash; it serves as well.
    """
    path = folder / f"{sha256}.ann"
    if path.exists() and _sha256(path) == sha256:
        index = TrackIndex(path, vectors.shape[1])
        if index.holds(vectors):
            return index
    return TrackIndex(folder / f"{write_index(vectors, folder)}.ann", vectors.shape[1])


def write_index(vectors: Matrix, folder: Path) -> str:
    """Build the index of the vectors, one a row, and return the hash that names its file.

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
    sha256 = _sha256(unfinished)
    unfinished.replace(folder / f"{sha256}.ann")
    files = sorted(folder.glob("*.ann"), key=lambda file: file.stat().st_mtime_ns)
    for old in files[:-KEPT_FILES]:
        old.unlink()
    return sha256


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
