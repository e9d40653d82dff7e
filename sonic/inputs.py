"""Checks of a command's input, before slow imports and before anything is written."""

from datetime import UTC, date, datetime, time
from pathlib import Path

from ingestion.addresses import check_writable
from ingestion.kaggle import files
from sonic.errors import UserError
from sonic.settings import KAGGLE, Settings

FIRST_DAY, LAST_DAY = date(2008, 10, 7), date(2037, 12, 31)  # Spotify's start; the calendar's end


def parse_as_of(text: str | None) -> datetime:
    """Return the instant that `--as-of` means.

    Args:
        text: A day, such as 2026-05-31, or None for now.

    Returns:
        The last second of the day in UTC, or now.

    Raises:
        UserError: It is not a day, or out of range.
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
    """Check the catalogue, the playlists and landing.

    Args:
        settings: Name the catalogue and landing.
        playlists: A CSV of the demo's listeners' tastes, or None.

    Raises:
        InputError: The catalogue or landing cannot be used.
        UserError: There is no such file of playlists, or real listeners are configured.
    """
    if settings.has_credentials and playlists:
        raise UserError(
            "--playlists is for the demo's listeners; it cannot be used with SONIC_SPOTIFY_APPS, "
            "whose listeners are real."
        )
    check_landing(settings)
    if settings.catalogue and settings.catalogue != KAGGLE:
        files.check(settings.catalogue)
    if playlists and not playlists.is_file():
        raise UserError(f"{playlists}: there is no such file; give a CSV of playlists.")


def check_landing(settings: Settings) -> None:
    """Check that the address of landing can be opened and written, if one is set.

    Args:
        settings: Name landing.

    Raises:
        InputError: It cannot.
    """
    if settings.landing_url:
        check_writable(settings.landing_url)
