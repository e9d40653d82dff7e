"""What a listener and a candidate have to do with each other, as numbers and in words.

Three kinds of features: how near the candidate lies to the listener's tracks in the learned space
(once for the track, once for its artist), each trait of the candidate and its gap to the listener's
own, and whether the listener plays the artist.
"""

import numpy as np

from ml.catalogue import Codes, Pool
from ml.features import FEATURES
from ml.space import Matrix, Space
from ml.tastes import Taste

NEIGHBOURS = (1, 3, 10)
BANDWIDTH = 0.5  # of the density estimate, in units of the space
PRIOR_TRACKS = 4  # tracks of average spread that a short history is filled up with
FULL_RATIO_TRACKS = 10  # more tracks of one listener are not more independent witnesses

NEARNESS = (*(f"near_{k}" for k in NEIGHBOURS), "density", "centre")
PAIR_FEATURES = (
    *(f"sound_{name}" for name in NEARNESS),
    *(f"artist_sound_{name}" for name in NEARNESS),
    "sound_likelihood",
    *FEATURES,
    *(f"{name}_gap" for name in FEATURES),
    "artist_tracks",
    "artist_share",
    "listener_tracks",
    "listener_spread",
)


def pair_features(pool: Pool, space: Space, taste: Taste, candidates: Codes) -> Matrix:
    """One row per candidate, one column per name in PAIR_FEATURES; never NaN.

    A listener without tracks is measured as if the only one were the catalogue's average.
    """
    unknown = not len(taste.rows)
    weights = np.ones(1) if unknown else taste.strengths / taste.strengths.sum()
    columns: list[Matrix] = []
    for places in (pool.sound, pool.artist_sound):
        own = np.zeros((1, places.shape[1]), np.float32) if unknown else places[taste.rows]
        columns.append(_nearness(places[candidates], own, weights))
    sounds = np.zeros_like(pool.sound[:1]) if unknown else pool.sound[taste.rows]
    columns.append(_likelihood(pool.sound[candidates], sounds, weights, space))

    traits = pool.traits[candidates]
    own_traits = np.zeros_like(pool.traits[:1]) if unknown else pool.traits[taste.rows]
    centre = weights @ own_traits
    variance = weights @ (own_traits - centre) ** 2
    spread = np.sqrt((variance * len(own_traits) + PRIOR_TRACKS) / (len(own_traits) + PRIOR_TRACKS))
    by_artist = taste.tracks_by(pool.catalogue.artists[candidates])
    tracks = max(taste.artist_tracks.sum(), 1)
    about_listener = [np.log1p(len(taste.rows)), np.log(spread.mean())]
    columns += [
        traits,
        (traits - centre) / spread,
        np.column_stack([by_artist, by_artist / tracks]),
        np.tile(about_listener, (len(candidates), 1)),
    ]
    return np.column_stack(columns).astype(np.float32)


def nearest_own(places: Matrix, taste: Taste, candidates: Codes) -> Codes:
    """The row of the listener's track that lies nearest to each candidate."""
    squared = squared_distances(places[candidates], places[taste.rows])
    nearest: Codes = taste.rows[squared.argmin(axis=1)]
    return nearest


def squared_distances(points: Matrix, others: Matrix) -> Matrix:
    """Squared Euclidean distance of each point to each of the others."""
    lengths = (points**2).sum(axis=1)[:, None] + (others**2).sum(axis=1)
    squared: Matrix = np.maximum(lengths - 2 * points @ others.T, 0)
    return squared


def _nearness(places: Matrix, own: Matrix, weights: Matrix) -> Matrix:
    """Distance to the 1st, 3rd, 10th nearest track, log density, distance to the centre."""
    squared = squared_distances(places, own)
    ranks = [min(k, len(own)) - 1 for k in NEIGHBOURS]
    nearest = np.sqrt(np.partition(squared, ranks, axis=1)[:, ranks])
    density = np.log(np.exp(-squared / (2 * BANDWIDTH**2)) @ weights + 1e-9)
    centre = np.sqrt(squared_distances(places, (weights @ own)[None]))
    return np.column_stack([nearest, density, centre])


def _likelihood(places: Matrix, own: Matrix, weights: Matrix, space: Space) -> Matrix:
    """Log ratio: how much likelier a track lies here for this listener than in the catalogue.

    Of the two-covariance model: tracks scatter with variance 1 about a listener's centre, centres
    with variance `between` about the catalogue's.
    """
    places, centre = places / space.weights, weights @ own / space.weights
    tracks = min(len(own), FULL_RATIO_TRACKS)
    certainty = 1 + tracks * space.between
    expected = tracks * space.between / certainty * centre
    here, anywhere = 1 + space.between / certainty, 1 + space.between
    gain = places**2 / anywhere - (places - expected) ** 2 / here + np.log(anywhere / here)
    ratio: Matrix = gain.sum(axis=1) / 2
    return ratio
