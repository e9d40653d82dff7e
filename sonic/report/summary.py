"""The summary at the end of a run: each listener's figures and fifteen tracks, from Gold."""

from dataclasses import dataclass, field
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from sonic.engines.reader import Rows, reader
from sonic.settings import Settings
from sonic.steps import counted

VIBE_COLOURS = {"Energetic": "red", "Calm": "cyan", "Depressing": "blue", "Unknown": "bright_black"}
BAR_CELLS = 24
WIDEST = 120  # columns; from here on the first reason of each track is shown
# The words for a feature that is unusually high, and unusually low.
TRAITS = {
    "energy": ("energetic", "gentle"),
    "valence": ("bright", "dark"),
    "danceability": ("danceable", "hard to dance to"),
    "acousticness": ("acoustic", "electric"),
    "instrumentalness": ("instrumental", "sung"),
    "speechiness": ("wordy", "light on words"),
    "liveness": ("live", "studio-made"),
    "tempo": ("fast", "slow"),
    "loudness": ("loud", "quiet"),
}
COUNT_TRAITS = 2
CERTAIN = 0.99  # above it two decimals would claim too much

LISTENERS = """
select user_key, display_name from dim_user
where user_key >= 0 order by display_name, user_key
"""
PLAYS = """
select plays.user_key, count(*) as count_plays
from fct_user_activity as plays where is_counted_play group by all
"""
HEARD = "select distinct user_key from fct_user_activity"
TOP_ARTISTS = """
select plays.user_key, artists.artist_name, count(*) as count_plays
from fct_user_activity as plays inner join dim_artist as artists using (artist_key)
where plays.is_counted_play and artists.artist_key >= 0
group by plays.user_key, artists.artist_name
qualify row_number() over (
    partition by plays.user_key order by count(*) desc, artists.artist_name
) = 1
"""
VIBES = """
select user_key, vibe, sum(count_plays) as count_plays
from mart_vibe_check group by all order by count_plays desc
"""
MEANS = f"""
select plays.user_key, {", ".join(f"avg(tracks.{name}) as {name}" for name in TRAITS)}
from fct_user_activity as plays inner join dim_track as tracks using (track_key)
where plays.is_counted_play group by all
"""
POOL = f"""
select {", ".join(f"avg({name}), stddev_pop({name})" for name in TRAITS)}
from ml_catalogue_features
"""
TRACKS = """
select next.user_key, next.recommendation_rank, tracks.track_name, tracks.artist_name,
    next.confidence, next.is_high_match, next.reasons
from mart_discover_next as next inner join dim_track as tracks using (track_key)
order by next.user_key, next.recommendation_rank
"""

SHOWN_HITS = """
select value from ml_evaluation where method = 'ranker' and metric = 'shown_hits'
and trained_as_of = (select max(trained_as_of) from ml_evaluation)
"""


@dataclass
class ListenerSummary:
    """One listener's figures; `traits` are words for their most unusual features.

    `tracks` is empty for a listener without any activity in Gold.
    """

    name: str
    count_plays: int = 0
    top_artist: str | None = None
    vibes: dict[str, int] = field(default_factory=dict)
    traits: list[str] = field(default_factory=list)
    tracks: list[tuple[Any, ...]] = field(default_factory=list)


def show(settings: Settings, console: Console) -> None:
    """Print the summary of every listener, what a confidence means, and where Gold is.

    Args:
        settings: Name the home and the engine that built Gold.
        console: Where to print; a wide one also shows reasons.
    """
    width = WIDEST if console.width >= WIDEST else min(console.width, 100)
    for summary in read(settings):
        console.print()
        console.print(_panel(summary, width))
    place = escape(f"{settings.lake}/gold" if settings.target == "spark" else str(settings.gold))
    meaning = "Confidence: the chance that they like this track rather than a random one."
    console.print(f"\n[dim]{meaning} {_hits(settings)}[/]")
    console.print(f"[dim]Gold is {place}.[/]", soft_wrap=True)


def read(settings: Settings) -> list[ListenerSummary]:
    """Read the summaries of all listeners from Gold and the ML tables.

    Args:
        settings: Name the home and the engine that built the tables.

    Returns:
        One summary per listener, ordered by name.
    """
    with reader(settings) as rows_of:

        def rows(query: str) -> Rows:
            return rows_of("gold", query)

        found = {key: ListenerSummary(name) for key, name in rows(LISTENERS)}
        for key, count in rows(PLAYS):
            found[key].count_plays = count
        for key, artist, count in rows(TOP_ARTISTS):
            found[key].top_artist = f"{artist} ({counted(count, 'play')})"
        for key, vibe, count in rows(VIBES):
            found[key].vibes[vibe] = int(count)
        (pool,) = rows_of("ml", POOL)
        for key, *means in rows(MEANS):
            found[key].traits = _traits(means, pool)
        heard = {key for (key,) in rows(HEARD)}
        for key, *track in rows(TRACKS):
            if key in heard:
                found[key].tracks.append(tuple(track))
    return list(found.values())


def _hits(settings: Settings) -> str:
    """Return the share of hits in the last test; empty if no listener had enough tracks for one."""
    with reader(settings) as rows_of:
        found = rows_of("ml", SHOWN_HITS)
    return "".join(
        f"In a test that hid a fifth of their tracks, {share:.0%} of our picks were hidden ones."
        for (share,) in found
    )


def _traits(means: list[float | None], pool: tuple[float | None, ...]) -> list[str]:
    """Name the features whose mean is farthest from the pool's, in its standard deviations."""
    distances = []
    for mean, centre, spread, words in zip(
        means, pool[::2], pool[1::2], TRAITS.values(), strict=True
    ):
        if mean is not None and centre is not None and spread:
            distance = (mean - centre) / spread
            distances.append((abs(distance), words[0] if distance > 0 else words[1]))
    return [word for _, word in sorted(distances, reverse=True)[:COUNT_TRAITS]]


def _panel(summary: ListenerSummary, width: int) -> Panel:
    facts = Table.grid(padding=(0, 2))
    facts.add_row("[dim]plays[/]", f"[bold]{summary.count_plays:,}[/]")
    facts.add_row("[dim]top artist[/]", Text(summary.top_artist or "none yet"))
    facts.add_row("[dim]vibe[/]", _vibe_bar(summary.vibes))
    facts.add_row("[dim]sounds[/]", ", ".join(summary.traits) or "not measured yet")
    parts: list[RenderableType] = [facts]
    if summary.tracks:
        parts.append(Padding(_tracks(summary, width), (1, 0, 0, 0)))
    return Panel(
        Group(*parts), title=Text(summary.name, style="bold"), title_align="left", width=width
    )


def _vibe_bar(vibes: dict[str, int]) -> Text:
    total = sum(vibes.values())
    bar, legend = Text(), Text()
    for vibe, count in vibes.items():
        colour = VIBE_COLOURS.get(vibe, "white")
        bar.append("█" * round(BAR_CELLS * count / total), style=colour)
        legend.append(f"  {vibe} {count / total:.0%}", style=colour)
    return bar + legend if total else Text("no plays yet")


def _tracks(summary: ListenerSummary, width: int) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", expand=True)
    table.add_column("#", justify="right", width=2)
    table.add_column("Discover next", ratio=5, no_wrap=True)
    table.add_column("by", ratio=4, no_wrap=True)
    table.add_column("confidence", width=17)
    if width == WIDEST:
        table.add_column("because", ratio=8, no_wrap=True, style="dim")
    for rank, name, artist, confidence, is_high, reasons in summary.tracks:
        meter = Text("━" * round(10 * confidence), style="green" if is_high else "yellow")
        meter.append(f" {confidence:.2f}" if confidence < CERTAIN else f" > {CERTAIN}")
        cells: list[RenderableType] = [
            str(rank),
            Text(name),
            Text(artist),
            meter,
            Text(reasons.split(" · ")[0]),
        ]
        table.add_row(*cells[: len(table.columns)])
    return table
