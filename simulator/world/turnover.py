"""What comes and goes: which things that a listener keeps are given up again, and when.

It draws from a random stream of its own, so that what is kept for good does not depend on it.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from simulator.world import ids
from simulator.world.kept import AnyKept

_LEAVING = 0.04  # share of the things kept that are given up one day
_DAYS = 600  # of turnover, counted from the start of the history
_STAY_DAYS = (1, 21)  # of what is kept on an impulse
_ABSENT_DAYS = (2, 14)  # until something given up is wanted again
_WANTED_AGAIN = 0.2


@dataclass(frozen=True, slots=True)
class Stay:
    """A span of time for which something is kept; open if it is kept from then on."""

    added_at: datetime
    removed_at: datetime | None


class Turnover:
    """Draws who goes and when; all moments lie after the start of the history."""

    def __init__(self, seed: int, user_id: str, start: date) -> None:
        self._dice: random.Random = ids.stream(seed, user_id, "turnover")
        self._start = datetime.combine(start, time(), UTC)

    def thin(self, things: Sequence[AnyKept]) -> list[AnyKept]:
        """Let a few of the things go at some moment; what has no date stays."""
        return [self._perhaps_until(thing) for thing in things]

    def stays(self, every_days: int, count: int) -> Iterator[list[Stay]]:
        """Draw up to `count` things that are kept on an impulse, one every some days.

        Yields the stays of each, mostly one: some are kept again, and then for good.
        """
        for number in range(min(count, _DAYS // every_days)):
            added_at = self._start + self._days(number * every_days, (number + 1) * every_days)
            removed_at = added_at + self._days(*_STAY_DAYS)
            stays = [Stay(added_at, removed_at)]
            if self._dice.random() < _WANTED_AGAIN:
                stays.append(Stay(removed_at + self._days(*_ABSENT_DAYS), None))
            yield stays

    def _perhaps_until(self, thing: AnyKept) -> AnyKept:
        if thing.added_at is None or self._dice.random() >= _LEAVING:
            return thing
        first = max(thing.added_at, self._start)
        return thing.until(first + self._days(1, _DAYS))

    def _days(self, fewest: int, most: int) -> timedelta:
        return timedelta(seconds=self._dice.randint(fewest * 86_400, most * 86_400 - 1))
