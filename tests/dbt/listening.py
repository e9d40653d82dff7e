"""The plays of the listeners of a random world, one day at a time.

Plays are near midnight, in chains without a pause, at one instant or on repeat far more often than
real ones: increments go wrong at the borders of days.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tests.dbt.songs import Songs

DAY = timedelta(days=1)
# Midnight UTC, and those of Berlin, New York, Kolkata and Kiritimati.
MIDNIGHTS = (0, 0, 0, 22, 23, 4, 18.5, 10)
PAUSE = timedelta(minutes=40)
SILENCES = (0, 0, 4, 200, 1799, 1800, 1801)  # seconds; a session ends after 1800


@dataclass(frozen=True)
class Play:
    """A play: its end, its length and its track; a local file has no id."""

    user_id: str
    ended_at: datetime
    ms_played: int
    track_id: str | None
    context_uri: str | None = None

    @property
    def is_local(self) -> bool:
        return self.track_id is None

    @property
    def is_long(self) -> bool:
        return self.ms_played > 3_600_000

    def covers(self, other: "Play") -> bool:
        """Return whether the other play ended during this one, or just before or after."""
        started_at = self.ended_at - timedelta(milliseconds=self.ms_played)
        return started_at - PAUSE < other.ended_at < self.ended_at + PAUSE


@dataclass
class Day:
    """One day of one listener."""

    rng: Random
    songs: Songs
    user_id: str
    start: datetime

    def plays(self, style: str) -> list[Play]:
        """Return the plays; the last ones may end on the next day."""
        if style == "sparse":
            patterns = [(self.lonely, 0.7)]
        else:
            patterns = [
                (self.session, 0.6),
                (self.midnight, 0.6),
                (self.long, 0.3),
                (self.chain, 0.15),
                (self.twice, 0.3),
                (self.repeat, 0.3),
            ]
        chosen = [pattern for pattern, share in patterns if self.rng.random() < share]
        return [play for pattern in chosen for play in pattern()]

    def fitting(self, plays: list[Play], before: list[Play]) -> list[Play]:
        """Return the plays that are possible: there is no other play during a long one."""
        kept: list[Play] = []
        for play in sorted(plays, key=lambda each: not each.is_long):
            others = [*before, *kept]
            if not any(
                long.covers(short)
                for other in others
                for long, short in ((play, other), (other, play))
                if long.is_long
            ):
                kept.append(play)
        return kept

    def session(self) -> Iterator[Play]:
        ended_at = self._at(24 * self.rng.random())
        for _ in range(self.rng.randint(2, 6)):
            seconds = self.rng.choice([10, 29, 30, 180, 240])
            ended_at += timedelta(seconds=seconds + self.rng.choice(SILENCES))
            yield self._play(ended_at, seconds)

    def midnight(self) -> Iterator[Play]:
        """Play over a midnight; the next capture may come in the middle."""
        hour = self.rng.choice(MIDNIGHTS) or 24
        ended_at = self._at(hour) - timedelta(seconds=self.rng.randint(60, 1500))
        for _ in range(self.rng.randint(3, 8)):
            seconds = self.rng.randint(40, 300)
            ended_at += timedelta(seconds=seconds)
            yield self._play(ended_at, seconds)

    def long(self) -> Iterator[Play]:
        """Play one track into the next day, or the day after it."""
        started_at, hours = self._at(20 + 4 * self.rng.random()), self.rng.randint(4, 27)
        yield self._play(started_at + timedelta(hours=hours), hours * 3600)

    def chain(self) -> Iterator[Play]:
        """Play for more than a day without a silence that ends a session."""
        ended_at = self._at(12 * self.rng.random())
        for _ in range(self.rng.randint(50, 62)):
            ended_at += timedelta(seconds=self.rng.choice([1700, 1799, 1800]))
            yield self._play(ended_at, self.rng.choice([30, 200]))

    def twice(self) -> Iterator[Play]:
        """Play two tracks that end at one instant."""
        ended_at = self._at(24 * self.rng.random())
        first = self._play(ended_at, 100)
        yield first
        track_id = self.songs.any_played()
        if track_id != first.track_id:
            yield Play(self.user_id, ended_at, 45_000, track_id)

    def repeat(self) -> Iterator[Play]:
        """Play one minute again and again."""
        track_id, ended_at = self.songs.any_played(), self._at(24 * self.rng.random())
        for _ in range(self.rng.randint(4, 14)):
            ended_at += timedelta(seconds=60)
            yield Play(self.user_id, ended_at, 60_000, track_id)

    def lonely(self) -> Iterator[Play]:
        """Play once near midnight; it may be the only play of the day."""
        yield self._play(self._at(24) + timedelta(seconds=self.rng.randint(-50, 50)), 100)

    def _at(self, hour: float) -> datetime:
        instant = self.start + timedelta(hours=hour)
        return instant.replace(microsecond=1000 * self.rng.randrange(1000))

    def _play(self, ended_at: datetime, seconds: int) -> Play:
        track_id = self.songs.any_played() if self.rng.random() > 0.07 else None
        context = self.rng.choice(
            [None, f"spotify:playlist:{self.user_id}-mix", "spotify:album:b1"]
        )
        return Play(self.user_id, ended_at, seconds * 1000, track_id, context)
