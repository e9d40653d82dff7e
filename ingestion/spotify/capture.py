"""What is asked of Spotify for each listener: only what is new since the last finished run."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from ingestion.errors import SourceError
from ingestion.http import Api, BearerAuth, NextLink, NotReadable, QuotaExceeded
from ingestion.landing import Run
from oauth.spotify import AuthorizationRefused

logger = logging.getLogger(__name__)

PAGE_SIZE = 50
# Asked for again at every run, so that a play that Spotify lists late is not missed.
PLAYS_OVERLAP = timedelta(hours=1)
BEFORE_SPOTIFY = datetime(2006, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class ListenerAccess:
    """A listener, and how to get an access token for them."""

    user_id: str
    fresh_token: Callable[[], str]


class SpotifyCapture:
    """Captures listeners one by one into a run; one listener's failure never stops another's."""

    def __init__(self, base_url: str, run: Run, clock: Callable[[], datetime]) -> None:
        self._base_url = base_url
        self._run = run
        self._clock = clock

    def listener(self, access: ListenerAccess) -> bool:
        """Capture all that is new of one listener; False, and a recorded problem, if it fails.

        The listener's cursors move only when everything of them was captured, so that the next
        run asks again for what is missing. Raises QuotaExceeded, which concerns everybody.
        """
        cursors = dict(self._run.manifest.cursors.get(access.user_id, {}))
        try:
            self._capture(access, cursors)
        except QuotaExceeded:
            raise
        except (requests.RequestException, AuthorizationRefused, SourceError) as error:
            logger.warning("listener %s is left for the next run: %s", access.user_id, error)
            self._run.manifest.problems.append({"user_id": access.user_id, "reason": str(error)})
            return False
        self._run.manifest.cursors[access.user_id] = cursors
        return True

    def _capture(self, access: ListenerAccess, cursors: dict[str, Any]) -> None:
        api = Api(self._base_url, BearerAuth(access.fresh_token))
        for body in api.pages("me", {}):
            self._land("profile", body, access)
        self._plays(api, access, cursors)
        self._saved_tracks(api, access, cursors)
        self._playlists(api, access, cursors)

    def _plays(self, api: Api, access: ListenerAccess, cursors: dict[str, Any]) -> None:
        params: dict[str, Any] = {"limit": PAGE_SIZE}
        newest = _instant(cursors.get("played_at")) or BEFORE_SPOTIFY
        if newest > BEFORE_SPOTIFY:
            params["after"] = int((newest - PLAYS_OVERLAP).timestamp() * 1000)
        for body, items in self._items(api, "me/player/recently-played", params):
            self._land("plays", body, access)
            # Only what is an instant and not to come: a cursor in the future would end all capture.
            seen = [at for at in _instants(items, "played_at") if at <= self._clock()]
            newest = max([newest, *seen])
            cursors["played_at"] = newest.isoformat()

    def _saved_tracks(self, api: Api, access: ListenerAccess, cursors: dict[str, Any]) -> None:
        known = newest = _instant(cursors.get("saved_at")) or BEFORE_SPOTIFY
        head: str | None = None
        for body, items in self._items(api, "me/tracks", {"limit": PAGE_SIZE}):
            if head is None:
                head = _digest(items)
                if head == cursors.get("saved_head"):
                    return  # the first page is as it was: nothing was saved since
            added = [at for at in _instants(items, "added_at") if at <= self._clock()]
            self._land("saved_tracks", body, access)
            newest = max([newest, *added])
            if added and min(added) < known:
                break  # newest first: all after this page is landed already
        cursors |= {"saved_at": newest.isoformat(), "saved_head": head}

    def _playlists(self, api: Api, access: ListenerAccess, cursors: dict[str, Any]) -> None:
        known = cursors.get("snapshots", {})
        snapshots: dict[str, str] = {}
        for body, playlists in self._items(api, "me/playlists", {"limit": PAGE_SIZE}):
            self._land("playlists", body, access)
            for playlist in playlists:
                playlist_id, snapshot = playlist.get("id"), playlist.get("snapshot_id")
                if not isinstance(playlist_id, str) or not isinstance(snapshot, str):
                    continue  # the parser sets it aside
                if snapshot != known.get(playlist_id):
                    self._playlist_items(api, access, playlist_id, snapshot)
                snapshots[playlist_id] = snapshot
        cursors["snapshots"] = snapshots

    def _playlist_items(
        self, api: Api, access: ListenerAccess, playlist_id: str, snapshot_id: str
    ) -> None:
        context = {"playlist_id": playlist_id, "snapshot_id": snapshot_id}
        for name in ("items", "tracks"):  # the second is what older apps have
            path = f"playlists/{playlist_id}/{name}"
            try:
                # All pages or none: half a snapshot would look as if the rest had been removed.
                for body, _ in list(self._items(api, path, {"limit": PAGE_SIZE})):
                    self._land("playlist_items", body, access, **context)
                return
            except NotReadable as refusal:
                if refusal.status == 403:
                    break  # somebody else's: readable for its owner and collaborators alone
        logger.info("playlist %s is not readable for %s", playlist_id, access.user_id)

    def _items(
        self, api: Api, path: str, params: dict[str, Any]
    ) -> Iterator[tuple[bytes, list[dict[str, Any]]]]:
        """Yield each page but empty ones, with its items that are objects."""
        for body in api.pages(path, params, NextLink()):
            content = json.loads(body)
            items = content.get("items") if isinstance(content, dict) else None
            if items != []:  # a page without a list is landed too: the parser sets it aside
                yield body, [item for item in items or () if isinstance(item, dict)]

    def _land(self, data_type: str, body: bytes, access: ListenerAccess, **context: Any) -> None:
        self._run.add(data_type, body, self._clock(), access.user_id, **context)


def _digest(items: list[dict[str, Any]]) -> str:
    return hashlib.sha256(json.dumps(items, sort_keys=True).encode()).hexdigest()


def _instants(items: list[dict[str, Any]], field: str) -> list[datetime]:
    return [at for item in items if (at := _instant(item.get(field)))]


def _instant(value: Any) -> datetime | None:
    """Read an ISO 8601 instant with its zone; None for anything else."""
    try:
        instant = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return instant if instant.tzinfo else None
