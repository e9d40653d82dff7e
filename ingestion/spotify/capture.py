"""Capture many listeners at once; one listener's failure never stops another's."""

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
WORKERS = 8  # listeners at once; waiting for answers, not computing, is what takes time


@dataclass(frozen=True)
class ListenerAccess:
    """A listener, how to get an access token for them, since when, and whose quota it uses."""

    user_id: str
    fresh_token: Callable[[], str]
    connected_at: datetime
    account: str = ""


@dataclass
class SpotifyCapture:
    """Captures listeners, each in a run of their own; those of one account share its quota.

    It counts what was landed; `problems` say what could not be read and waits for the next run.
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
        """Capture what is new of all listeners; return of how many everything was captured.

        Listeners of an account whose quota is used up wait for the next run.
        """
        quotas = [self.quotas[access.account] for access in accesses]
        with ThreadPoolExecutor(WORKERS) as pool:
            turns = [
                pool.submit(self._listener, *pair) for pair in zip(accesses, quotas, strict=True)
            ]
            try:
                for number, turn in enumerate(as_completed(turns), 1):
                    self._count(turn.result())
                    progress(number)
            except BaseException as interrupt:
                for quota in quotas:
                    quota.close(SourceError(f"stopped: {type(interrupt).__name__}"))
                pool.shutdown(cancel_futures=True)
                raise
        return sum(not turn.result().problems for turn in turns)

    def _count(self, manifest: Manifest) -> None:
        self.count_pages += len(manifest.pages)
        self.count_gaps += len(manifest.facts.get("spotify_capture_gaps", ()))
        self.problems += [problem["reason"] for problem in manifest.problems]

    def _listener(self, access: ListenerAccess, quota: Quota) -> Manifest:
        run = self.landing.new_run(SOURCE, self.as_of)
        api = Api(self.base_url, BearerAuth(access.fresh_token), quota)
        sync = ListenerSync(access.user_id, api, run, self.clock, access.connected_at, self.market)
        former = self.landing.cursors(SOURCE, access.user_id)
        cursors = dict(former)
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
        except Exception as error:  # what nobody foresaw stops no other listener either
            logger.exception("capture of %s", access.user_id)
            sync.problem(f"unforeseen: {type(error).__name__}")
        finally:
            manifest = run.finish()
            if cursors != former:
                self.landing.move_cursors(SOURCE, access.user_id, cursors)
        return manifest
