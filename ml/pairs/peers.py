"""Collaborative filtering: what similar listeners have.

Memory-based: computed from the listeners' rows, nothing is trained. So a single listener can be
left out, such as the one whose tracks are hidden during training.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse

from ml.arrays import Bools, Floats, Ids
from ml.dataset.catalogue import Catalogue
from ml.dataset.profiles import ListenerProfile
from ml.embedding.embedded_catalogue import EmbeddedCatalogue

SIMILARITIES = ("song", "artist", "style")  # of two listeners
ITEM_FEATURES = (
    "listeners",  # how many have the item, logarithm
    *(f"by_{kind}" for kind in SIMILARITIES),  # their similarity, summed
    *(f"mean_by_{kind}" for kind in SIMILARITIES),  # and per listener
    "together",  # cosine to each of the listener's own items, summed
)
PEER_FEATURES = (
    *(f"peers_song_{name}" for name in ITEM_FEATURES),
    *(f"peers_artist_{name}" for name in ITEM_FEATURES),
)
SHRINKAGE = 1.0  # listeners of similarity 0 that are added to each mean
SHARPNESS = 4  # exponent of the cosine of styles: only very similar listeners count


@dataclass(frozen=True)
class Items:
    """A sparse matrix of listeners × songs or of listeners × artists."""

    codes: Ids  # of the columns, ascending: songs or artists that any listener has
    counts: sparse.csr_matrix  # (listeners, codes)

    @classmethod
    def of(cls, lists: Sequence[tuple[Ids, Floats]]) -> "Items":
        """From the codes of each listener and the weight of each code."""
        all_codes = np.concatenate([np.empty(0, np.int64), *(codes for codes, _ in lists)])
        codes, columns = np.unique(all_codes, return_inverse=True)
        weights = np.concatenate([np.empty(0), *(weights for _, weights in lists)])
        ends = np.cumsum([0, *(len(each) for each, _ in lists)])
        return cls(codes, sparse.csr_matrix((weights, columns, ends), (len(lists), len(codes))))

    def cosines(self, vector: Floats, length: np.floating[Any]) -> Floats:
        """(listeners,): cosine to weights over the columns, given the length of all weights.

        The length includes the weights of codes that no listener has.
        """
        lengths = np.sqrt(np.asarray(self.squared.sum(axis=1)).ravel())
        cosines: Floats = self.counts @ vector / np.maximum(lengths * length, 1e-9)
        return cosines

    @cached_property
    def squared(self) -> sparse.csr_matrix:
        """Each weight squared."""
        return self.counts.multiply(self.counts).tocsr()

    @cached_property
    def has(self) -> sparse.csr_matrix:
        """1 where a listener has it."""
        return self.counts.sign()

    def vector(self, codes: Ids, weights: Floats) -> Floats:
        """Weights over the columns; codes that no listener has are dropped."""
        column = np.searchsorted(self.codes, codes).clip(max=max(len(self.codes) - 1, 0))
        known = self.codes[column] == codes if len(self.codes) else np.zeros(len(codes), bool)
        vector = np.zeros(len(self.codes))
        vector[column[known]] = weights[known]
        return vector


@dataclass(frozen=True)
class Interactions:
    """The songs and artists of each real listener, and their mean coordinates."""

    songs: Items
    artists: Items
    styles: Floats  # (listeners, dimensions), of length 1
    song_artists: Ids  # (songs of the items,): the artist of each

    @classmethod
    def of(cls, embedded: EmbeddedCatalogue, profiles: Sequence[ListenerProfile]) -> "Interactions":
        """Collect what listeners have.

        Args:
            embedded: The catalogue.
            profiles: The listeners; each one's position is their number in `neighbourhood`.
        """
        songs = Items.of([_songs(embedded, profile) for profile in profiles])
        return cls(
            songs,
            Items.of([_artists(profile) for profile in profiles]),
            np.vstack(
                [np.empty((0, embedded.vectors.shape[1])), *(_style(embedded, t) for t in profiles)]
            ),
            embedded.catalogue.artists[embedded.catalogue.first_rows_of_songs[songs.codes]],
        )

    def neighbourhood(
        self, embedded: EmbeddedCatalogue, profile: ListenerProfile, left_out: int | None = None
    ) -> "Neighbourhood":
        """What other listeners have, weighted by their similarity to one listener.

        Args:
            embedded: The catalogue.
            profile: The listener.
            left_out: The listener's own number, where they are one of the profiles.
        """
        own_songs, own_artists = _songs(embedded, profile), _artists(profile)
        songs, artists = self.songs.vector(*own_songs), self.artists.vector(*own_artists)
        similarity = np.column_stack(
            [
                self.songs.cosines(songs, np.linalg.norm(own_songs[1])),
                self.artists.cosines(artists, np.linalg.norm(own_artists[1])),
                np.maximum(self.styles @ _style(embedded, profile)[0], 0) ** SHARPNESS,
            ]
        )
        others = np.ones(len(self.styles))
        if left_out is not None:
            others[left_out] = 0
        similarity *= others[:, None]
        return Neighbourhood(
            self.songs.codes,
            _features(self.songs, songs, similarity, others),
            self.artists.codes,
            _features(self.artists, artists, similarity, others),
            self.song_artists,
        )


@dataclass(frozen=True)
class Neighbourhood:
    """What the listeners similar to one listener have; 0 for items that none of them has."""

    songs: Ids
    song_values: Floats  # (songs, ITEM_FEATURES)
    artists: Ids
    artist_values: Floats  # (artists, ITEM_FEATURES)
    song_artists: Ids  # (songs,): the artist of each

    def features(self, catalogue: Catalogue, rows: Ids) -> Floats:
        """One row per track, one column per name in PEER_FEATURES."""
        return np.hstack(
            [
                _look_up(self.songs, self.song_values, catalogue.songs[rows]),
                _look_up(self.artists, self.artist_values, catalogue.artists[rows]),
            ]
        )

    def has(self, songs: Ids) -> Bools:
        """(songs,): whether any of the listeners has the song."""
        listeners: Floats = _look_up(self.songs, self.song_values[:, :1], songs)[:, 0]
        return listeners > 0

    def songs_by_artist(self, count: int) -> Ids:
        """(count,): how many songs of each artist at least one listener has."""
        return np.bincount(self.song_artists[self.song_values[:, 0] > 0], minlength=count)

    def strongest_songs(self, count: int) -> Ids:
        """The songs with the highest total similarity of their listeners, highest first."""
        gain = self.song_values[:, 1 : 1 + len(SIMILARITIES)].sum(axis=1)
        return self.songs[np.argsort(-gain, kind="stable")[:count]]

    def strongest_artists(self) -> Ids:
        """The artists by the total similarity of their listeners, highest first."""
        gain = self.artist_values[:, 1 : 1 + len(SIMILARITIES)].sum(axis=1)
        return self.artists[np.argsort(-gain, kind="stable")]


def _features(items: Items, own: Floats, similarity: Floats, others: Floats) -> Floats:
    listeners = items.has.T @ others
    summed = items.has.T @ similarity
    lengths = np.sqrt(np.maximum(items.squared.T @ others, 1e-9))
    together = items.counts.T @ ((items.counts @ (own / lengths)) * others) / lengths
    return np.column_stack(
        [np.log1p(listeners), summed, summed / (listeners + SHRINKAGE)[:, None], together]
    ).astype(np.float32)


def _look_up(codes: Ids, values: Floats, wanted: Ids) -> Floats:
    if not len(codes):
        return np.zeros((len(wanted), values.shape[1]), np.float32)
    position = np.searchsorted(codes, wanted).clip(max=len(codes) - 1)
    return np.where((codes[position] == wanted)[:, None], values[position], 0)


def _style(embedded: EmbeddedCatalogue, profile: ListenerProfile) -> Floats:
    if not len(profile.rows):
        return np.zeros((1, embedded.vectors.shape[1]))
    mean = embedded.vectors[profile.rows].mean(axis=0, keepdims=True)
    unit: Floats = mean / max(np.linalg.norm(mean), 1e-9)
    return unit


def _songs(embedded: EmbeddedCatalogue, profile: ListenerProfile) -> tuple[Ids, Floats]:
    songs = np.unique(embedded.catalogue.songs[profile.rows])
    return songs, np.ones(len(songs))


def _artists(profile: ListenerProfile) -> tuple[Ids, Floats]:
    return profile.artists, np.log1p(profile.artist_tracks)
