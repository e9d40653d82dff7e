"""The plays of listeners: a pure function of seed, listener and day.

Each day has a random stream of its own, so a new day never changes the plays of earlier ones. Days
are generated on demand.
"""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, islice

from simulator.world import ids
from simulator.world.catalogue import Catalogue
from simulator.world.listeners import Listener
from simulator.world.music import Artist, Track

SKIP_MS = 30_000
"""A shorter play counts as skipped, in ms."""
HELD = 50
"""How many plays of a listener the API keeps."""
TERM_DAYS = {"short_term": 28, "medium_term": 182, "long_term": 365}
"""How many days the top lists cover."""

# At most one session in each part of the day (local hours), at most 9 plays in each. So any 24
# hours have at most five sessions, and polling once a day never loses a play, except on marathons.
_PART_STARTS = (6, 11, 16, 21, 30)
_SESSION_PLAYS = (4, 9)
_MARATHON_PLAYS = 40  # in each part
_WEEKDAY_ODDS = ((0.8, 0.4, 0.9, 0.5), (0.35, 0.7, 0.8, 0.9))  # Monday to Thursday, Friday on
_RIM_SHARE = 0.08
_PARTIAL_SHARE = 0.06  # plays that stop early without being skips
_ON_REPEAT = 8  # tracks of the core that are played more often in a week
_CONTEXTS = ("playlist", "collection", "album", "artist", None)
_CONTEXT_ODDS = (40, 20, 15, 10, 15)


@dataclass(frozen=True, slots=True)
class Play:
    """One play; `played_at` is when it ended (UTC, whole milliseconds)."""

    played_at: datetime
    track_id: str
    ms_played: int
    context_type: str | None
    context_uri: str | None

    @property
    def is_skip(self) -> bool:
        """Whether the play ended within 30 seconds."""
        return self.ms_played < SKIP_MS

    @property
    def key(self) -> tuple[object, ...]:
        """A key of the play, for faults that always affect the same plays."""
        return "played", self.played_at, self.track_id


class History:
    """The plays of one listener, generated day by day and cached.

    Args:
        catalogue: Holds the tracks.
        listener: Whose plays they are.
        seed: All random choices follow from it.
        start: The first day with plays.
        marathons: Days with music for many hours, local to the listener.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        listener: Listener,
        seed: int,
        start: date,
        marathons: frozenset[date] = frozenset(),
    ) -> None:
        self._catalogue = catalogue
        self._listener = listener
        self._seed = seed
        self._start = start
        self._marathons = marathons
        self._days: dict[date, list[Play]] = {}
        self._odds: dict[date, list[float]] = {}
        self._tracks = [*listener.taste.core, *listener.taste.rim]

    def until(self, clock: datetime, since: datetime | None = None) -> list[Play]:
        """List the plays that ended until the clock (and after `since`), oldest first."""
        plays: list[Play] = []
        for play in self._backwards(clock):
            if since is not None and play.played_at <= since:
                break
            plays.append(play)
        return plays[::-1]

    def held(self, clock: datetime) -> list[Play]:
        """List the plays that the API still returns, newest first; it never returns skips."""
        heard = (play for play in self._backwards(clock) if not play.is_skip)
        return list(islice(heard, HELD))

    def top_tracks(self, clock: datetime, term: str) -> list[Track]:
        """Rank tracks by their counted plays within a term, most played first."""
        counts = Counter(track.track_id for track in self._counted(clock, term))
        ranked = sorted(counts, key=lambda track_id: (-counts[track_id], track_id))
        return [self._catalogue.track(track_id) for track_id in ranked]

    def top_artists(self, clock: datetime, term: str) -> list[Artist]:
        """Rank first artists by their counted plays within a term, most played first."""
        counts = Counter(track.artists[0] for track in self._counted(clock, term))
        return sorted(counts, key=lambda artist: (-counts[artist], artist.artist_id))

    def _counted(self, clock: datetime, term: str) -> Iterator[Track]:
        for play in self.until(clock, clock - timedelta(days=TERM_DAYS[term])):
            if not play.is_skip:
                yield self._catalogue.track(play.track_id)

    def _backwards(self, clock: datetime) -> Iterator[Play]:
        day = clock.astimezone(self._listener.zone).date()
        while day >= self._start:
            for play in reversed(self._day(day)):
                if play.played_at <= clock:
                    yield play
            day -= timedelta(days=1)

    def _day(self, day: date) -> list[Play]:
        if day not in self._days:
            self._days[day] = list(self._make_day(day))
        return self._days[day]

    def _make_day(self, day: date) -> Iterator[Play]:
        dice = ids.stream(self._seed, self._listener.user_id, "plays", day)
        odds = _WEEKDAY_ODDS[day.weekday() >= 4]
        parts = [part for part in range(4) if dice.random() < odds[part] + self._listener.pace / 4]
        is_marathon = day in self._marathons
        for part in range(4) if is_marathon else parts if len(parts) > 1 else (1, 3):
            start, end = (self._hour(day, _PART_STARTS[number]) for number in (part, part + 1))
            start += timedelta(milliseconds=dice.randrange(4 * 3_600_000))
            count = _MARATHON_PLAYS if is_marathon else self._session_plays(dice)
            yield from self._make_session(dice, start, end, self._weights(day), count)

    def _make_session(
        self,
        dice: random.Random,
        start: datetime,
        end: datetime,
        weights: Sequence[float],
        count: int,
    ) -> Iterator[Play]:
        context = dice.choices(_CONTEXTS, _CONTEXT_ODDS)[0]
        drawn = dice.choices(self._tracks, cum_weights=weights, k=2 * count)
        for track_id in list(dict.fromkeys(drawn))[:count]:
            track = self._catalogue.track(track_id)
            ms_played = track.duration_ms
            if dice.random() < self._listener.skip_rate:
                ms_played = min(ms_played, dice.randrange(2_000, SKIP_MS))
            elif dice.random() < _PARTIAL_SHARE:
                ms_played = min(ms_played, SKIP_MS + int(ms_played * dice.uniform(0.2, 0.8)))
            start += timedelta(milliseconds=ms_played)
            if start >= end:
                break
            yield Play(start, track_id, ms_played, context, self._context_uri(context, track))
            start += timedelta(milliseconds=dice.randrange(200, 4_000))

    def _session_plays(self, dice: random.Random) -> int:
        fewest, most = _SESSION_PLAYS
        return min(most, fewest + int(dice.random() * (1 + self._listener.pace) * 4))

    def _hour(self, day: date, hour: float) -> datetime:
        """Return an hour of the listener's own day; hours past 24 belong to the next morning."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=self._listener.zone)
        return (midnight + timedelta(hours=hour + self._listener.wake_hour)).astimezone(UTC)

    def _weights(self, day: date) -> Sequence[float]:
        """Return cumulative weights of the taste's tracks; each week favours some of them."""
        week = day - timedelta(days=day.weekday())
        if week not in self._odds:
            core, rim = self._listener.taste.core, self._listener.taste.rim
            ranks = list(range(len(core)))
            ids.stream(self._seed, self._listener.user_id, "favourites").shuffle(ranks)
            odds = [(rank + 3) ** -0.6 for rank in ranks]
            dice = ids.stream(self._seed, self._listener.user_id, "week", week)
            first = dice.randrange(len(core))
            for position in range(first, first + _ON_REPEAT):
                odds[position % len(core)] *= 6
            share = sum(odds) * _RIM_SHARE / (1 - _RIM_SHARE)
            odds += [share / len(rim) for _ in rim]
            self._odds[week] = list(accumulate(odds))
        return self._odds[week]

    def _context_uri(self, context: str | None, track: Track) -> str | None:
        match context:
            case "playlist":
                return f"spotify:playlist:{self._listener.playlist_id('main')}"
            case "collection":
                return f"spotify:user:{self._listener.user_id}:collection"
            case "album":
                return f"spotify:album:{track.album.album_id}"
            case "artist":
                return f"spotify:artist:{track.artists[0].artist_id}"
            case _:
                return None
