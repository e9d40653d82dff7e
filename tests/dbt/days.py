"""A random world that loads Bronze day after day, with as many awkward cases as possible.

Captures overlap, come late or together; exports have the same plays in another form; descriptions
and features come days later and change; the catalogue is replaced. A seed always gives the same
days.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb

from ingestion.listeners.registry import offset_ranges
from tests.dbt import bronze
from tests.dbt.exports import Exports
from tests.dbt.library import Library
from tests.dbt.listening import DAY, Day, Play
from tests.dbt.songs import Rows, Songs

FIRST_DAY = datetime(2026, 3, 27, tzinfo=UTC)  # Berlin's clocks change on the third day
PAST_DAYS = 3  # played before the first capture
STYLES = {"ada": "any", "bob": "any", "cat": "sparse", "dan": "any"}
REGISTERED_ON = {"ada": 0, "bob": 0, "cat": 1, "dan": 5}  # the last two have plays before that
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Load:
    """The rows that one load appends at one instant; a replaced table is emptied first."""

    loaded_at: datetime
    rows: Rows
    replaced: str | None = None

    def into(self, warehouse: Path) -> None:
        """Append to Bronze in the DuckDB file."""
        if self.replaced:
            with duckdb.connect(str(warehouse)) as connection:
                connection.execute(f"delete from bronze.{self.replaced}")
        bronze.load(warehouse, self.rows, self.loaded_at)


@dataclass
class World:
    """Everything that happened so far; `day` adds the next day."""

    rng: Random
    plays: dict[str, list[Play]] = field(default_factory=lambda: {name: [] for name in STYLES})
    zones: dict[str, str] = field(default_factory=dict)
    known_zones: set[str] = field(default_factory=set)
    held: list[Rows] = field(default_factory=list)  # captured, but not loaded yet
    loads: list[Load] = field(default_factory=list)
    loaded_at: datetime = FIRST_DAY
    as_of: datetime = FIRST_DAY
    count_files: int = 0

    def __post_init__(self) -> None:
        self.songs = Songs(self.rng)
        self.library = Library(self.rng, self.songs)
        self.exports = Exports(self.rng, self.songs)
        for number in range(-PAST_DAYS, 0):
            self._listen(FIRST_DAY + number * DAY)

    def day(self, number: int, last: bool = False) -> list[Load]:
        """Return the loads of a day; the last day also loads everything that was held back."""
        start, self.loads = FIRST_DAY + number * DAY, []
        self._listen(start)
        if number > 0 and not last and self.rng.random() < 0.08:
            return []
        if number == 0 or self.rng.random() < 0.25:
            self._replace_catalogue(start)
        midnight = self.rng.choice([[], [1439]])  # perhaps in the middle of a session
        for minute in sorted(
            [*self.rng.sample(range(60, 1430), self.rng.randint(1, 2)), *midnight]
        ):
            self._run(start + minute * MINUTE, last)
        self._register(number, self.loaded_at)
        return self.loads

    def recommended(self) -> list[dict[str, Any]]:
        """Return random recommendations as of the newest run, for registered listeners."""
        as_of, pool = self.as_of.replace(tzinfo=None), self.songs.recommendable()
        return [
            {"as_of": as_of, "user_id": user_id, "rank": rank, "track_id": track_id}
            for user_id in self.zones
            for rank, track_id in enumerate(self.rng.sample(pool, min(3, len(pool))), start=1)
        ]

    def _listen(self, start: datetime) -> None:
        for user_id, style in STYLES.items():
            day, before = Day(self.rng, self.songs, user_id, start), self.plays[user_id]
            before.extend(day.fitting(day.plays(style), before[-150:]))
            before.sort(key=lambda play: play.ended_at)

    def _run(self, now: datetime, last: bool) -> None:
        """Capture, import and measure in random order; some captures are loaded days later."""
        rng, steps = self.rng, [self._capture, self._import, self._measure]
        for step in rng.sample(steps, len(steps)):
            step(now)
        late = [rows for rows in self.held if last or rng.random() < 0.4]
        self.held = [rows for rows in self.held if not any(rows is each for each in late)]
        for rows in late:
            self._load(now, rows)
        if last:
            undescribed = sorted({*self.songs.of_id} - self.songs.described)
            described = [self.songs.describe(track_id) for track_id in undescribed]
            self._load(now, self._captured(now, *described))

    def _capture(self, now: datetime) -> None:
        together: list[Rows] = []
        for user_id in STYLES:
            if self.rng.random() < 0.8:
                rows = self._captured(now, *self._api_capture(user_id, now))
                kept = self.held if self.rng.random() < 0.2 else together
                kept.append(rows)
        self._load(now, *together)

    def _api_capture(self, user_id: str, now: datetime) -> list[Rows]:
        rng, heard = self.rng, self._heard(user_id, now)
        recent = heard[-rng.randint(4, 30) :]
        parts: list[Rows] = [{"spotify_plays": [self._api_play(play) for play in recent]}]
        if rng.random() < 0.6:
            parts.append(self.library.saved(user_id, now))
        if rng.random() < 0.6:
            parts.append(self.library.collected(user_id, now))
        if rng.random() < 0.4:
            parts.append(self.library.favorites(user_id))
        if rng.random() < 0.3:
            name = f"{user_id.title()}{rng.choice(['', ' II'])}"
            parts.append({"spotify_profiles": [{"user_id": user_id, "display_name": name}]})
        if len(heard) > 30 and rng.random() < 0.3:
            gap = {"gap_start": heard[-30].ended_at, "gap_end": heard[-5].ended_at}
            parts.append({"spotify_capture_gaps": [{"user_id": user_id, **gap}]})
        if rng.random() < 0.2:
            refused = {"source": "spotify", "data_type": "plays", "reason": "no end", "position": 0}
            parts.append({"quarantine": [refused | {"user_id": user_id, "item": "{}"}]})
        for track_id in sorted({play.track_id for play in recent if play.track_id}):
            if rng.random() < (0.1 if track_id in self.songs.described else 0.35):
                if rng.random() < 0.4:
                    self.songs.change(track_id)
                parts.append(self.songs.describe(track_id))
        run = {"run_id": f"{user_id}-{now:%d%H%M}", "source": "spotify", "as_of": now}
        return [*parts, {"capture_runs": [run | {"count_pages": 1, "count_items": len(recent)}]}]

    def _import(self, now: datetime) -> None:
        if self.rng.random() < 0.8:
            heard = self._heard(self.rng.choice(list(STYLES)), now)
            span = self.rng.choice([1, 2, 15]) * DAY
            share = self.rng.choice([0.6, 1])
            exported = [p for p in heard if p.ended_at > now - span and self.rng.random() < share]
            rows = {"streaming_history_plays": self.exports.import_one(exported)}
            self._load(now, self._captured(now, rows))

    def _measure(self, now: datetime) -> None:
        if self.rng.random() < 0.5:
            track_ids = self.rng.sample(sorted(self.songs.of_id), 8)
            self._load(now, self._captured(now, self.songs.features(track_ids)))

    def _replace_catalogue(self, now: datetime) -> None:
        tracks = self.songs.replace_catalogue()
        file = {"sha256": f"{now}", "dataset_version": 1, "count_rows": len(tracks)}
        rows = {"kaggle_tracks_features": tracks, "kaggle_files": [file]}
        replaced = "kaggle_tracks_features" if now > FIRST_DAY else None
        self._load(now, self._captured(now, rows), replaced=replaced)

    def _register(self, number: int, now: datetime) -> None:
        """Write the changes of the registry, and the run's clock."""
        before, offsets = dict(self.zones), []
        for user_id, first_day in REGISTERED_ON.items():
            if number >= first_day and (user_id not in self.zones or self.rng.random() < 0.12):
                self.zones[user_id] = self.rng.choice(ZONES)
        changed = [name for name, zone in self.zones.items() if before.get(name) != zone]
        for zone in sorted({*self.zones.values()} - self.known_zones):
            self.known_zones.add(zone)
            offsets += offset_ranges(zone)
        self.as_of = now
        listeners = [
            {"user_id": name, "time_zone": self.zones[name], "token_state": "active"}
            for name in changed
        ]
        clock = [{"run_id": f"{now:%d%H%M}", "as_of": now}]
        rows = {
            "sonic_listeners": listeners,
            "sonic_time_zone_offsets": offsets,
            "sonic_run_clock": clock,
        }
        self._load(now, self._captured(now, rows))

    def _heard(self, user_id: str, now: datetime) -> list[Play]:
        return [play for play in self.plays[user_id] if play.ended_at <= now]

    def _api_play(self, play: Play) -> dict[str, Any]:
        named = {"user_id": play.user_id, "played_at": play.ended_at, "is_local": play.is_local}
        base = {**named, "context_uri": play.context_uri, "track_id": play.track_id}
        if play.track_id is None:
            names = {"track_name": "Engine", "artist_name": "Ada"}
            return {**base, **names, "track_uri": "spotify:local:Engine"}
        song = self.songs.of_id[play.track_id]
        names = {"track_name": song.name, "artist_name": song.artist_name}
        return {**base, **names, "track_uri": f"spotify:track:{play.track_id}"}

    def _captured(self, now: datetime, *parts: Rows) -> Rows:
        """Combine parts, each from a file of its own, captured at one instant."""
        together: Rows = {}
        for part in parts:
            self.count_files += 1
            for name, rows in part.items():
                file = f"{now:%Y-%m-%d}/{self.count_files:06}"
                together.setdefault(name, []).extend(bronze.captured(rows, now, file))
        return together

    def _load(self, now: datetime, *parts: Rows, replaced: str | None = None) -> None:
        """Load some captures together, after all earlier loads."""
        self.loaded_at = max(now, self.loaded_at) + MINUTE / self.rng.randint(1, 60)
        rows: Rows = {}
        for part in parts:
            for name, captured in part.items():
                rows.setdefault(name, []).extend(captured)
        self.loads.append(Load(self.loaded_at, rows, replaced))
