"""Coordinates of titles from their character n-grams, which depend on language and genre."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

from ml.arrays import Floats

Titles = NDArray[np.object_]  # without the version: see `ml.dataset.names`

DIMENSIONS = 32
BUCKETS = 4_096
MAX_TITLES = 50_000  # to learn from
CHUNK = 100_000  # titles whose n-grams are counted at once
NGRAMS = HashingVectorizer(
    analyzer="char_wb", ngram_range=(2, 4), n_features=BUCKETS, alternate_sign=False, norm=None
)


@dataclass(frozen=True)
class TitleSpace:
    """TF-IDF of hashed 2- to 4-grams, reduced by a truncated singular value decomposition."""

    idf: Floats  # (buckets,)
    components: Floats  # (buckets, dimensions)

    def transform(self, titles: Titles) -> Floats:
        """Coordinates of each title: (titles, dimensions)."""
        return np.vstack(
            [
                np.empty((0, self.components.shape[1]), np.float32),
                *(_weighted(part, self.idf) @ self.components for part in _counted(titles)),
            ]
        ).astype(np.float32)

    def to_text(self) -> str:
        """All numbers as base64 of 32-bit floats: of each bucket the IDF, then its components."""
        both = np.column_stack([self.idf, self.components]).astype("<f4")
        return base64.b64encode(both.tobytes()).decode()

    @classmethod
    def from_text(cls, text: str) -> "TitleSpace":
        """Read a space back; its floats survive the round trip exactly."""
        both = np.frombuffer(base64.b64decode(text), "<f4").reshape(BUCKETS, -1)
        return cls(both[:, 0], both[:, 1:])


def learn_titles(titles: Titles, seed: int) -> TitleSpace:
    """Learn a space from titles; where there are more than MAX_TITLES, from an even sample.

    Args:
        titles: Without versions; empty where missing.
        seed: Of the decomposition.
    """
    some = titles[:: len(titles) // MAX_TITLES + 1]
    counts = sparse.vstack(list(_counted(some)))
    idf = TfidfTransformer(sublinear_tf=True).fit(counts).idf_.astype(np.float32)
    dimensions = min(DIMENSIONS, len(some))
    weighted = _weighted(counts, idf)
    with np.errstate(
        invalid="ignore", divide="ignore"
    ):  # identical titles have no variance to explain
        reduced = TruncatedSVD(dimensions, random_state=seed).fit(weighted)
    components = np.zeros((BUCKETS, DIMENSIONS), np.float32)
    components[:, :dimensions] = reduced.components_.T
    return TitleSpace(idf, components)


def _counted(titles: Titles) -> Iterator[sparse.csr_matrix]:
    """The n-grams of each title: the sum over its words. Each distinct word is read once."""
    if not len(titles):
        return
    words = pc.utf8_split_whitespace(pa.array(titles, pa.string()))
    different = words.flatten().dictionary_encode()
    codes, ends = different.indices.to_numpy(), words.offsets.to_numpy()
    shape = (len(titles), len(different.dictionary))
    of_titles = sparse.csr_matrix((np.ones(len(codes)), codes, ends), shape)
    of_words = NGRAMS.transform(different.dictionary.to_pylist())
    for start in range(0, len(titles), CHUNK):
        counts = of_titles[start : start + CHUNK] @ of_words
        counts.sort_indices()
        yield counts


def _weighted(counts: sparse.csr_matrix, idf: Floats) -> sparse.csr_matrix:
    """Sublinear TF times IDF, each row of length 1."""
    weighted = counts.astype(np.float32)
    weighted.data = (1 + np.log(weighted.data)) * idf[weighted.indices]
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    return sparse.diags_array(1 / np.maximum(lengths, 1e-9)).astype(np.float32) @ weighted
