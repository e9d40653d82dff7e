"""Training examples: a listener's hidden tracks against random tracks of the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ml.arrays import Floats, Ids
from ml.dataset.catalogue import Catalogue, Groups
from ml.dataset.profiles import ListenerProfile, profile_of_rows
from ml.embedding.embedded_catalogue import EmbeddedCatalogue, Spaces
from ml.pairs.features import PAIR_FEATURES, pair_features
from ml.pairs.peers import Interactions
from ml.training.synthetic_listeners import MIN_TRACKS, synthetic_listeners

PARTS = 4  # of a listener's tracks, which are hidden one after the other
NEGATIVES = 125  # random tracks of the catalogue for each part
SYNTHETIC_NEGATIVES = 100  # for each part of a synthetic listener
SHORT_HISTORIES = 0.3  # share of the parts with at most 40 given tracks, one in six of them with 0
LONGEST_SHORT_HISTORY = 40

MAX_LISTENERS = 300  # real ones; a sample of more
ROUNDS = 900  # in total over all real listeners
MAX_ROUNDS = 4  # of one real listener, with new random parts in each
SYNTHETIC_LISTENERS = 150  # without real listeners; three fewer for each real one
MIN_SYNTHETIC_LISTENERS = 30


@dataclass(frozen=True)
class Listener:
    """Rows of liked tracks, one per song, and a real listener's number in `Interactions`."""

    rows: Ids
    number: int | None = None


@dataclass(frozen=True)
class Examples:
    """Pairs of listener and track, and whether the listener likes the track."""

    features: Floats  # (examples, PAIR_FEATURES)
    liked: np.ndarray  # (examples,) bool
    listeners: Ids  # (examples,): position of the listener, which decides the fold
    given: Ids  # (examples,): how many tracks of a real listener were given; -1 if synthetic


def real_listeners(profiles: Sequence[ListenerProfile], rng: np.random.Generator) -> list[Listener]:
    """Choose the real listeners to learn from.

    Args:
        profiles: All real listeners; the position of each is their number in `Interactions`.
        rng: Draws MAX_LISTENERS where there are more with at least MIN_TRACKS tracks.
    """
    real = [
        Listener(profile.rows, number)
        for number, profile in enumerate(profiles)
        if len(profile.rows) >= MIN_TRACKS
    ]
    if len(real) > MAX_LISTENERS:
        real = [real[i] for i in np.sort(rng.permutation(len(real))[:MAX_LISTENERS])]
    return real


def generate_synthetic(
    catalogue: Catalogue,
    by_album: Groups | None,
    matrix: Floats,
    spaces: Spaces,
    count_real: int,
    rng: np.random.Generator,
) -> list[Listener]:
    """Generate synthetic listeners to learn from: the fewer real ones, the more.

    Args:
        catalogue: Of the tracks.
        by_album: The tracks of each album, or None.
        matrix: (tracks, columns), the catalogue's `Scale.track_matrix`.
        spaces: Learned from the catalogue.
        count_real: The number of real listeners.
        rng: Draws the tracks.
    """
    count = max(SYNTHETIC_LISTENERS - 3 * count_real, MIN_SYNTHETIC_LISTENERS)
    return [*map(Listener, synthetic_listeners(catalogue, by_album, matrix, spaces, count, rng))]


def rounds_per_listener(listeners: Sequence[Listener]) -> int:
    """How often the tracks of each real listener are split into parts."""
    count = sum(listener.number is not None for listener in listeners)
    return int(np.clip(ROUNDS // max(count, 1), 1, MAX_ROUNDS))


def build_examples(
    embedded: EmbeddedCatalogue,
    interactions: Interactions,
    listeners: Sequence[Listener],
    rng: np.random.Generator,
) -> Examples:
    """Hide each part of each listener's tracks in turn, and pair it with random tracks.

    Random tracks that the listener knows are left out. What others have does not include the
    listener. For some parts only a few of the other tracks are given, or none, so that the ranker
    learns from short histories, too.

    Args:
        embedded: The catalogue.
        interactions: Of all real listeners.
        listeners: Real and synthetic ones.
        rng: Draws parts, given tracks and random tracks.

    Returns:
        The examples by part; each part starts with its hidden tracks.
    """
    features, liked = [np.empty((0, len(PAIR_FEATURES)), np.float32)], [np.empty(0, bool)]
    positions, counts = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    songs, rounds = embedded.catalogue.songs, rounds_per_listener(listeners)
    passes = [
        (position, listener)
        for position, listener in enumerate(listeners)
        for _ in range(1 if listener.number is None else rounds)
    ]
    for position, listener in passes:
        rows = listener.rows
        for hidden in np.array_split(rng.permutation(rows), PARTS):
            given = np.setdiff1d(rows, hidden)
            if rng.random() < SHORT_HISTORIES:
                few = int((LONGEST_SHORT_HISTORY + 1) * rng.random() ** 2)
                given = rng.choice(given, size=min(few, len(given)), replace=False)
            count = SYNTHETIC_NEGATIVES if listener.number is None else NEGATIVES
            others = rng.choice(len(songs), size=min(count, len(songs)), replace=False)
            others = others[~np.isin(songs[others], songs[rows])]
            candidates = np.concatenate([hidden, others])
            profile = profile_of_rows(embedded.catalogue, given)
            neighbourhood = interactions.neighbourhood(embedded, profile, listener.number)
            features.append(pair_features(embedded, neighbourhood, profile, candidates))
            liked.append(np.arange(len(candidates)) < len(hidden))
            positions.append(np.full(len(candidates), position))
            known = -1 if listener.number is None else len(profile.rows)
            counts.append(np.full(len(candidates), known))
    return Examples(np.vstack(features), *map(np.concatenate, (liked, positions, counts)))
