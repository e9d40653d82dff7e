"""Who was imported: the listeners that Sonic knows from an export, connected or not."""

import json
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from zoneinfo import available_timezones

from ingestion.errors import InputError
from ingestion.landing import Landing
from ingestion.streaming_history import SOURCE

LISTENER = "listener"
# A listener's folder in landing is named after the id, percent-encoded; names end at 255 bytes.
MAX_ID_CHARACTERS = 200


@dataclass(frozen=True)
class ImportedListener:
    """A listener as the newest import says; the export names nobody, so no name is known."""

    user_id: str
    display_name: str | None
    time_zone: str
    imported_at: datetime


def imported_listeners(landing: Landing) -> list[ImportedListener]:
    """Return every listener that an import was finished for, by id, as the newest one says."""
    newest: dict[str, ImportedListener] = {}
    for manifest in landing.manifests(SOURCE):
        for page in manifest.pages:
            if page.data_type == LISTENER:
                fields = json.loads(landing.read(page.path))
                imported_at = datetime.fromisoformat(page.captured_at)
                newest[fields["user_id"]] = ImportedListener(**fields, imported_at=imported_at)
    return [newest[user_id] for user_id in sorted(newest)]


def check_listener(user_id: str, time_zone: str | None) -> None:
    """Raise InputError unless the id can name a listener and the zone, if given, is one of IANA."""
    if not user_id.strip():
        raise InputError("--listener is empty; give the listener's Spotify user ID.")
    if not user_id.isprintable() or user_id != user_id.strip():
        raise InputError(
            f"--listener {user_id!r}: an ID has no control characters or spaces around."
        )
    if len(quote(user_id, safe="")) > MAX_ID_CHARACTERS:
        raise InputError(
            f"--listener {user_id[:20]}…: an ID has at most {MAX_ID_CHARACTERS} letters."
        )
    if user_id in (".", "..") or user_id.startswith("_"):
        raise InputError(f"--listener {user_id}: not an ID; give the listener's Spotify user ID.")
    if time_zone is not None and time_zone not in available_timezones():
        raise InputError(f"--time-zone {time_zone!r}: no such zone; write it as Europe/Berlin.")
