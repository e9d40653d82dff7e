"""Turnover of a library: which things are removed again, and when.

It has a random stream of its own, so that the rest of the library does not depend on it.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from simulator.world import ids
from simulator.world.kept import AnyKept

_REMOVED_SHARE = 0.04  # of the things that are not short stays
_DAYS = 600  # of turnover, counted from the start of the history
_STAY_DAYS = (1, 21)  # length of a short stay
_ABSENT_DAYS = (2, 14)  # between a removal and an addition again
_ADDED_AGAIN_SHARE = 0.2  # of the short stays


@dataclass(frozen=True, slots=True)
class Stay:
    """A span of time for which something is kept; open if it is kept for good."""

    added_at: datetime
    removed_at: datetime | None


class Turnover:
    """Draws removals and short stays; all moments are after the start of the history."""

    def __init__(self, seed: int, user_id: str, start: date) -> None:
        self._dice: random.Random = ids.stream(seed, user_id, "turnover")
        self._start = datetime.combine(start, time(), UTC)

    def with_ends(self, things: Sequence[AnyKept]) -> list[AnyKept]:
        """Give a few of the things an end; those without a date have none."""
        return [self._perhaps_until(thing) for thing in things]

    def stays(self, every_days: int, count: int) -> Iterator[list[Stay]]:
        """Draw short stays of up to `count` things, one every `every_days` days.

        Yields the stays of each thing: mostly one; some are added again, and then for good.
        """
        for number in range(min(count, _DAYS // every_days)):
            added_at = self._start + self._days(number * every_days, (number + 1) * every_days)
            removed_at = added_at + self._days(*_STAY_DAYS)
            stays = [Stay(added_at, removed_at)]
            if self._dice.random() < _ADDED_AGAIN_SHARE:
                stays.append(Stay(removed_at + self._days(*_ABSENT_DAYS), None))
            yield stays

    def _perhaps_until(self, thing: AnyKept) -> AnyKept:
        if thing.added_at is None or self._dice.random() >= _REMOVED_SHARE:
            return thing
        first = max(thing.added_at, self._start)
        return thing.until(first + self._days(1, _DAYS))

    def _days(self, fewest: int, most: int) -> timedelta:
        return timedelta(seconds=self._dice.randint(fewest * 86_400, most * 86_400 - 1))
