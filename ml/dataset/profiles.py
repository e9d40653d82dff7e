"""Listener profiles: the tracks that a listener likes, and all songs that are not new to them."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ml.arrays import Bools, Floats, Ids, squared_distances
from ml.dataset.catalogue import Catalogue

MAX_TRACKS = 400  # the strongest ones of a listener; more take time and add little


@dataclass(frozen=True)
class ListenerProfile:
    """One listener, real or synthetic, in rows and codes of a catalogue."""

    rows: Ids  # one row per song, ascending
    strengths: Floats  # (rows,)
    artists: Ids  # artists of all tracks of the listener, ascending
    artist_tracks: Ids  # (artists,): how many of the listener's tracks are by each
    known_songs: Ids
    known_isrcs: Ids
    uses_typical_tracks: bool = False  # see `with_typical_tracks`

    def tracks_by(self, artists: Ids) -> Ids:
        """(artists,): how many of the listener's tracks are by each of the given artists."""
        if not len(self.artists):
            return np.zeros(len(artists), dtype=np.int64)
        position = np.searchsorted(self.artists, artists).clip(max=len(self.artists) - 1)
        return np.where(self.artists[position] == artists, self.artist_tracks[position], 0)

    def with_known(self, catalogue: Catalogue, rows: Ids) -> "ListenerProfile":
        """The same profile in which the tracks of these rows are known, too."""
        return replace(
            self,
            known_songs=np.union1d(self.known_songs, catalogue.songs[rows]),
            known_isrcs=np.union1d(self.known_isrcs, _present(catalogue.isrcs[rows])),
        )

    def with_typical_tracks(self, catalogue: Catalogue, vectors: Floats) -> "ListenerProfile":
        """Give a listener without tracks in the catalogue a typical track of each played artist.

        A typical track is the nearest one to the artist's mean. It counts as known, since the
        listener may know it.

        Args:
            catalogue: The catalogue that the profile refers to.
            vectors: (tracks, dimensions), the coordinates of the tracks.

        Returns:
            The profile itself where it has tracks, or no artists.
        """
        if len(self.rows) or not len(self.artists):
            return self
        most_played = self.artists[np.argsort(-self.artist_tracks, kind="stable")][:MAX_TRACKS]
        rows = np.sort([_typical(vectors, catalogue.by_artist.rows_of(a)) for a in most_played])
        strengths = np.ones(len(rows), dtype=np.float32)
        profile = replace(self, rows=rows, strengths=strengths, uses_typical_tracks=True)
        return profile.with_known(catalogue, rows)

    def is_new(self, catalogue: Catalogue, rows: Ids) -> Bools:
        """(rows,): whether a track is new under any id: neither its song nor its ISRC is known.

        Track ids need no check: the song of a known id is a known song.
        """
        known_song = np.isin(catalogue.songs[rows], self.known_songs)
        return ~known_song & ~np.isin(catalogue.isrcs[rows], self.known_isrcs)


NOTHING = np.empty(0, dtype=np.int64)
NO_PROFILE = ListenerProfile(
    NOTHING, NOTHING.astype(np.float32), NOTHING, NOTHING, NOTHING, NOTHING
)


def profile_of_rows(catalogue: Catalogue, rows: Ids) -> ListenerProfile:
    """The profile of a listener who likes these tracks equally and knows no others.

    Args:
        catalogue: The catalogue that the rows refer to.
        rows: One row per song, in any order.
    """
    rows = np.sort(rows)
    artists, counts = np.unique(catalogue.artists[rows], return_counts=True)
    return ListenerProfile(
        rows=rows[:MAX_TRACKS],
        strengths=np.ones(len(rows), dtype=np.float32)[:MAX_TRACKS],
        artists=artists,
        artist_tracks=counts,
        known_songs=np.unique(catalogue.songs[rows]),
        known_isrcs=np.unique(_present(catalogue.isrcs[rows])),
    )


def listener_profiles(catalogue: Catalogue, signal: pd.DataFrame) -> dict[str, ListenerProfile]:
    """The profile of each listener.

    Args:
        catalogue: The catalogue that the profiles refer to.
        signal: The columns of `ml_listener_signal`; rows in any order.

    Returns:
        Profiles by `user_id`, ascending. A listener without tracks in the catalogue has no rows,
        but known songs.
    """
    ordered = signal.sort_values(["user_id", "track_id"], kind="stable")
    located = catalogue.locate(ordered.reset_index(drop=True))
    strongest = _strongest(catalogue, located[located["row"] >= 0])
    chosen = dict(iter(strongest.groupby("user_id")))
    return {
        str(user_id): _profile(catalogue, tracks, chosen.get(user_id, strongest.head(0)))
        for user_id, tracks in located.groupby("user_id", sort=True)
    }


def _strongest(catalogue: Catalogue, tracks: pd.DataFrame) -> pd.DataFrame:
    """One row per listener and song: the strongest songs of each listener, in catalogue order."""
    order = ["user_id", "strength", "row"]
    songs = (
        tracks.assign(own_song=catalogue.songs[tracks["row"]])
        .sort_values(order, ascending=[True, False, True], kind="stable")
        .drop_duplicates(["user_id", "own_song"])
    )
    return songs[songs.groupby("user_id").cumcount() < MAX_TRACKS].sort_values("row")


def _profile(
    catalogue: Catalogue, tracks: pd.DataFrame, strongest: pd.DataFrame
) -> ListenerProfile:
    rows = tracks.loc[tracks["row"] >= 0, "row"].to_numpy()
    artists, counts = np.unique(_present(tracks["artist"].to_numpy()), return_counts=True)
    return ListenerProfile(
        rows=strongest["row"].to_numpy(),
        strengths=strongest["strength"].to_numpy(dtype=np.float32),
        artists=artists,
        artist_tracks=counts,
        known_songs=np.union1d(tracks["song"], catalogue.songs[rows]),
        known_isrcs=_present(np.union1d(tracks["isrc_code"], catalogue.isrcs[rows])),
    )


def _typical(vectors: Floats, rows: Ids) -> int:
    """The row nearest to the mean of the rows; the first of equally near ones."""
    own = vectors[rows]
    return int(rows[squared_distances(own, own.mean(axis=0)[None])[:, 0].round(3).argmin()])


def _present(codes: Ids) -> Ids:
    return codes[codes >= 0]
