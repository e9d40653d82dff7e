"""Examples to learn from: tracks hidden from a listener against random ones of the catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ml.catalogue import Catalogue, Codes, Groups
from ml.interactions import Interactions
from ml.pairs import PAIR_FEATURES, pair_features
from ml.pool import Pool, Spaces
from ml.pseudo import LEAST_TRACKS, pseudo_listeners
from ml.space import Matrix
from ml.tastes import Taste, taste_of_rows

PARTS = 4  # a listener's tracks are hidden in so many parts, one after the other
NEGATIVES = 125  # random tracks of the catalogue for each part
PSEUDO_NEGATIVES = 100  # for each part of a pseudo-listener
SHORT_HISTORIES = 0.3  # share of the parts with at most 40 tracks given; every sixth has none
LONGEST_SHORT_HISTORY = 40

MOST_LISTENERS = 300  # real ones; more are drawn from
TURNS = 900  # over all real listeners
MOST_TURNS = 4  # of one of them, other parts hidden each time
PSEUDO_LISTENERS = 150  # without real listeners; three fewer for each real one
FEWEST_PSEUDO_LISTENERS = 30


@dataclass(frozen=True)
class Listener:
    """Rows of liked tracks, one per song, and a real listener's number among the interactions."""

    rows: Codes
    number: int | None = None


@dataclass(frozen=True)
class Examples:
    """Pairs of listener and track, and whether the track was one that the listener likes."""

    features: Matrix  # (examples, pair features)
    liked: np.ndarray  # (examples,) bool
    listeners: Codes  # (examples,): position of the listener, by which folds are told apart
    given: Codes  # (examples,): how many tracks of a real listener were given; -1 of a made-up one


def gather(tastes: Sequence[Taste], rng: np.random.Generator) -> list[Listener]:
    """The real listeners to learn from."""
    real = [
        Listener(taste.rows, number)
        for number, taste in enumerate(tastes)
        if len(taste.rows) >= LEAST_TRACKS
    ]
    if len(real) > MOST_LISTENERS:
        real = [real[i] for i in np.sort(rng.permutation(len(real))[:MOST_LISTENERS])]
    return real


def pseudo(
    catalogue: Catalogue,
    by_album: Groups | None,
    columns: Matrix,
    spaces: Spaces,
    count_real: int,
    rng: np.random.Generator,
) -> list[Listener]:
    """Made-up listeners to learn from, the more the fewer real ones there are."""
    count = max(PSEUDO_LISTENERS - 3 * count_real, FEWEST_PSEUDO_LISTENERS)
    return [*map(Listener, pseudo_listeners(catalogue, by_album, columns, spaces, count, rng))]


def turns(listeners: Sequence[Listener]) -> int:
    """How often each real listener is asked."""
    count = sum(listener.number is not None for listener in listeners)
    return int(np.clip(TURNS // max(count, 1), 1, MOST_TURNS))


def examples(
    pool: Pool,
    interactions: Interactions,
    listeners: Sequence[Listener],
    rng: np.random.Generator,
) -> Examples:
    """Hide each part of each listener's rows in turn and set it against random tracks.

    Random tracks that the listener knows are left out, as is the listener from what others play.
    Some parts see only a few of the other tracks, or none, so that the ranker knows short histories
    too.
    """
    features, liked = [np.empty((0, len(PAIR_FEATURES)), np.float32)], [np.empty(0, bool)]
    positions, counts = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    songs, often = pool.catalogue.songs, turns(listeners)
    asked = [
        (position, listener)
        for position, listener in enumerate(listeners)
        for _ in range(1 if listener.number is None else often)
    ]
    for position, listener in asked:
        rows = listener.rows
        for hidden in np.array_split(rng.permutation(rows), PARTS):
            given = np.setdiff1d(rows, hidden)
            if rng.random() < SHORT_HISTORIES:
                few = int((LONGEST_SHORT_HISTORY + 1) * rng.random() ** 2)
                given = rng.choice(given, size=min(few, len(given)), replace=False)
            count = PSEUDO_NEGATIVES if listener.number is None else NEGATIVES
            others = rng.choice(len(songs), size=min(count, len(songs)), replace=False)
            others = others[~np.isin(songs[others], songs[rows])]
            candidates = np.concatenate([hidden, others])
            taste = taste_of_rows(pool.catalogue, given)
            around = interactions.around(pool, taste, listener.number)
            features.append(pair_features(pool, around, taste, candidates))
            liked.append(np.arange(len(candidates)) < len(hidden))
            positions.append(np.full(len(candidates), position))
            known = -1 if listener.number is None else len(taste.rows)
            counts.append(np.full(len(candidates), known))
    return Examples(np.vstack(features), *map(np.concatenate, (liked, positions, counts)))
