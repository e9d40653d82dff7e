"""Time `sonic import-history` on a synthetic export: a first import, and the same again."""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

SONIC = Path(sys.executable).parent / "sonic"
ROWS_PER_FILE = 16_000
# As many bytes per play as in Spotify's files, with every field.
PLAYS = """
    select
        strftime(
            timestamp '2012-01-01' + interval (play * 400) second, '%Y-%m-%dT%H:%M:%SZ'
        ) as ts,
        'Android OS 9 API 28 (samsung, SM-G960F)' as platform,
        (play * 7919) % 240000 as ms_played,
        'DE' as conn_country,
        '203.0.113.' || (play % 250) as ip_addr,
        'Song number ' || track as master_metadata_track_name,
        'The Artist with Number ' || (track % 7000) as master_metadata_album_artist_name,
        'Some Album of ' || (track % 20000) as master_metadata_album_album_name,
        'spotify:track:' || left(md5(track::text), 22) as spotify_track_uri,
        null as episode_name,
        null as episode_show_name,
        null as spotify_episode_uri,
        null as audiobook_title,
        null as audiobook_uri,
        null as audiobook_chapter_uri,
        null as audiobook_chapter_title,
        'clickrow' as reason_start,
        'trackdone' as reason_end,
        play % 2 = 0 as shuffle,
        case play % 3 when 0 then true when 1 then false end as skipped,
        false as offline,
        1325376000 + play * 400 as offline_timestamp,
        false as incognito_mode
    from (select range as play, (range * 31) % 60000 as track from range($first, $last))
"""


def write_export(path: Path, count: int) -> int:
    """Write a zip of `count` plays in files as large as Spotify's; return its unpacked bytes."""
    size = 0
    with (
        tempfile.TemporaryDirectory() as folder,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        duckdb.connect() as connection,
    ):
        for number, first in enumerate(range(0, count, ROWS_PER_FILE)):
            name = f"Streaming_History_Audio_{number}.json"
            plays = connection.execute(
                f"create or replace temp table plays as {PLAYS}",
                {"first": first, "last": min(first + ROWS_PER_FILE, count)},
            )
            plays.execute(f"copy plays to '{folder}/{name}' (format json, array true)")
            size += (Path(folder) / name).stat().st_size
            archive.write(Path(folder) / name, f"Spotify Extended Streaming History/{name}")
            (Path(folder) / name).unlink()
    return size


def timed(path: Path, home: Path) -> float:
    """Run the command and return its time in seconds; a failure ends the benchmark."""
    started = time.perf_counter()
    done = subprocess.run(
        [str(SONIC), "import-history", str(path), "--listener", "anna"],
        env=os.environ | {"SONIC_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stderr)
    return time.perf_counter() - started


def main() -> None:
    """Print one row per import; peak memory is the highest so far."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plays", type=int, default=1_000_000, help="how many plays to import")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "my_spotify_data.zip"
        size = write_export(path, options.plays) / 2**20
        table = Table("import", "plays", "MB unpacked", "seconds", "peak memory, MB")
        for title in ("first", "the same again"):
            seconds = timed(path, Path(folder) / "home")
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            table.add_row(
                title, f"{options.plays:,}", f"{size:,.0f}", f"{seconds:.1f}", f"{peak:,.0f}"
            )
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
