"""Data exports of a random world: the same plays in another form, and imported repeatedly."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.dbt.listening import Play
from tests.dbt.songs import Songs

Row = dict[str, Any]

MINUTE = timedelta(minutes=1)
REASONS = ("trackdone", "fwdbtn", "endplay", "logout", None)
CASES: tuple[Callable[[str], str], ...] = (str, str.lower, str.upper)


@dataclass
class Exports:
    """All exports so far; each can be imported again."""

    rng: Random
    songs: Songs
    imported: list[list[Row]] = field(default_factory=list)
    known: dict[str, Row] = field(default_factory=dict)

    def import_one(self, plays: Iterable[Play]) -> list[Row]:
        """Return the rows of an import, of these plays or of an earlier import again."""
        if self.imported and self.rng.random() < 0.25:
            return self.rng.choice(self.imported)
        export = self.rng.choice([self._extended, self._extended, self._account])
        drift = self.rng.choice([0, 0, self.rng.randint(-120, 120)])
        rows = [export(play, drift) for play in plays]
        rows += [self._episode(play) for play in plays if self.rng.random() < 0.05]
        # A second import of a play changes nothing: the first one is kept.
        once = {row["play_id"]: self.known.setdefault(row["play_id"], row) for row in rows}
        imported = [{**row, "position": position} for position, row in enumerate(once.values())]
        self.imported.append(imported)
        return imported

    def _extended(self, play: Play, drift: int) -> Row:
        """Return a play with its track id or another id of the song, and an inexact end."""
        rng = self.rng
        ended_at = self._end(play, drift)
        track_id = play.track_id
        if track_id and rng.random() < 0.35:
            track_id = rng.choice(self.songs.of_id[track_id].track_ids)
        uri = f"spotify:track:{track_id}" if track_id else "spotify:local:Engine"
        names = self._names(play)
        return {
            "play_id": _play_id("extended", play, ended_at, uri),
            "user_id": play.user_id,
            "kind": rng.choice(["extended_audio", "extended_audio", "endsong"]),
            "ended_at": ended_at,
            "ms_played": play.ms_played,
            "content_type": "track",
            "track_id": track_id,
            "track_uri": uri,
            **names,
            "reason_start": "clickrow",
            "reason_end": rng.choice(REASONS),
            "is_shuffle": rng.choice([True, False, None]),
            "is_skipped": rng.choice([True, False, None, None]),
            "is_offline": False,
        }

    def _account(self, play: Play, drift: int) -> Row:
        """Return a play with its names and its minute only."""
        ended_at = self._end(play, drift // 2).replace(second=0)
        names = self._names(play)
        return {
            "play_id": _play_id("account", play, ended_at, f"{names}"),
            "user_id": play.user_id,
            "kind": "account_music",
            "ended_at": ended_at,
            "ms_played": play.ms_played,
            "content_type": "track",
            **names,
        }

    def _episode(self, play: Play) -> Row:
        ended_at = play.ended_at.replace(microsecond=0)
        return {
            "play_id": _play_id("episode", play, ended_at, "episode"),
            "user_id": play.user_id,
            "kind": self.rng.choice(["extended_audio", "account_podcast"]),
            "ended_at": ended_at,
            "ms_played": play.ms_played,
            "content_type": "episode",
            "episode_name": "Episode",
            "show_name": "Show",
        }

    def _end(self, play: Play, drift: int) -> datetime:
        """Return the end in whole seconds; near midnight perhaps on the other day."""
        midnight = play.ended_at.replace(hour=0, minute=0, second=0, microsecond=0)
        if play.ended_at.hour == 23:
            midnight += timedelta(days=1)
        to_midnight = midnight - play.ended_at
        if abs(to_midnight) < MINUTE and self.rng.random() < 0.6:
            other_side = 1 if to_midnight > timedelta(0) else -1
            return midnight + other_side * timedelta(seconds=self.rng.randint(1, 25))
        return play.ended_at.replace(microsecond=0) + timedelta(
            seconds=drift + self.rng.choice([0, 0, 1, 2])
        )

    def _names(self, play: Play) -> Row:
        if play.track_id is None:
            return {"track_name": "Engine", "artist_name": "Ada"}
        song, case = self.songs.of_id[play.track_id], self.rng.choice(CASES)
        return {"track_name": case(song.name), "artist_name": case(song.artist_name)}


def _play_id(family: str, play: Play, ended_at: datetime, what: str) -> str:
    natural_id = f"{family}|{play.user_id}|{ended_at}|{play.ms_played}|{what}"
    return hashlib.md5(natural_id.encode()).hexdigest()
