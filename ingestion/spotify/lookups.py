"""Ask Spotify one by one for the tracks that are known by their id alone: those of an export."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime

import requests
from pydantic import ValidationError

from ingestion.errors import SourceError
from ingestion.http import Api, ApiError, BearerAuth, QuotaExceeded, TransientError, one_line
from ingestion.landing import Run
from ingestion.load import Bronze
from ingestion.quota import Quota
from ingestion.spotify.objects import Described
from ingestion.tables import SPOTIFY, STREAMING_HISTORY
from oauth.spotify import AuthorizationRefused

logger = logging.getLogger(__name__)

WORKERS = 8
NOT_SIGNED_IN = 401
MOST_FAILURES = 5

# Bronze is the queue and its memory: a track that was found, or is none, never comes back.
WANTED = """
select plays.track_id
from streaming_history_plays as plays
left join (
    select track_id from spotify_tracks
    union
    select track_id from spotify_track_lookups
) as known on plays.track_id = known.track_id
where plays.track_id is not null and known.track_id is null
group by plays.track_id
order by count(*) desc, plays.track_id
limit {limit}
"""


def wanted_tracks(bronze: Bronze, limit: int) -> list[str]:
    """Return the ids of undescribed tracks of the exports, the most played ones first."""
    bronze.declare("spotify", SPOTIFY)
    bronze.declare("streaming_history", STREAMING_HISTORY)
    return [track_id for (track_id,) in bronze.query("spotify", WANTED.format(limit=limit))]


@dataclass
class TrackLookups:
    """Looks tracks up into a run, several at once within one quota.

    What fails is asked again in the next run. Only a refusal of this very track (no such id, not to
    be read) counts as not found.
    """

    base_url: str
    run: Run
    fresh_token: Callable[[], str]
    clock: Callable[[], datetime]
    quota: Quota
    market: str | None = None
    _failures: int = 0

    def look_up(self, track_ids: Sequence[str], progress: Callable[[int], None]) -> int:
        """Land the description of each track; return how many were answered."""
        api = Api(self.base_url, BearerAuth(self.fresh_token), self.quota)
        with ThreadPoolExecutor(WORKERS) as pool:
            answers = [pool.submit(self._one, api, track_id) for track_id in track_ids]
            try:
                for number, _ in enumerate(as_completed(answers), 1):
                    progress(number)
            except BaseException as interrupt:
                self.quota.close(SourceError(f"stopped: {type(interrupt).__name__}"))
                pool.shutdown(cancel_futures=True)
                raise
        return sum(answer.result() for answer in answers)

    def _one(self, api: Api, track_id: str) -> bool:
        params = {"market": self.market} if self.market else {}
        is_found = True
        try:
            for body in api.pages(f"tracks/{track_id}", params):
                Described.model_validate_json(body)
                self.run.add("objects", body, self.clock(), track_id=track_id)
        except QuotaExceeded:
            return False
        except ApiError as refusal:
            if isinstance(refusal, TransientError) or refusal.status == NOT_SIGNED_IN:
                return self._fail(refusal)
            is_found = False
        except ValidationError:
            return self._problem("an answer that is no track")
        except (requests.RequestException, AuthorizationRefused, SourceError) as error:
            return False if self.quota.is_closed else self._fail(error)
        self._failures = 0
        asked_at = self.clock().isoformat()
        self.run.record(
            "spotify_track_lookups", track_id=track_id, asked_at=asked_at, is_found=is_found
        )
        return True

    def _fail(self, error: Exception) -> bool:
        """Ask no more in this run once several answers in a row have failed."""
        self._failures += 1
        if self._failures >= MOST_FAILURES:
            self.quota.close(SourceError(one_line(error)))
        return self._problem(one_line(error))

    def _problem(self, reason: str) -> bool:
        logger.warning("track look-ups are left for the next run: %s", reason)
        self.run.manifest.problems.append({"reason": reason})
        return False
