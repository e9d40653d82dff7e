"""The summary shows the picks for each listener, and what a confidence means."""

from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from sonic.report.summary import TRAITS, show
from sonic.settings import Settings

FEATURES = ", ".join(f"0.5 as {name}" for name in TRAITS)
GOLD = f"""
    create schema gold;
    create table gold.dim_user as
        from (values (1, 'anna', 'Anna'), (2, 'ben', 'Ben')) as t (user_key, user_id, display_name);
    create table gold.dim_artist as select 7 as artist_key, 'Oduya' as artist_name;
    create table gold.dim_track as
        select 9 as track_key, 'Raw Spark' as track_name, 'Oduya' as artist_name, {FEATURES};
    create table gold.fct_user_activity as
        select 1 as user_key, 7 as artist_key, 9 as track_key, true as is_counted_play;
    create table gold.mart_vibe_check as select 1 as user_key, 'Calm' as vibe, 1 as count_plays;
    create table gold.mart_discover_next as
        select user_key, 1 as recommendation_rank, 9 as track_key, 0.5 as confidence,
            false as is_high_match, 'popular' as reasons
        from gold.dim_user;
"""
WAREHOUSE = f"""
    create schema ml;
    create table ml.ml_catalogue_features as select {FEATURES};
    create table ml.ml_evaluation as
        from (values
            (date '2026-05-24', 'ranker', 'shown_hits', 0.9),
            (date '2026-05-31', 'ranker', 'shown_hits', 0.125),
            (date '2026-05-31', 'ranker', 'auc', 0.99)
        ) as t (trained_as_of, method, metric, value);
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return a home with a listener who has plays, and one without any activity."""
    settings = Settings(_env_file=None, home=tmp_path)
    written(settings.gold, GOLD)
    written(settings.warehouse, WAREHOUSE)
    return settings


def written(path: Path, sql: str) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(sql)


def panels(settings: Settings, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    show(settings, Console(width=80))
    anna, ben = capsys.readouterr().out.split("╭─ Ben")
    return anna, ben


def test_no_picks_are_shown_for_a_listener_without_activity(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    anna, ben = panels(settings, capsys)
    assert "Raw Spark" in anna
    assert "(1 play)" in anna
    assert "Raw Spark" not in ben


def test_the_end_explains_confidence_and_names_the_share_of_hits(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    _, end = panels(settings, capsys)
    assert "the chance that they like this track rather than a random one" in " ".join(end.split())
    assert "12% of our picks were hidden ones" in " ".join(end.split())
    written(settings.warehouse, "delete from ml.ml_evaluation where value = 0.125")
    _, end = panels(settings, capsys)
    assert "hidden" not in end
