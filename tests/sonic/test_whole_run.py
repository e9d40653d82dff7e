"""The main job in a home that has run before: again, the next day, and dbt alone."""

import shutil
import signal
import time
from pathlib import Path

import duckdb

from tests.homes import FIRST_DAY, NEXT_DAY, SmallDemo, end_of
from tests.sonic.runs import ROOT, command, contents, gold, sonic, started

PLAYS = """
select users.user_id, plays.occurred_at, tracks.track_id
from gold.fct_user_activity as plays
inner join gold.dim_user as users using (user_key)
inner join gold.dim_track as tracks using (track_key)
where plays.activity_type = 'play'
"""


def test_the_next_day_adds_exactly_the_new_plays(small_demo: SmallDemo) -> None:
    before, after = (set(gold(home, PLAYS)) for home in (small_demo.first, small_demo.next))
    with small_demo.simulator(NEXT_DAY) as simulator:
        truth = {
            (listener.user_id, each.play.played_at.replace(tzinfo=None), each.play.track_id)
            for listener in simulator.listeners
            for each in simulator.truth(listener.user_id)
            if each.play.played_at > end_of(FIRST_DAY) and each.is_reachable
        }
    assert truth
    assert after - before == truth
    assert before <= after


def test_dbt_alone_gives_the_same_rows(home: Path) -> None:
    before = contents(home)
    folders = {"DBT_TARGET_PATH": str(home / "dbt/target"), "DBT_LOG_PATH": str(home / "logs")}
    built = command(home, "dbt", "build", cwd=ROOT / "dbt_sonic", **folders)
    assert built.returncode == 0, built.stdout
    assert "WARN=0 ERROR=0 SKIP=0" in built.stdout
    assert "[WARNING]" not in built.stdout
    assert contents(home) == before


def test_landing_alone_is_enough_to_build_everything_again(
    home: Path, small_demo: SmallDemo
) -> None:
    facts = "select * exclude (loaded_at) from gold.fct_user_activity order by all"
    before = gold(home, facts)
    shutil.rmtree(home / "dlt")
    for name in ("sonic.duckdb", "sonic_gold.duckdb"):
        (home / name).unlink()
    again = sonic(home, *small_demo.run(FIRST_DAY))
    assert again.returncode == 0, again.stderr
    assert gold(home, facts) == before


def test_another_catalogue_and_an_earlier_day_work_in_the_same_home(
    home: Path, small_demo: SmallDemo
) -> None:
    lines = small_demo.catalogue.read_text().splitlines(keepends=True)
    other = home.parent / "other.csv"
    other.write_text("".join([lines[0], *lines[1_200:]]))
    options = ("--listeners", "2", "--catalogue", str(other), "--as-of", "2026-05-20")
    done = sonic(home, "run", *options)
    assert done.returncode == 0, done.stderr
    shown = "select as_of, count(*) from gold.mart_discover_next group by as_of"
    (as_of, count), *others = gold(home, shown)
    assert str(as_of) == "2026-05-20 23:59:59"
    assert count % 15 == 0
    assert not others


def test_an_interrupt_is_one_line_and_the_same_day_again_changes_no_row_of_gold(
    home: Path, small_demo: SmallDemo
) -> None:
    before = contents(home)
    process = started(home, "sonic", *small_demo.run(FIRST_DAY))
    assert process.stdout
    while "✓ Catalogue" not in process.stdout.readline():
        assert process.poll() is None
    time.sleep(5)  # in the middle of the build
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    message = "interrupted; run the command again to continue where it stopped"
    assert errors.strip() == f"sonic: {message}"
    again = sonic(home, *small_demo.run(FIRST_DAY))
    assert again.returncode == 0, again.stderr
    assert contents(home) == before


def test_a_table_of_another_version_is_one_line_that_says_how_to_fix_it(
    home: Path, small_demo: SmallDemo
) -> None:
    before = contents(home)
    with duckdb.connect(str(home / "sonic.duckdb")) as connection:
        connection.execute("alter table silver.int_plays drop column loaded_at")
    failed = sonic(home, *small_demo.run(FIRST_DAY))
    assert failed.returncode == 1
    assert "run `sonic run --full-refresh`" in failed.stderr
    assert len(failed.stderr.strip().splitlines()) == 1
    fixed = sonic(home, *small_demo.run(FIRST_DAY), "--full-refresh")
    assert fixed.returncode == 0, fixed.stderr
    assert contents(home) == before


def test_real_listeners_never_join_the_demo(home: Path) -> None:
    apps = '[{"client_id": "id", "client_secret": "planted"}]'
    done = command(home, "sonic", "run", cwd=ROOT, SONIC_SPOTIFY_APPS=apps)
    assert done.returncode == 2
    assert "it holds the demo's listeners" in done.stderr
    assert "planted" not in done.stdout + done.stderr
