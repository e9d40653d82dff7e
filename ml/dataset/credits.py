"""Guests and remixers named in a title: "Song (feat. B & C)", "Song - D Remix"."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from ml.arrays import Floats, Ids
from ml.dataset.catalogue import Catalogue
from ml.dataset.names import fold_names
from ml.dataset.profiles import ListenerProfile

CREDIT_FEATURES = (
    "guests_played",  # named artists that the listener plays: log(1 + tracks), summed
    "guests_met",  # how often the listener's titles name the candidate's artist, logarithm
    "guests_shared",  # named artists that the listener's titles name, too
    "guests_partners",  # played artists who made a track with the candidate's artist
    "guests_partners_share",  # the same for each partner of the candidate's artist
)
GUESTS = r"[(\[\s](?:feat|ft|featuring|with)\b\.?\s+(?P<names>[^()\[\]]*)"
REMIXERS = (
    r"(?:[(\[]|\s-\s)(?P<names>[^()\[\]]*?)\s*(?:['’]s)?\s+"
    r"(?:(?:club|extended|radio|vip)\s+)?(?:remix|mix|edit|rework|bootleg|version)\b"
)
BETWEEN_NAMES = r"\s*(?:,|&|\+|/|\band\b|\bx\b|\bvs\b\.?|\s-\s)\s*"


@dataclass(frozen=True)
class Credits:
    """The artists that the titles of a catalogue name in addition to the first artist."""

    named: sparse.csr_matrix  # (tracks, artists): 1 where a title names an artist
    partners: sparse.csr_matrix  # (artists, artists): 1 where a title of either names the other

    @classmethod
    def of(cls, catalogue: Catalogue) -> "Credits":
        """Read the titles; names that are not artists of the catalogue are ignored."""
        rows, names = _names(catalogue.full_titles)
        artists = catalogue.artist_index.get_indexer(pd.Index(names, dtype=object))
        found = artists >= 0
        shape = (len(catalogue), len(catalogue.artist_index))
        named = _ones(rows[found], artists[found], shape)
        own = _ones(np.arange(shape[0]), catalogue.artists, shape)
        partners = own.T @ named
        return cls(named, (partners + partners.T).sign())

    @cached_property
    def count_partners(self) -> Floats:
        """(artists,): with how many artists each shares a title."""
        return np.asarray(self.partners.sum(axis=1)).ravel()

    def features(self, catalogue: Catalogue, profile: ListenerProfile, rows: Ids) -> Floats:
        """How titles relate a listener and tracks.

        Args:
            catalogue: The one that the credits were read from.
            profile: The listener.
            rows: (rows,), of the catalogue.

        Returns:
            (rows, CREDIT_FEATURES).
        """
        plays = np.zeros(self.named.shape[1])
        plays[profile.artists] = np.log1p(profile.artist_tracks)
        met = np.log1p(np.asarray(self.named[profile.rows].sum(axis=0)).ravel())
        partners = self.partners @ plays
        artists, named = catalogue.artists[rows], self.named[rows]
        return np.column_stack(
            [
                named @ plays,
                met[artists],
                named @ met,
                partners[artists],
                partners[artists] / (1 + self.count_partners[artists]),
            ]
        ).astype(np.float32)


def _names(titles: np.ndarray) -> tuple[Ids, list[str]]:
    """The row of each name found in the titles, and the name as an artist's key."""
    lowered = pc.utf8_lower(pa.array(titles, pa.string()))
    rows, names = [np.empty(0, np.int64)], [pa.array([], pa.string())]
    for pattern in (GUESTS, REMIXERS):
        text = pc.struct_field(pc.extract_regex(lowered, pattern), "names")
        row = np.flatnonzero(pc.is_valid(text).to_numpy(zero_copy_only=False))
        each = pc.split_pattern_regex(text.take(pa.array(row)), BETWEEN_NAMES)
        rows.append(row[pc.list_parent_indices(each).to_numpy()])
        names.append(pc.list_flatten(each))
    return np.concatenate(rows), fold_names(pa.concat_arrays(names)).to_pylist()


def _ones(rows: Ids, columns: Ids, shape: tuple[int, int]) -> sparse.csr_matrix:
    return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape).sign()
