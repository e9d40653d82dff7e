"""Capture many listeners at once; one listener's failure never stops another's."""

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime

import requests

from ingestion.errors import SourceError
from ingestion.http import Api, ApiError, BearerAuth, QuotaExceeded
from ingestion.landing import Run
from ingestion.quota import Quota
from ingestion.spotify.sections import SECTIONS
from ingestion.spotify.visit import Visit
from oauth.spotify import AuthorizationRefused

logger = logging.getLogger(__name__)

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
    """Captures listeners into a run; those of one developer account share its quota."""

    base_url: str
    run: Run
    clock: Callable[[], datetime]
    market: str | None = None
    quotas: dict[str, Quota] = field(default_factory=lambda: defaultdict(Quota))

    def listeners(self, accesses: Sequence[ListenerAccess], progress: Callable[[int], None]) -> int:
        """Capture what is new of all listeners; return of how many everything was captured.

        What could not be read is among the run's problems, and waits for the next run; so do all
        listeners of an account whose quota is used up.
        """
        quotas = {access.user_id: self.quotas[access.account] for access in accesses}
        with ThreadPoolExecutor(WORKERS) as pool:
            turns = [
                pool.submit(self._listener, access, quotas[access.user_id]) for access in accesses
            ]
            try:
                for number, _ in enumerate(as_completed(turns), 1):
                    progress(number)
            except BaseException as interrupt:
                for quota in quotas.values():
                    quota.close(SourceError(f"stopped: {type(interrupt).__name__}"))
                pool.shutdown(cancel_futures=True)
                raise
        return sum(turn.result() for turn in turns)

    def _listener(self, access: ListenerAccess, quota: Quota) -> bool:
        api = Api(self.base_url, BearerAuth(access.fresh_token), quota)
        visit = Visit(access.user_id, api, self.run, self.clock, access.connected_at, self.market)
        cursors = dict(self.run.manifest.cursors.get(access.user_id, {}))
        try:
            for data_type, section in SECTIONS.items():
                try:
                    cursors |= section(visit, cursors)
                except QuotaExceeded:
                    raise
                except ApiError as error:
                    visit.problems.append(f"{data_type}: {error}")
        except (requests.RequestException, AuthorizationRefused, SourceError) as error:
            visit.problems.append(str(error))
        self.run.manifest.cursors[access.user_id] = cursors
        for reason in visit.problems:
            logger.warning("something of %s waits for the next run: %s", access.user_id, reason)
            self.run.manifest.problems.append({"user_id": access.user_id, "reason": reason})
        return not visit.problems
