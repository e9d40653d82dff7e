"""Worlds to test ingestion in: a simulator over HTTP, a home, and what Bronze should contain.

A poller can read what the API returns at the moments of its polls. `readable` is that of one
moment, `World.readable` the union over all polls.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from simulator import Item, Simulator, SimulatorConfig
from sonic.job import demo, stages
from sonic.job.context import Job
from sonic.settings import Settings

PLAYS = "select user_id, played_at, track_id from spotify_plays"
SAVED = "select user_id, track_id, added_at from spotify_saved_tracks"
ITEMS = """
    select user_id, playlist_id, track_id, added_at from spotify_playlist_items
    where track_id is not null
"""
FOLLOWED = "select user_id, artist_id from spotify_followed_artists"


@dataclass
class Readable:
    """What can be read of all listeners, as rows of the queries above."""

    plays: set[tuple[Any, ...]] = field(default_factory=set)
    saved: set[tuple[Any, ...]] = field(default_factory=set)
    items: set[tuple[Any, ...]] = field(default_factory=set)
    followed: set[tuple[Any, ...]] = field(default_factory=set)

    def add(self, other: "Readable") -> None:
        """Add what is readable at another moment."""
        self.plays |= other.plays
        self.saved |= other.saved
        self.items |= other.items
        self.followed |= other.followed


@dataclass
class World:
    """A simulator and a home in which all listeners have signed in.

    `readable` is what could be read at the polls so far, `polled_at` has their times.
    """

    simulator: Simulator
    settings: Settings
    readable: Readable = field(default_factory=Readable)
    polled_at: list[datetime] = field(default_factory=list)

    def job(self) -> Job:
        """Open a job as of the simulator's clock."""
        simulator = self.simulator
        return Job.open(self.settings, simulator.clock, lambda: simulator.clock)

    def sign_in(self) -> None:
        """Sign in all listeners without a usable token; switch faults off before."""
        demo.sign_in_all(self.job(), self.simulator)

    def advance(self, hours: float) -> None:
        """Let time pass."""
        self.simulator.set_clock(self.simulator.clock + timedelta(hours=hours))

    def capture(self) -> str:
        """Poll Spotify for all listeners, and remember what could be read."""
        self.readable.add(readable(self.simulator))
        self.polled_at.append(self.simulator.clock)
        return stages.capture_spotify(self.job(), lambda *_: None)

    def load(self) -> str:
        """Load all landed runs."""
        return stages.load(self.job(), lambda *_: None)

    def poll(self) -> None:
        """Capture and load."""
        self.capture()
        self.load()

    def rows(self, sql: str, pipeline: str = "spotify") -> list[tuple[Any, ...]]:
        """Return the rows of a query on Bronze."""
        return self.job().bronze.query(pipeline, sql)

    def bronze(self) -> Readable:
        """Return what is in Bronze, without duplicates."""
        plays, saved, items, followed = (
            set(self.rows(sql)) for sql in (PLAYS, SAVED, ITEMS, FOLLOWED)
        )
        return Readable(plays, saved, items, followed)

    def lost(self) -> set[tuple[Any, ...]]:
        """Return the counted plays between the first and the last poll that no poll could see.

        Plays with an invalid field are not among them.
        """
        first, last = self.polled_at[0], self.polled_at[-1]
        happened = {
            (listener.user_id, true.play.played_at, true.play.track_id)
            for listener in self.simulator.listeners
            for true in self.simulator.truth(listener.user_id)
            if not (true.play.is_skip or true.is_wrong) and first < true.play.played_at <= last
        }
        return happened - self.readable.plays

    def calls(self) -> dict[str, int]:
        """Count the calls of each listener so far."""
        calls = self.simulator.calls
        return {
            listener.user_id: sum(calls.get(listener.user_id, {}).values())
            for listener in self.simulator.listeners
        }


@contextmanager
def world(home: Path, **options: Any) -> Iterator[World]:
    """Start a simulator with the options of `SimulatorConfig`, and sign all listeners in."""
    config = SimulatorConfig(**{"listeners": 2, "catalogue_size": 2_000, **options})
    with Simulator(config) as simulator:
        settings = demo.pointed_at(Settings(_env_file=None, home=home), simulator)
        found = World(simulator, settings)
        found.sign_in()
        yield found


def readable(simulator: Simulator) -> Readable:
    """Return what the API returns now, without items that faults make invalid."""
    found, faults = Readable(), simulator.faults
    for user_id, library in (
        (listener.user_id, simulator.world.library(listener.user_id))
        for listener in simulator.listeners
    ):
        found.plays |= {
            (user_id, true.play.played_at, true.play.track_id)
            for true in simulator.truth(user_id)
            if true.is_reachable and not true.is_wrong
        }
        found.saved |= {
            (user_id, item.track_id, item.added_at)
            for item in library.saved_tracks(simulator.clock)
            if _is_readable(simulator, item, "saved")
        }
        found.items |= {
            (user_id, playlist.playlist_id, item.track_id, item.added_at)
            for playlist in library.playlists(simulator.clock)
            if playlist.is_readable_by(user_id)
            and not faults.is_wrong("playlists", playlist.playlist_id)
            for item in playlist.items
            if _is_readable(simulator, item, playlist.playlist_id)
            and not faults.of_item(*item.key(playlist.playlist_id))
        }
        found.followed |= {
            (user_id, artist.artist_id)
            for artist in library.followed_artists(simulator.clock)
            if not faults.is_wrong("followed", artist.artist_id)
        }
    return found


def _is_readable(simulator: Simulator, item: Item, list_name: str) -> bool:
    return item.kind == "track" and not simulator.faults.is_wrong(*item.key(list_name))
