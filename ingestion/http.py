"""All HTTP calls to the APIs: time-outs, retries, rate limits, token refresh."""

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
MAX_FULL_WINDOWS = 30  # in a row; each answer says how long to wait, so retries do no harm
MAX_WAIT_SECONDS = 120
BACK_OFF = wait_exponential_jitter(multiplier=0.5, max=30, jitter=0.5)


class ApiError(requests.HTTPError):
    """An answer that is not a page; the text holds method, path and status, never a header."""

    def __init__(self, response: requests.Response, reason: str) -> None:
        request = response.request
        path = (request.path_url or "").split("?")[0]
        self.status = response.status_code
        super().__init__(f"{request.method} {path}: {reason} ({self.status})", response=response)


class TransientError(ApiError):
    """Worth a retry: a server error, a body that is cut short."""


class WindowFull(TransientError):
    """Too many requests in the last seconds: wait, then continue."""


class QuotaExceeded(ApiError):
    """The developer account's quota is used up for hours: stop, and continue at the next run."""


class NotReadable(ApiError):
    """403 or 404: the listener may not read this, or it no longer exists."""


def one_line(error: Exception) -> str:
    """Describe a failed call for a person, without its address, whose query may be long."""
    if isinstance(error, requests.RequestException) and not isinstance(error, ApiError):
        return f"no answer ({type(error).__name__})"
    return str(error)


RETRIED = (
    TransientError,
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
)


class NextLink(JSONLinkPaginator):
    """Follows the link at `path`, each link once, and never to another host: it has the token."""

    def __init__(self, path: str = "next") -> None:
        super().__init__(next_url_path=path)
        self._followed: set[str] = set()

    def update_state(self, response: requests.Response, data: list[Any] | None = None) -> None:
        """Read the link to the next page; raises ApiError unless it leads to the same API."""
        super().update_state(response, data)
        link = self._next_reference
        if link is None:
            return
        here = urlsplit(str(response.url))
        if not isinstance(link, str) or urlsplit(link)[:2] != here[:2]:
            raise ApiError(response, "the link to the next page leads out of this API")
        if link in self._followed:
            raise ApiError(response, "the links to the next page form a circle")
        self._followed.add(link)


class BearerAuth(AuthBase):
    """Sends an access token, and gets another one from `fresh_token` when it is refused (401)."""

    def __init__(self, fresh_token: Callable[[], str]) -> None:
        self._fresh_token = fresh_token
        self._token: str | None = None

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the token to a request; `requests` calls this."""
        self._token = self._token or self._fresh_token()
        request.headers["Authorization"] = f"Bearer {self._token}"
        request.hooks["response"].append(self._refresh_once)
        return request

    def _refresh_once(self, response: requests.Response, **kwargs: Any) -> requests.Response:
        if response.status_code != 401:
            return response
        response.content  # noqa: B018 - reads the body, so that the connection can be used again
        self._token = self._fresh_token()
        request = response.request.copy()
        request.headers["Authorization"] = f"Bearer {self._token}"
        again: requests.Response = response.connection.send(request, **kwargs)
        again.history.append(response)
        return again


class Api:
    """Calls one web API; threads may share an object.

    Args:
        base_url: The address that all paths are relative to.
        auth: Adds credentials to each call.
        quota: The request quota of the developer account; a new one if None.
    """

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
        """Yield the body of each page of a list, byte for byte; each is valid JSON.

        Args:
            path: The path of the first page.
            params: Its query.
            paginator: Finds the next page; None if there is only one.
            on_broken: Gets each body that is not complete JSON; the page is requested again.

        Yields:
            The bodies, in order.

        Raises:
            QuotaExceeded: The quota of the developer account is used up.
            NotReadable: The API answered 403 or 404.
            ApiError: The API refused the call, or the last retry failed.
            requests.RequestException: The last retry got no answer.
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
            raise TransientError(response, "the body is not complete JSON") from None

    def _check_quota(self, response: requests.Response) -> None:
        wait = _seconds(response.headers.get("Retry-After", ""))
        if b"QUOTA_EXCEEDED" in response.content or wait > MAX_WAIT_SECONDS:
            refusal = QuotaExceeded(response, "the request quota is used up")
            self._quota.close(refusal)
            raise refusal
        self._quota.pause(wait)
        raise WindowFull(response, "too many requests")


def _retrying(quota: Quota) -> Session:
    """Return a session that retries transient errors and respects the pauses of the quota."""
    session = Session(timeout=TIMEOUT_SECONDS, raise_for_status=False)
    send: Callable[..., requests.Response] = session.send

    def send_when_open(request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        quota.wait()
        return send(request, **kwargs)

    retrying = Retrying(
        retry=retry_if_exception_type(RETRIED),
        wait=_back_off,
        stop=_is_enough,
        sleep=quota.sleep,
        reraise=True,
    )
    session.send = retrying.wraps(send_when_open)  # type: ignore[method-assign]
    return session


def _back_off(state: RetryCallState) -> float:
    # The quota itself waits until a full window opens again.
    return 0.0 if isinstance(_error(state), WindowFull) else float(BACK_OFF(state))


def _is_enough(state: RetryCallState) -> bool:
    """Count full windows separately: they are no sign of a failure."""
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
