"""Pair features: how a listener and a candidate relate, as numbers.

- How near the candidate is to the listener's tracks in each learned space.
- The candidate's traits, and their gaps to the listener's.
- The listener's share of tracks from about the candidate's year.
- How similar the titles are, and those of the artists.
- The listener's tracks by the candidate's artist, and how the listener chooses tracks.
- Guests and remixers in titles, and what similar listeners have.
"""

import numpy as np

from ml.arrays import Floats, Ids, squared_distances
from ml.dataset.credits import CREDIT_FEATURES
from ml.dataset.features import FEATURES
from ml.dataset.profiles import ListenerProfile
from ml.embedding.embedded_catalogue import SOUND, SOUND_YEAR, SPACES, EmbeddedCatalogue
from ml.embedding.space import Space
from ml.pairs.habits import HABIT_FEATURES, habit_features
from ml.pairs.peers import PEER_FEATURES, Neighbourhood
from ml.pairs.same_artist import ARTIST_FEATURES, artist_features
from ml.pairs.years import YEAR_FEATURES, year_features

NEIGHBOURS = (1, 3, 10)
CLOSEST_TITLES = (1, 3)
BANDWIDTH = 0.5  # of the density estimate, in units of the space
PRIOR_TRACKS = 4  # of average variance, added to a listener's own
FULL_RATIO_TRACKS = 10  # more tracks of one listener are not more independent evidence

NEARNESS = (*(f"near_{k}" for k in NEIGHBOURS), "density", "centre", "likelihood")
LISTENER_FEATURES = ("listener_tracks", "listener_spread")
COSINES = (*(f"near_{k}" for k in CLOSEST_TITLES), "mean")
TITLE_FEATURES = tuple(f"{of}_{name}" for of in ("titles", "artist_titles") for name in COSINES)
IN_SPACE = {space: tuple(f"{space}_{name}" for name in NEARNESS) for space in SPACES}
PAIR_FEATURES = (
    *(name for space in SPACES for name in IN_SPACE[space]),
    *FEATURES,
    *(f"{name}_gap" for name in FEATURES),
    *YEAR_FEATURES,
    *LISTENER_FEATURES,
    *TITLE_FEATURES,
    *ARTIST_FEATURES,
    *HABIT_FEATURES,
    *CREDIT_FEATURES,
    *PEER_FEATURES,
)

ACOUSTIC, ACOUSTIC_YEAR, ALL = "acoustic only", "acoustic + year", "all inputs"
_SOUNDS = tuple(name for name in FEATURES if name != "year")
_ACOUSTIC = (*IN_SPACE[SOUND], *_SOUNDS, *(f"{name}_gap" for name in _SOUNDS), *LISTENER_FEATURES)
INPUTS = {  # which pair features a ranker may read
    ACOUSTIC: _ACOUSTIC,
    ACOUSTIC_YEAR: (*_ACOUSTIC, *IN_SPACE[SOUND_YEAR], "year", "year_gap", *YEAR_FEATURES),
    ALL: PAIR_FEATURES,
}


def pair_features(
    embedded: EmbeddedCatalogue,
    neighbourhood: Neighbourhood,
    profile: ListenerProfile,
    candidates: Ids,
) -> Floats:
    """Compute the pair features of one listener and many candidates.

    Args:
        embedded: The catalogue.
        neighbourhood: What other listeners have: see `Interactions.neighbourhood`.
        profile: The listener; one without tracks counts as having one average track.
        candidates: (candidates,), rows of the catalogue.

    Returns:
        (candidates, PAIR_FEATURES), never NaN.
    """
    unknown = not len(profile.rows)
    weights = np.ones(1) if unknown else profile.strengths / profile.strengths.sum()
    columns: list[Floats] = []
    for name, coordinates in embedded.coordinates.items():
        own = (
            np.zeros((1, coordinates.shape[1]), np.float32)
            if unknown
            else coordinates[profile.rows]
        )
        columns.append(
            _nearness(coordinates[candidates], own, weights, embedded.spaces.learned[name])
        )

    traits = embedded.traits[candidates]
    own_traits = np.zeros_like(embedded.traits[:1]) if unknown else embedded.traits[profile.rows]
    centre = weights @ own_traits
    variance = weights @ (own_traits - centre) ** 2
    spread = np.sqrt((variance * len(own_traits) + PRIOR_TRACKS) / (len(own_traits) + PRIOR_TRACKS))
    of_listener = [np.log1p(len(profile.rows)), np.log(spread.mean())]
    artists = embedded.catalogue.artists
    columns += [
        traits,
        (traits - centre) / spread,
        year_features(embedded, profile, candidates),
        np.tile(of_listener, (len(candidates), 1)),
        _cosines(embedded.titles[candidates], embedded.titles[profile.rows], weights),
        _cosines(
            embedded.artist_titles[artists[candidates]],
            embedded.artist_titles[artists[profile.rows]],
            weights,
        ),
        artist_features(embedded, profile, candidates),
        habit_features(embedded, neighbourhood, profile, candidates),
        embedded.credits.features(embedded.catalogue, profile, candidates),
        neighbourhood.features(embedded.catalogue, candidates),
    ]
    return np.hstack(columns).astype(np.float32)


def nearest_own(coordinates: Floats, profile: ListenerProfile, candidates: Ids) -> Ids:
    """Find the listener's track nearest to each candidate.

    Args:
        coordinates: (tracks, dimensions), in one of the spaces.
        profile: A listener with at least one track.
        candidates: (candidates,), rows of the catalogue.

    Returns:
        (candidates,), rows of the catalogue.
    """
    squared = squared_distances(coordinates[candidates], coordinates[profile.rows])
    nearest: Ids = profile.rows[squared.argmin(axis=1)]
    return nearest


def _cosines(vectors: Floats, own: Floats, weights: Floats) -> Floats:
    """Cosine to the 1st and the 3rd closest of the listener's, and the mean; 0 without any."""
    if not len(own):
        return np.zeros((len(vectors), len(COSINES)))
    cosines = vectors @ own.T
    ranks = [len(own) - min(k, len(own)) for k in CLOSEST_TITLES]
    closest = np.partition(cosines, ranks, axis=1)[:, ranks]
    return np.column_stack([closest, cosines @ weights])


def _nearness(coordinates: Floats, own: Floats, weights: Floats, space: Space) -> Floats:
    """Distances to the 1st, 3rd and 10th nearest track, log density, to the centre, likelihood."""
    squared = squared_distances(coordinates, own)
    ranks = [min(k, len(own)) - 1 for k in NEIGHBOURS]
    nearest = np.sqrt(np.partition(squared, ranks, axis=1)[:, ranks])
    density = np.log(np.exp(-squared / (2 * BANDWIDTH**2)) @ weights + 1e-9)
    centre = np.sqrt(squared_distances(coordinates, (weights @ own)[None]))
    likelihood = _likelihood(coordinates, own, weights, space)
    return np.column_stack([nearest, density, centre, likelihood])


def _likelihood(coordinates: Floats, own: Floats, weights: Floats, space: Space) -> Floats:
    """Log likelihood ratio: a track of this listener against a track of the catalogue.

    By the two-covariance model: tracks have variance 1 about their listener's centre, and the
    centres have variance `between` about the catalogue's centre.
    """
    coordinates, centre = coordinates / space.weights, weights @ own / space.weights  # not shrunk
    tracks = min(len(own), FULL_RATIO_TRACKS)
    certainty = 1 + tracks * space.between
    expected = tracks * space.between / certainty * centre
    here, anywhere = 1 + space.between / certainty, 1 + space.between
    gain = (
        coordinates**2 / anywhere - (coordinates - expected) ** 2 / here + np.log(anywhere / here)
    )
    ratio: Floats = gain.sum(axis=1) / 2
    return ratio
