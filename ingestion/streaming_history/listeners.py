"""The listeners of imported exports, signed in or not."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, unquote
from zoneinfo import available_timezones

from ingestion.errors import InputError
from ingestion.landing import Landing
from ingestion.streaming_history import SOURCE

LISTENER = "listener"
# A listener's folder in landing is the id, percent-encoded; file systems allow 255 bytes.
MAX_ID_CHARACTERS = 200
SHOWN_CHARACTERS = 60
_ID = re.compile(r"[^\s/\\:_-][^\s/\\:]*")
_PROFILE = re.compile(
    r"(?:spotify:user:|(?:https?://)?open\.spotify\.com/(?:intl-[a-z-]+/)?user/)"
    r"([^\s/:?#]+)/?(?:[?#]\S*)?"
)


@dataclass(frozen=True)
class ImportedListener:
    """A listener of an import; the export has no name, so `display_name` is None."""

    user_id: str
    display_name: str | None
    time_zone: str
    imported_at: datetime


def imported_listeners(landing: Landing) -> list[ImportedListener]:
    """Return every listener with a finished import, as of the newest one.

    Args:
        landing: Holds the imports.

    Returns:
        The listeners, sorted by id.
    """
    newest: dict[str, ImportedListener] = {}
    for manifest in landing.manifests(SOURCE):
        for page in manifest.pages:
            if page.data_type == LISTENER:
                fields = json.loads(landing.read(page.path))
                imported_at = datetime.fromisoformat(page.captured_at)
                newest[fields["user_id"]] = ImportedListener(**fields, imported_at=imported_at)
    return [newest[user_id] for user_id in sorted(newest)]


def parse_listener(given: str) -> str:
    """Read a Spotify user ID.

    Args:
        given: The ID, a `spotify:user:` URI, or the link to the profile.

    Returns:
        The ID.

    Raises:
        InputError: The text cannot be a Spotify user ID.
    """
    if not given.strip():
        raise InputError("--listener is empty; give the listener's Spotify user ID.")
    profile = _PROFILE.fullmatch(given.strip())
    user_id = unquote(profile[1]) if profile else given
    if not _ID.fullmatch(user_id) or not user_id.isprintable() or user_id in (".", ".."):
        raise InputError(
            f"--listener {given[:SHOWN_CHARACTERS]!r}: not a Spotify user ID: it has no spaces, "
            "slashes, colons or control characters, and starts with no dash or underscore."
        )
    if len(quote(user_id, safe="")) > MAX_ID_CHARACTERS:
        raise InputError(
            f"--listener {user_id[:20]}…: an ID has at most {MAX_ID_CHARACTERS} letters."
        )
    return user_id


def check_time_zone(time_zone: str | None) -> None:
    """Raise InputError unless the time zone is an IANA name or None."""
    if time_zone is not None and time_zone not in available_timezones():
        raise InputError(
            f"--time-zone {time_zone!r}: unknown time zone; give a name such as Europe/Berlin."
        )
