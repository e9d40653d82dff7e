"""Checks what is installed, configured and reachable, and says how to fix the rest."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import duckdb
import requests
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ingestion.extras import how_to_install
from sonic.doctor.configuration import check_configuration
from sonic.doctor.finding import Finding, Mark
from sonic.home import unwritable
from sonic.settings import Settings

PACKAGES = ("dlt", "duckdb", "dbt-core", "dbt-duckdb", "lightgbm", "annoy")
REACH_SECONDS = 3.0
NEEDED_FREE_BYTES = 2 * 10**9


def run_checks(settings: Settings, console: Console) -> int:
    """Run all checks and print one line for each; nothing is written.

    Args:
        settings: What is checked.
        console: Gets the lines.

    Returns:
        The exit code: 1 if anything that a run needs is missing, else 0.
    """
    findings = [
        *_installed(),
        *_home(settings),
        *check_configuration(settings),
        *(_reachable(settings) if settings.has_credentials else ()),
    ]
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for _ in range(4):
        table.add_column(overflow="fold")  # a command or a path is of no use without its end
    for each in findings:
        fix = f"[dim]→ {escape(each.fix)}[/]" if each.fix else ""
        table.add_row(each.mark.value, each.what, escape(each.how_it_is), fix)
    console.print(table)
    return int(any(each.mark is Mark.FAILURE for each in findings))


def _installed() -> Iterator[Finding]:
    supported = (3, 11) <= sys.version_info < (3, 14)
    yield Finding(
        Mark.OK if supported else Mark.FAILURE,
        "Python",
        platform.python_version(),
        "" if supported else "install Python 3.11 to 3.13 and run `make clean setup`",
    )
    for package in PACKAGES:
        try:
            yield Finding(Mark.OK, package, version(package))
        except PackageNotFoundError:
            yield Finding(Mark.FAILURE, package, "not installed", f"run `{how_to_install()}`")


def _home(settings: Settings) -> Iterator[Finding]:
    existing = next(each for each in (settings.home, *settings.home.parents) if each.exists())
    if not (existing.is_dir() and os.access(existing, os.W_OK)):
        yield Finding(Mark.FAILURE, "SONIC_HOME", str(unwritable(settings.home, str(existing))))
        return
    free = shutil.disk_usage(existing).free
    enough = free >= NEEDED_FREE_BYTES
    yield Finding(
        Mark.OK if enough else Mark.FAILURE,
        "SONIC_HOME",
        f"{settings.home}, {free / 1e9:.0f} GB free",
        "" if enough else "make room, or set SONIC_HOME to a larger disk",
    )
    if settings.warehouse.exists():
        yield _warehouse(settings.warehouse)


def _warehouse(path: Path) -> Finding:
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            connection.execute("select 1 from bronze.sonic_run_clock limit 1")
    except duckdb.CatalogException:
        return Finding(Mark.NOTE, "Warehouse", "no run has been loaded yet")
    except duckdb.IOException as error:
        how_it_is = str(error).splitlines()[0]
        if "lock" in how_it_is:
            return Finding(Mark.NOTE, "Warehouse", "a run is in progress")
        fix = "remove the file: the next run loads it again from landing"
        return Finding(Mark.FAILURE, "Warehouse", how_it_is, fix)
    return Finding(Mark.OK, "Warehouse", str(path))


def _reachable(settings: Settings) -> Iterator[Finding]:
    for name, url in (
        ("Spotify accounts", settings.spotify_accounts_url),
        ("Spotify Web API", settings.spotify_api_url),
        ("ReccoBeats", settings.reccobeats_url),
    ):
        try:
            requests.head(url, timeout=REACH_SECONDS)
        except requests.RequestException as error:
            fix = "check the network and the address in .env"
            yield Finding(Mark.FAILURE, name, f"{url}: {type(error).__name__}", fix)
        else:
            yield Finding(Mark.OK, name, url)
