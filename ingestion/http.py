"""The one place that speaks HTTP to the APIs: time-outs, retries, rate limits, token refresh."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import requests
from dlt.sources.helpers.requests import Client
from dlt.sources.helpers.rest_client import RESTClient
from dlt.sources.helpers.rest_client.paginators import (
    BasePaginator,
    JSONLinkPaginator,
    SinglePagePaginator,
)
from requests.auth import AuthBase

TIMEOUT_SECONDS = 20.0
MAX_ATTEMPTS = 6
MAX_WAIT_SECONDS = 120


class ApiError(requests.HTTPError):
    """An answer that is no page; the text holds method, path and status, never a header."""

    def __init__(self, response: requests.Response, what: str) -> None:
        request = response.request
        path = (request.path_url or "").split("?")[0]
        self.status = response.status_code
        super().__init__(f"{request.method} {path}: {what} ({self.status})", response=response)


class TransientError(ApiError):
    """Worth trying again: a full rate window, a server error, a body cut short."""


class QuotaExceeded(ApiError):
    """The developer account's quota is used up for hours: stop, and go on at the next run."""


class NotReadable(ApiError):
    """403 or 404: this listener may not read this, or it is gone."""


class NextLink(JSONLinkPaginator):
    """Follows `next` of a page, but never to another host, which would be sent the token."""

    def __init__(self) -> None:
        super().__init__(next_url_path="next")

    def update_state(self, response: requests.Response, data: list[Any] | None = None) -> None:
        """Read where the next page is; ApiError for anything but an address of the same API."""
        super().update_state(response, data)
        following = self._next_reference
        if following is None:
            return
        here = urlsplit(str(response.url))
        if not isinstance(following, str) or urlsplit(following)[:2] != here[:2]:
            raise ApiError(response, "the next page is at no address of this API")


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
    """One web API at `base_url`. Thread-safe as far as `requests` is: one instance a thread."""

    def __init__(self, base_url: str, auth: AuthBase | None = None) -> None:
        session = Client(
            request_timeout=TIMEOUT_SECONDS,
            raise_for_status=False,
            status_codes=(),  # `_check` decides what is worth another try
            exceptions=(
                TransientError,
                requests.ConnectionError,
                requests.Timeout,
                requests.exceptions.ChunkedEncodingError,
            ),
            request_max_attempts=MAX_ATTEMPTS,
            request_backoff_factor=0.5,
            request_max_retry_delay=MAX_WAIT_SECONDS,
        ).session
        self._client = RESTClient(base_url, auth=auth, session=session)

    def pages(
        self, path: str, params: dict[str, Any], paginator: BasePaginator | None = None
    ) -> Iterator[bytes]:
        """Yield the body of each page as it came, all of them valid JSON.

        Raises QuotaExceeded, NotReadable, or what the last attempt raised.
        """
        for page in self._client.paginate(
            path,
            params=params,
            paginator=paginator or SinglePagePaginator(),
            data_selector="$",
            hooks={"response": [_check]},
        ):
            yield page.response.content


def _check(response: requests.Response, *_: Any, **__: Any) -> None:
    status = response.status_code
    if status == 429:
        wait = response.headers.get("Retry-After", "0")
        if b"QUOTA_EXCEEDED" in response.content or _seconds(wait) > MAX_WAIT_SECONDS:
            raise QuotaExceeded(response, "the request quota is used up")
        raise TransientError(response, "too many requests")
    if status >= 500:
        raise TransientError(response, "server error")
    if status in (403, 404):
        raise NotReadable(response, "not readable")
    if status >= 400:
        raise ApiError(response, "refused")
    try:
        json.loads(response.content)
    except ValueError:
        raise TransientError(response, "the body is no complete JSON") from None


def _seconds(retry_after: str) -> float:
    return float(retry_after) if retry_after.strip().isdigit() else 0.0
