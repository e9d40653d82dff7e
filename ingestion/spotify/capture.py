"""Sync many listeners in parallel; one listener's failure never stops another's sync."""

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime

import requests

from ingestion.errors import SourceError
from ingestion.http import Api, BearerAuth, QuotaExceeded, one_line
from ingestion.landing import Landing, Manifest
from ingestion.quota import Quota
from ingestion.spotify.listener_sync import ListenerSync, Unreadable
from ingestion.spotify.sections import SECTIONS
from oauth.spotify import AuthorizationRefused

logger = logging.getLogger(__name__)

SOURCE = "spotify"
WORKERS = 8  # listeners in parallel; they wait for answers most of the time


@dataclass(frozen=True)
class ListenerAccess:
    """A listener whose data may be read.

    Args:
        user_id: The listener's Spotify id.
        fresh_token: Returns a new access token.
        connected_at: When they signed in, with a time zone; capture gaps start there.
        account: The developer account whose request quota is used.
    """

    user_id: str
    fresh_token: Callable[[], str]
    connected_at: datetime
    account: str = ""


@dataclass
class SpotifyCapture:
    """Syncs listeners, one capture run each; listeners of one developer account share its quota.

    Args:
        base_url: The address of Spotify's Web API.
        landing: Gets the pages.
        as_of: The instant that the runs describe, with a time zone.
        clock: Returns the current instant, with a time zone.
        market: The country whose tracks are requested, such as `DE`; None for the listener's own.
        quotas: The request quotas by developer account.
        problems: Filled by this object: what could not be read and is left for the next run.
        count_pages: Pages landed so far.
        count_gaps: Capture gaps found so far.
    """

    base_url: str
    landing: Landing
    as_of: datetime
    clock: Callable[[], datetime]
    market: str | None = None
    quotas: dict[str, Quota] = field(default_factory=lambda: defaultdict(Quota))
    problems: list[str] = field(default_factory=list)
    count_pages: int = 0
    count_gaps: int = 0

    def listeners(self, accesses: Sequence[ListenerAccess], progress: Callable[[int], None]) -> int:
        """Land what is new of each listener.

        Listeners of an account whose quota is used up wait for the next run.

        Args:
            accesses: The listeners.
            progress: Called with the number of listeners that are done.

        Returns:
            The number of listeners that were synced without a problem.
        """
        quotas = [self.quotas[access.account] for access in accesses]
        with ThreadPoolExecutor(WORKERS) as pool:
            syncs = [pool.submit(self._sync, *pair) for pair in zip(accesses, quotas, strict=True)]
            try:
                for number, done in enumerate(as_completed(syncs), 1):
                    self._count(done.result())
                    progress(number)
            except BaseException as interrupt:
                for quota in quotas:
                    quota.close(SourceError(f"stopped: {type(interrupt).__name__}"))
                pool.shutdown(cancel_futures=True)
                raise
        return sum(not done.result().problems for done in syncs)

    def _count(self, manifest: Manifest) -> None:
        self.count_pages += len(manifest.pages)
        self.count_gaps += len(manifest.facts.get("spotify_capture_gaps", ()))
        self.problems += [problem["reason"] for problem in manifest.problems]

    def _sync(self, access: ListenerAccess, quota: Quota) -> Manifest:
        run = self.landing.new_run(SOURCE, self.as_of)
        api = Api(self.base_url, BearerAuth(access.fresh_token), quota)
        sync = ListenerSync(access.user_id, api, run, self.clock, access.connected_at, self.market)
        stored = self.landing.cursors(SOURCE, access.user_id)
        cursors = dict(stored)
        try:
            for data_type, section in SECTIONS.items():
                try:
                    cursors |= section(sync, cursors)
                except QuotaExceeded:
                    raise
                except (requests.RequestException, Unreadable) as error:
                    sync.problem(f"{data_type}: {one_line(error)}")
        except (QuotaExceeded, AuthorizationRefused, SourceError) as error:
            sync.problem(one_line(error))
        except Exception as error:  # unexpected errors must not stop the other listeners
            logger.exception("sync of %s", access.user_id)
            sync.problem(f"unexpected error: {type(error).__name__}")
        finally:
            manifest = run.finish()
            if cursors != stored:
                self.landing.move_cursors(SOURCE, access.user_id, cursors)
        return manifest
