"""The one place that speaks HTTP to the APIs: time-outs, retries, rate limits, token refresh."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import requests
from dlt.sources.helpers.requests import Session
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.paginators import (
    BasePaginator,
    JSONLinkPaginator,
    SinglePagePaginator,
)
from requests.auth import AuthBase
from tenacity import RetryCallState, Retrying, retry_if_exception_type
from tenacity.wait import wait_exponential_jitter

from ingestion.quota import Quota

TIMEOUT_SECONDS = 20.0
MAX_ATTEMPTS = 6
MAX_FULL_WINDOWS = 30  # in a row; the answer says how long to wait, so asking again is polite
MAX_WAIT_SECONDS = 120
BACK_OFF = wait_exponential_jitter(multiplier=0.5, max=30, jitter=0.5)


class ApiError(requests.HTTPError):
    """An answer that is no page; the text holds method, path and status, never a header."""

    def __init__(self, response: requests.Response, what: str) -> None:
        request = response.request
        path = (request.path_url or "").split("?")[0]
        self.status = response.status_code
        super().__init__(f"{request.method} {path}: {what} ({self.status})", response=response)


class TransientError(ApiError):
    """Worth trying again: a server error, a body cut short."""


class WindowFull(TransientError):
    """Too many requests in the last seconds: wait and go on."""


class QuotaExceeded(ApiError):
    """The developer account's quota is used up for hours: stop, and go on at the next run."""


class NotReadable(ApiError):
    """403 or 404: this listener may not read this, or it is gone."""


def one_line(error: Exception) -> str:
    """Return what a person is told of a failed call; never an address, whose query may be long."""
    if isinstance(error, requests.RequestException) and not isinstance(error, ApiError):
        return f"no answer ({type(error).__name__})"
    return str(error)


PASSING = (
    TransientError,
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
)


class NextLink(JSONLinkPaginator):
    """Follows the link at `path`, each one once.

    Never to another host, which would be sent the token.
    """

    def __init__(self, path: str = "next") -> None:
        super().__init__(next_url_path=path)
        self._followed: set[str] = set()

    def update_state(self, response: requests.Response, data: list[Any] | None = None) -> None:
        """Read where the next page is; ApiError for anything but an address of the same API."""
        super().update_state(response, data)
        following = self._next_reference
        if following is None:
            return
        here = urlsplit(str(response.url))
        if not isinstance(following, str) or urlsplit(following)[:2] != here[:2]:
            raise ApiError(response, "the next page is at no address of this API")
        if following in self._followed:
            raise ApiError(response, "the pages go round in a circle")
        self._followed.add(following)


class BearerAuth(AuthBase):
    """Sends an access token, and asks `fresh_token` for another one when it is refused (401)."""

    def __init__(self, fresh_token: Callable[[], str]) -> None:
        self._fresh_token = fresh_token
        self._token: str | None = None

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign the request (the name that requests asks for)."""
        self._token = self._token or self._fresh_token()
        request.headers["Authorization"] = f"Bearer {self._token}"
        request.hooks["response"].append(self._refresh_once)
        return request

    def _refresh_once(self, response: requests.Response, **kwargs: Any) -> requests.Response:
        if response.status_code != 401:
            return response
        response.content  # noqa: B018 - drains the body, so that the connection is used again
        self._token = self._fresh_token()
        request = response.request.copy()
        request.headers["Authorization"] = f"Bearer {self._token}"
        again: requests.Response = response.connection.send(request, **kwargs)
        again.history.append(response)
        return again


class Api:
    """One web API at `base_url`, within the quota of its account; threads may share it."""

    def __init__(
        self, base_url: str, auth: AuthBase | None = None, quota: Quota | None = None
    ) -> None:
        self._quota = quota or Quota()
        self._client = RESTClient(base_url, auth=auth, session=_retrying(self._quota))

    def pages(
        self,
        path: str,
        params: dict[str, Any],
        paginator: BasePaginator | None = None,
        on_broken: Callable[[bytes], None] = lambda _: None,
    ) -> Iterator[bytes]:
        """Yield the body of each page as it came, all of them valid JSON.

        A body that is cut short is handed to `on_broken`, and the page is asked for again. Raises
        QuotaExceeded, NotReadable, or what the last attempt raised.
        """
        for page in self._client.paginate(
            path,
            params=params,
            paginator=paginator or SinglePagePaginator(),
            data_selector="$",
            hooks={"response": [partial(self._check, on_broken)]},
        ):
            yield page.response.content

    def _check(
        self,
        on_broken: Callable[[bytes], None],
        response: requests.Response,
        **_: Any,
    ) -> None:
        status = response.status_code
        if status == 429:
            self._check_quota(response)
        if status >= 500:
            raise TransientError(response, "server error")
        if status in (403, 404):
            raise NotReadable(response, "not readable")
        if status >= 400:
            raise ApiError(response, "refused")
        try:
            json.loads(response.content)
        except (ValueError, RecursionError):
            on_broken(response.content)
            raise TransientError(response, "the body is no complete JSON") from None

    def _check_quota(self, response: requests.Response) -> None:
        wait = _seconds(response.headers.get("Retry-After", ""))
        if b"QUOTA_EXCEEDED" in response.content or wait > MAX_WAIT_SECONDS:
            refusal = QuotaExceeded(response, "the request quota is used up")
            self._quota.close(refusal)
            raise refusal
        self._quota.pause(wait)
        raise WindowFull(response, "too many requests")


def _retrying(quota: Quota) -> Session:
    """Return a session that tries again what passes, and keeps to the pauses of the quota."""
    session = Session(timeout=TIMEOUT_SECONDS, raise_for_status=False)
    send: Callable[..., requests.Response] = session.send

    def send_when_open(request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        quota.wait()
        return send(request, **kwargs)

    retrying = Retrying(
        retry=retry_if_exception_type(PASSING),
        wait=_back_off,
        stop=_is_enough,
        sleep=quota.sleep,
        reraise=True,
    )
    session.send = retrying.wraps(send_when_open)  # type: ignore[method-assign]
    return session


def _back_off(state: RetryCallState) -> float:
    # The quota has been told for how long the window is full.
    return 0.0 if isinstance(_error(state), WindowFull) else float(BACK_OFF(state))


def _is_enough(state: RetryCallState) -> bool:
    """Count full windows apart: they say nothing of what else goes wrong."""
    windows = getattr(state, "count_windows", 0) + isinstance(_error(state), WindowFull)
    state.count_windows = windows  # type: ignore[attr-defined]
    return windows >= MAX_FULL_WINDOWS or state.attempt_number - windows >= MAX_ATTEMPTS


def _error(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None


def _seconds(retry_after: str) -> float:
    """Read a `Retry-After` header: seconds or an HTTP date (RFC 9110); 1 for anything else."""
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return 1.0
