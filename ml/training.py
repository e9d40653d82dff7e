"""Examples to learn from: tracks hidden from a listener against random ones of the catalogue."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ml.catalogue import Codes, Pool
from ml.pairs import PAIR_FEATURES, pair_features
from ml.space import Matrix, Space
from ml.tastes import taste_of_rows, tastes

PARTS = 3  # a listener's tracks are hidden in so many parts, one after the other
NEGATIVES = 150  # random tracks of the catalogue for each part
LEAST_TRACKS = 5  # nobody with fewer tracks teaches anything
SHORT_HISTORIES = 0.3  # share of the parts with at most 40 tracks given; every sixth has none
LONGEST_SHORT_HISTORY = 40

HELD_OUT = 5  # every fifth listener calibrates and is not trained on
MOST_LISTENERS = 300  # real ones; more are drawn from
TURNS = 80  # over all real listeners, so that a few count among the pseudo ones
MOST_TURNS = 4  # of one of them, other parts hidden each time
PSEUDO_LISTENERS = 150  # without real listeners; three fewer for each real one
FEWEST_PSEUDO_LISTENERS = 30
MOST_TASTES = 3  # circles of similar artists in one pseudo-listener
MOST_ARTISTS = 40  # in one circle
REACH = 40  # a circle of n artists is drawn from the 40 n nearest ones
STOP_AFTER_TRACK = 0.4  # chance that a pseudo-listener knows no further track of an artist


@dataclass(frozen=True)
class Listeners:
    """Whom to learn from: for each listener rows of liked tracks, one per song."""

    train: list[Codes]
    held_out: list[Codes]
    count_real: int


@dataclass(frozen=True)
class Examples:
    """Pairs of listener and track, and whether the track was one that the listener likes."""

    features: Matrix  # (examples, pair features)
    liked: np.ndarray  # (examples,) bool


def gather(pool: Pool, signal: pd.DataFrame, rng: np.random.Generator) -> Listeners:
    """The real listeners of `ml_listener_signal`, and the fewer of them the more pseudo ones."""
    known = [taste.rows for taste in tastes(pool.catalogue, signal).values()]
    real = [rows for rows in known if len(rows) >= LEAST_TRACKS]
    if len(real) > MOST_LISTENERS:
        real = [real[i] for i in np.sort(rng.permutation(len(real))[:MOST_LISTENERS])]
    count_pseudo = max(PSEUDO_LISTENERS - 3 * len(real), FEWEST_PSEUDO_LISTENERS)
    pseudo = pseudo_listeners(pool, count_pseudo, rng)
    turns = int(np.clip(TURNS // max(len(real), 1), 1, MOST_TURNS))
    return Listeners(
        train=_not_held_out(pseudo) + _not_held_out(real) * turns,
        held_out=pseudo[HELD_OUT - 1 :: HELD_OUT] + real[HELD_OUT - 1 :: HELD_OUT],
        count_real=len(real),
    )


def _not_held_out(listeners: list[Codes]) -> list[Codes]:
    return [rows for i, rows in enumerate(listeners, start=1) if i % HELD_OUT]


def pseudo_listeners(pool: Pool, count: int, rng: np.random.Generator) -> list[Codes]:
    """Rows of tracks that one listener might like: a few of each of many similar artists.

    So the ranker can be trained where nobody has listened yet. Each is drawn round one to three
    artists, who are the likelier the more tracks they have in the catalogue. A catalogue too small
    for that is one listener's.
    """
    catalogue = pool.catalogue
    tracks = np.diff(catalogue.artist_bounds)
    places = pool.artist_sound[catalogue.rows_by_artist[catalogue.artist_bounds[:-1]]]
    chance = np.minimum(tracks, 20) / np.minimum(tracks, 20).sum()
    listeners = []
    for _ in range(count):
        centres = rng.choice(len(places), size=rng.integers(1, MOST_TASTES + 1), p=chance)
        circles = [_similar_artists(places, centre, rng) for centre in centres]
        artists = np.unique(np.concatenate(circles))
        known = rng.geometric(STOP_AFTER_TRACK, size=len(artists))
        rows = np.concatenate(
            [
                rng.permutation(catalogue.rows_of_artist(artist))[:most]
                for artist, most in zip(artists, known, strict=True)
            ]
        )
        listeners.append(rows[np.unique(catalogue.songs[rows], return_index=True)[1]])
    enough = [rows for rows in listeners if len(rows) >= LEAST_TRACKS]
    return enough or [np.arange(len(catalogue))]


def _similar_artists(places: Matrix, centre: int, rng: np.random.Generator) -> Codes:
    wanted = min(int(rng.integers(2, MOST_ARTISTS)), len(places))
    reach = min(wanted * REACH, len(places))
    distance = ((places - places[centre]) ** 2).sum(axis=1)
    near = np.sort(np.argpartition(distance, reach - 1)[:reach])
    return np.append(rng.choice(near, size=wanted, replace=False), centre)


def examples(
    pool: Pool, space: Space, listeners: Iterable[Codes], rng: np.random.Generator
) -> Examples:
    """Hide each part of each listener's rows in turn and set it against random tracks.

    Random tracks that the listener knows are left out. Some parts see only a few of the other
    tracks, or none, so that the ranker knows short histories too.
    """
    features, liked = [np.empty((0, len(PAIR_FEATURES)), np.float32)], [np.empty(0, bool)]
    songs = pool.catalogue.songs
    for rows in listeners:
        parts = np.array_split(rng.permutation(rows), PARTS)
        for hidden in parts:
            given = np.setdiff1d(rows, hidden)
            if rng.random() < SHORT_HISTORIES:
                few = int((LONGEST_SHORT_HISTORY + 1) * rng.random() ** 2)
                given = rng.choice(given, size=min(few, len(given)), replace=False)
            others = rng.choice(len(songs), size=min(NEGATIVES, len(songs)), replace=False)
            others = others[~np.isin(songs[others], songs[rows])]
            candidates = np.concatenate([hidden, others])
            taste = taste_of_rows(pool.catalogue, given)
            features.append(pair_features(pool, space, taste, candidates))
            liked.append(np.arange(len(candidates)) < len(hidden))
    return Examples(np.vstack(features), np.concatenate(liked))
