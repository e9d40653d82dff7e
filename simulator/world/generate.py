"""Generates a catalogue: artists of many styles, whose tracks sound alike.

Features are drawn in logit space as style + artist + track, and correlate as in real catalogues:
energy raises loudness and lowers acousticness, danceability raises valence.
"""

import random
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from simulator.world import ids
from simulator.world.music import COLUMNS
from simulator.world.names import Namer
from simulator.world.styles import STYLES, Style

_LATENT = ("danceability", "energy", "speechiness", "acousticness", "instrumentalness", "valence")
_ARTIST_SPREAD = np.array([0.35, 0.45, 0.55, 0.70, 1.30, 0.50])
_TRACK_SPREAD = np.array([0.30, 0.40, 0.45, 0.55, 1.20, 0.55])
_KEY_SHARES = np.array([12, 10, 11, 4, 8, 8, 7, 12, 6, 10, 6, 9]) / 103  # C, G, D, A are common
_NEWEST_YEAR = 2026


class _Album(NamedTuple):
    artist: int
    name: str
    year: int
    precision: int
    count_tracks: int


def generate_tracks(seed: int, size: int) -> pd.DataFrame:
    """Generate `size` tracks in the Kaggle columns, about 16 per artist; the same for a seed.

    One in a hundred is a re-release: the same recording with a second id on a deluxe edition.
    """
    dice = ids.stream(seed, "catalogue")
    rng = np.random.default_rng(ids.digest(seed, "catalogue"))
    namer = Namer(dice)
    styles, artists, albums = _discographies(dice, namer, size - size // 100)
    album_of = np.repeat(np.arange(len(albums)), [album.count_tracks for album in albums])
    artist_of = np.array([album.artist for album in albums])[album_of]
    frame = _features(rng, [STYLES[name] for name in styles], artist_of)
    titles = [STYLES[styles[artist]].titles for artist in artist_of]
    frame["name"] = [
        namer.title(kind, key, mode)
        for kind, key, mode in zip(titles, frame["key"], frame["mode"], strict=True)
    ]
    guests = _guests(dice, styles, artist_of)
    credited = [
        [artist] if guest is None else [artist, guest]
        for artist, guest in zip(artist_of, guests, strict=True)
    ]
    artist_ids = [ids.spotify_id(seed, "artist", number) for number in range(len(artists))]
    frame["artists"] = [str([artists[artist] for artist in row]) for row in credited]
    frame["artist_ids"] = [str([artist_ids[artist] for artist in row]) for row in credited]
    album_ids = [ids.spotify_id(seed, "album", number) for number in range(len(albums))]
    frame["album"] = [albums[album].name for album in album_of]
    frame["album_id"] = [album_ids[album] for album in album_of]
    frame["track_number"] = frame.groupby("album_id", sort=False).cumcount() + 1
    frame["disc_number"] = 1
    frame["year"] = [albums[album].year for album in album_of]
    dates = [_release_date(dice, album) for album in albums]
    frame["release_date"] = [dates[album] for album in album_of]
    frame = pd.concat([frame, _reissues(rng, frame, size // 100)], ignore_index=True)
    frame["id"] = [ids.spotify_id(seed, "track", number) for number in range(len(frame))]
    return frame[list(COLUMNS)]


def _discographies(
    dice: random.Random, namer: Namer, size: int
) -> tuple[list[str], list[str], list[_Album]]:
    """Generate artists, each with a style and some albums, until there are enough tracks."""
    shares = [style.share for style in STYLES.values()]
    styles: list[str] = []
    artists: list[str] = []
    albums: list[_Album] = []
    while size > 0:
        name = dice.choices(list(STYLES), shares)[0]
        style = STYLES[name]
        debut = dice.gauss(style.year, style.years)
        for number in range(dice.choice((1, 1, 2, 2, 3, 4))):
            most = min(size, dice.choice((1, 2, 5, 9, 10, 11, 12, 14)))
            year = round(debut + number * dice.uniform(1, 3))
            year = max(1950, _NEWEST_YEAR - abs(_NEWEST_YEAR - year))
            precision = dice.choices((4, 7, 10), (15, 2, 83))[0]
            if most:
                albums.append(_Album(len(artists), namer.album(), year, precision, most))
            size -= most
        styles.append(name)
        artists.append(namer.artist(style.artists))
    return styles, artists, albums


def _features(
    rng: np.random.Generator, styles: Sequence[Style], artist_of: npt.NDArray[np.intp]
) -> pd.DataFrame:
    """Draw the acoustic features of each track from its artist's style."""
    count = len(artist_of)
    mean = np.array([[getattr(style, name) for name in _LATENT] for style in styles])
    of_artist = rng.normal(0, 1, mean.shape) * _ARTIST_SPREAD
    own = (of_artist[artist_of] + rng.normal(0, 1, (count, len(_LATENT))) * _TRACK_SPREAD).T
    dance, energy, _, acoustic, _, valence = own
    acoustic -= 0.9 * energy
    valence += 0.3 * energy + 0.4 * dance
    logits = np.log(mean / (1 - mean))[artist_of].T + own
    value = dict(zip(_LATENT, 1 / (1 + np.exp(-logits)), strict=True))
    level = rng.normal(0, 1.6, len(styles))[artist_of] + rng.normal(0, 1.2, count)
    pace = np.array([style.tempo for style in styles]) * rng.normal(1, 0.06, len(styles))
    tempo = np.clip(pace[artist_of] * rng.normal(1, 0.10, count), 48, 212)
    minutes = np.array([style.minutes for style in styles])[artist_of]
    live = rng.random(count) < 0.08
    liveness = np.where(live, rng.beta(4, 2, count), 0.05 + 0.6 * rng.beta(1.3, 9, count))
    explicit = np.array([style.explicit for style in styles])[artist_of]
    return pd.DataFrame(
        {
            "danceability": value["danceability"].round(3),
            "energy": value["energy"].round(3),
            "key": rng.choice(12, count, p=_KEY_SHARES),
            "loudness": (-3.2 - 16 * (1 - value["energy"]) ** 1.3 + level).round(3),
            "mode": (rng.random(count) < 0.64).astype(int),
            "speechiness": (0.023 + 0.95 * value["speechiness"]).round(4),
            "acousticness": value["acousticness"].round(4),
            "instrumentalness": _sparse(value["instrumentalness"]),
            "liveness": liveness.round(3),
            "valence": value["valence"].round(3),
            "tempo": np.where(rng.random(count) < 0.002, 0, tempo).round(3),
            "duration_ms": (minutes * rng.lognormal(0, 0.22, count) * 60_000).astype(int),
            "time_signature": rng.choice([4, 3, 5], count, p=[0.92, 0.07, 0.01]),
            "explicit": rng.random(count) < explicit,
        }
    )


def _sparse(instrumentalness: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Set small values to 0, as in most tracks with vocals."""
    return np.where(instrumentalness < 5e-4, 0.0, instrumentalness).round(5)


def _guests(
    dice: random.Random, styles: Sequence[str], artist_of: npt.NDArray[np.intp]
) -> list[int | None]:
    """Choose a second credited artist of the same style for one track in ten."""
    peers: dict[str, list[int]] = {}
    for artist, style in enumerate(styles):
        peers.setdefault(style, []).append(artist)
    guests: list[int | None] = []
    for artist in artist_of:
        guest = dice.choice(peers[styles[artist]]) if dice.random() < 0.1 else artist
        guests.append(None if guest == artist else guest)
    return guests


def _release_date(dice: random.Random, album: _Album) -> str:
    """Format a release date with the album's precision: year, month or day."""
    month = dice.randint(1, 6 if album.year == _NEWEST_YEAR else 12)
    return f"{album.year}-{month:02d}-{dice.randint(1, 28):02d}"[: album.precision]


def _reissues(rng: np.random.Generator, frame: pd.DataFrame, count: int) -> pd.DataFrame:
    """Copy some tracks to deluxe editions of their albums."""
    copies = frame.iloc[np.sort(rng.choice(len(frame), count, replace=False))].copy()
    copies["album"] += " (Deluxe Edition)"
    copies["album_id"] = [ids.spotify_id("deluxe", album_id) for album_id in copies["album_id"]]
    return copies
