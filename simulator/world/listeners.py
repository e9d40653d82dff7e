"""The listeners: who they are, where they live and what they like.

A taste is a core of tracks that are played often, in order of artists, and a rim of tracks that
sound like them. It is an acoustic neighbourhood of the catalogue, or a playlist of a given file.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulator.world import ids
from simulator.world.catalogue import Catalogue
from simulator.world.files import read_columns
from simulator.world.names import Namer

Points = npt.NDArray[np.float32]
_HOMES = (
    ("Europe/Berlin", "DE"),
    ("America/New_York", "US"),
    ("Asia/Tokyo", "JP"),
    ("Europe/Lisbon", "PT"),
    ("America/Sao_Paulo", "BR"),
    ("Australia/Sydney", "AU"),
    ("Asia/Kolkata", "IN"),
    ("America/Los_Angeles", "US"),
    ("Europe/London", "GB"),
    ("Africa/Johannesburg", "ZA"),
    ("America/Denver", "US"),
    ("Europe/Helsinki", "FI"),
)
_NAMELESS = 3  # this listener has no display name, as Spotify allows
_PLAYLIST_COLUMNS = (
    "playlist_id", "playlist_name", "playlist_genre", "playlist_subgenre", "track_id",
    "track_popularity",
)  # fmt: skip
_MIN_TRACKS = 20
_MAIN_ARTISTS, _SIDE_ARTISTS = 12, 4
_TRACKS_OF_ARTIST = 12
_RIM_SIZE = 300


@dataclass(frozen=True, slots=True)
class Taste:
    """What a listener likes: track ids, and the name of their playlist of the core."""

    name: str
    core: tuple[str, ...]
    rim: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listener:
    """A person with an account.

    `wake_hour` shifts the day by hours, `pace` (0–1) is how much music they play, `skip_rate` the
    share of plays that end within 30 seconds.
    """

    user_id: str
    account_id: str
    display_name: str | None
    time_zone: str
    country: str
    taste: Taste
    wake_hour: float
    pace: float
    skip_rate: float

    @property
    def zone(self) -> ZoneInfo:
        """The time zone the listener lives in."""
        return ZoneInfo(self.time_zone)

    def playlist_id(self, key: str) -> str:
        """Return the id of one of the listener's playlists."""
        return ids.spotify_id(self.user_id, "playlist", key)


def make_listeners(seed: int, tastes: Sequence[Taste]) -> list[Listener]:
    """Make one listener per taste; more tastes do not change the first listeners."""
    namer = Namer(ids.stream(seed, "people"))
    listeners = []
    for number, taste in enumerate(tastes):
        dice = ids.stream(seed, "listener", number)
        zone, country = _HOMES[number % len(_HOMES)]
        name = namer.person()
        listeners.append(
            Listener(
                user_id=f"31{ids.spotify_id(seed, 'user', number).lower()}",
                account_id=ids.spotify_id(seed, "account", number)[-10:],
                display_name=None if number == _NAMELESS else name,
                time_zone=zone,
                country=country,
                taste=taste,
                wake_hour=dice.choice((-1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5)),
                pace=dice.uniform(0.35, 0.95),
                skip_rate=dice.uniform(0.06, 0.18),
            )
        )
    return listeners


def acoustic_tastes(catalogue: Catalogue, seed: int, count: int) -> list[Taste]:
    """Choose distinct tastes: artists near a main and a side anchor, far from earlier tastes."""
    artist_of, _ = pd.factorize(catalogue.first_artists)
    sizes = np.bincount(artist_of)
    centres = pd.DataFrame(catalogue.space).groupby(artist_of).mean().to_numpy()
    namer = Namer(ids.stream(seed, "tastes"))
    anchors: list[Points] = []
    tastes = []
    for number in range(count):
        dice = ids.stream(seed, "taste", number)
        main = _far_anchor(dice, centres, sizes, anchors)
        anchors.append(main)
        side = _far_anchor(dice, centres, sizes, [])
        near = [*_nearest(centres, main, _MAIN_ARTISTS), *_nearest(centres, side, _SIDE_ARTISTS)]
        core = [
            row
            for artist in dict.fromkeys(near)
            for row in np.flatnonzero(artist_of == artist)[:_TRACKS_OF_ARTIST].tolist()
        ]
        tastes.append(_taste(catalogue, namer.playlist(), core))
    return tastes


def playlist_tastes(catalogue: Catalogue, seed: int, count: int, path: str | Path) -> list[Taste]:
    """Use playlists of a file as tastes: `count` of those with at least 20 known tracks.

    Raises:
        ValueError: The file lacks a column, or too few playlists have enough known tracks.
    """
    required = ("playlist_id", "playlist_name", "track_id")
    text = tuple(name for name in _PLAYLIST_COLUMNS if name != "track_popularity")
    entries = read_columns(path, _PLAYLIST_COLUMNS, required, text)
    entries = entries[entries["track_id"].map(lambda track_id: track_id in catalogue)]
    entries = entries.drop_duplicates(["playlist_id", "track_id"]).sort_values("playlist_id")
    fitting = [
        (str(playlist["playlist_name"].iloc[0]), playlist["track_id"].tolist())
        for _, playlist in entries.groupby("playlist_id")
        if len(playlist) >= _MIN_TRACKS
    ]
    if len(fitting) < count:
        raise ValueError(
            f"{path}: {len(fitting)} playlists have {_MIN_TRACKS} or more tracks in the catalogue, "
            f"{count} are needed"
        )
    ids.stream(seed, "playlists").shuffle(fitting)
    return [
        _taste(catalogue, name, sorted(catalogue.rows(tracks), key=catalogue.first_artists.item))
        for name, tracks in fitting[:count]
    ]


def _taste(catalogue: Catalogue, name: str, core: Sequence[int]) -> Taste:
    """Add to a core of rows the rim: the tracks nearest to its acoustic median."""
    centre = np.median(catalogue.space[core], axis=0)
    around = _nearest(catalogue.space, centre, _RIM_SIZE + len(core))
    rim = [row for row in around.tolist() if row not in set(core)]
    return Taste(
        name=name,
        core=tuple(catalogue.track_ids[row] for row in core),
        rim=tuple(catalogue.track_ids[row] for row in rim[:_RIM_SIZE]),
    )


def _far_anchor(
    dice: random.Random,
    centres: Points,
    sizes: npt.NDArray[np.intp],
    others: Sequence[Points],
) -> Points:
    """Draw some artists with several tracks and keep the one farthest from the other anchors."""
    known = np.flatnonzero(sizes >= min(5, sizes.max())).tolist()
    drawn: list[Points] = [centres[dice.choice(known)] for _ in range(12)]
    return max(
        drawn,
        key=lambda point: min(
            (float(np.linalg.norm(point - other)) for other in others), default=0
        ),
    )


def _nearest(points: Points, centre: Points, count: int) -> npt.NDArray[np.intp]:
    """Find the rows nearest to a centre, nearest first."""
    distance = ((points - centre) ** 2).sum(axis=1)
    return np.argsort(distance, kind="stable")[:count]
