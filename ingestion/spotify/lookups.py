"""Look up tracks one by one in Spotify's API: those of an export, known by their id only."""

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
MAX_FAILURES = 5  # in a row

# Bronze is the queue: a track that was looked up, found or not, is not in it any more.
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
    """Return tracks that only exports name, the most played ones first.

    Args:
        bronze: Holds the plays; missing tables are created.
        limit: How many tracks at most.

    Returns:
        Spotify track ids.

    Raises:
        SourceError: Bronze cannot be read or written.
    """
    bronze.declare("spotify", SPOTIFY)
    bronze.declare("streaming_history", STREAMING_HISTORY)
    return [track_id for (track_id,) in bronze.query("spotify", WANTED.format(limit=limit))]


@dataclass
class TrackLookups:
    """Looks up tracks, several in parallel within one quota.

    A call that fails is repeated in the next run. A track counts as not found only if the API
    refuses exactly this track: an unknown id, or not readable.

    Args:
        base_url: The address of Spotify's Web API.
        run: Gets the pages; the caller finishes it.
        fresh_token: Returns a new access token; an app's own token is enough.
        clock: Returns the current instant, with a time zone.
        quota: The request quota of the developer account.
        market: The country whose tracks are requested, such as `DE`; None for the token's own.
    """

    base_url: str
    run: Run
    fresh_token: Callable[[], str]
    clock: Callable[[], datetime]
    quota: Quota
    market: str | None = None
    _failures: int = 0

    def look_up(self, track_ids: Sequence[str], progress: Callable[[int], None]) -> int:
        """Land the description of each track.

        Args:
            track_ids: Spotify track ids.
            progress: Called with the number of tracks that are done.

        Returns:
            The number of tracks that were answered, found or not.
        """
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
            return self._problem("an answer that is not a track")
        except (requests.RequestException, AuthorizationRefused, SourceError) as error:
            return False if self.quota.is_closed else self._fail(error)
        self._failures = 0
        asked_at = self.clock().isoformat()
        self.run.record(
            "spotify_track_lookups", track_id=track_id, asked_at=asked_at, is_found=is_found
        )
        return True

    def _fail(self, error: Exception) -> bool:
        """Note a failure; several in a row end the look-ups of this run."""
        self._failures += 1
        if self._failures >= MAX_FAILURES:
            self.quota.close(SourceError(one_line(error)))
        return self._problem(one_line(error))

    def _problem(self, reason: str) -> bool:
        logger.warning("track look-ups left for the next run: %s", reason)
        self.run.manifest.problems.append({"reason": reason})
        return False
