"""Check what a person gave before anything is imported that takes seconds, or written."""

from datetime import UTC, date, datetime, time
from pathlib import Path

from ingestion.addresses import check_writable
from ingestion.kaggle import files
from sonic.errors import UserError
from sonic.settings import KAGGLE, Settings

FIRST_DAY, LAST_DAY = date(2008, 10, 7), date(2037, 12, 31)  # Spotify's start; the calendar's end


def parse_as_of(text: str | None) -> datetime:
    """Return the instant that `--as-of` names, the end of a day in UTC; now, if it is not given.

    UserError unless it is a day of the calendar.
    """
    if text is None:
        return datetime.now(UTC)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UserError(f"--as-of {text}: not a day; write it as 2026-05-31.") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise UserError(f"--as-of {text}: give a day from {FIRST_DAY} to {LAST_DAY}.")
    return datetime.combine(day, time(23, 59, 59), UTC)


def check_files(settings: Settings, playlists: Path | None) -> None:
    """Raise InputError or UserError unless the given files and folders are what they should be."""
    if settings.has_credentials and playlists:
        raise UserError(
            "--playlists shapes the demo's listeners; it does not go with SONIC_SPOTIFY_APPS, "
            "whose listeners are real."
        )
    check_landing(settings)
    if settings.catalogue and settings.catalogue != KAGGLE:
        files.check(settings.catalogue)
    if playlists and not playlists.is_file():
        raise UserError(f"{playlists}: there is no such file; name a CSV of playlists.")


def check_landing(settings: Settings) -> None:
    """Raise InputError unless the address that is given for landing can be opened and written."""
    if settings.landing_url:
        check_writable(settings.landing_url)
