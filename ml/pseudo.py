"""Made-up listeners, so that a ranker can be trained where nobody has listened yet."""

import numpy as np

from ml.catalogue import Catalogue, Codes
from ml.features import FEATURES
from ml.pool import SOUND_YEAR, Spaces
from ml.space import Matrix

LEAST_TRACKS = 5  # nobody with fewer tracks teaches anything
MOST_TASTES = 3  # circles of similar artists in one pseudo-listener
MOST_ARTISTS = 40  # in one circle
REACH = 40  # a circle of n artists is drawn from the 40 n nearest ones
STOP_AFTER_TRACK = 0.4  # chance that a pseudo-listener knows no further track of an artist


def pseudo_listeners(
    catalogue: Catalogue,
    columns: Matrix,
    spaces: Spaces,
    count: int,
    rng: np.random.Generator,
) -> list[Codes]:
    """Rows of tracks that one listener might like: a few of each of many similar artists.

    `columns` are those of `ml.pool.Scale`. Each listener is drawn round one to three artists, who
    are the likelier the more tracks they have in the catalogue; artists are similar whose
    tracks lie near each other by sound and year. A catalogue too small for
    that is one listener's.
    """
    tracks = np.diff(catalogue.artist_bounds)
    places = _artist_places(catalogue, columns, spaces)
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


def _artist_places(catalogue: Catalogue, columns: Matrix, spaces: Spaces) -> Matrix:
    """Where each artist's tracks lie on average, by sound and year."""
    first = catalogue.rows_by_artist[catalogue.artist_bounds[:-1]]
    by_artist = columns[first, len(FEATURES) : 2 * len(FEATURES)]
    return spaces.learned[SOUND_YEAR].place(by_artist)


def _similar_artists(places: Matrix, centre: int, rng: np.random.Generator) -> Codes:
    wanted = min(int(rng.integers(2, MOST_ARTISTS)), len(places))
    reach = min(wanted * REACH, len(places))
    distance = ((places - places[centre]) ** 2).sum(axis=1)
    near = np.sort(np.argpartition(distance, reach - 1)[:reach])
    return np.append(rng.choice(near, size=wanted, replace=False), centre)
