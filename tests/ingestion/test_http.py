from itertools import count

import pytest

from ingestion.http import Api, ApiError, BearerAuth, NextLink, NotReadable, QuotaExceeded
from tests.ingestion.scripted_api import Answer, scripted

QUOTA = '{"error": {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}}'


def test_pages_are_followed_to_the_last_and_returned_byte_for_byte() -> None:
    first, last = '{"items": [1],  "next": "URL/more?offset=1"}', '{"items": [2], "next": null}'
    with scripted(Answer(first), Answer(last)) as api:
        bodies = list(Api(api.url).pages("me", {"limit": 1}, NextLink()))
    assert bodies == [first.replace("URL", api.url).encode(), last.encode()]
    assert api.paths == ["/me?limit=1", "/more?offset=1"]


@pytest.mark.parametrize(
    "transient",
    [
        Answer(status=429, headers={"Retry-After": "1"}),
        Answer(status=503),
        Answer('{"items": ['),
    ],
    ids=["a full rate window", "a server error", "a body cut short"],
)
def test_transient_errors_are_retried(transient: Answer) -> None:
    with scripted(transient, Answer('{"id": "anna"}')) as api:
        assert list(Api(api.url).pages("me", {})) == [b'{"id": "anna"}']
    assert len(api.paths) == 2


@pytest.mark.parametrize(
    "answer", [Answer(QUOTA, 429), Answer(status=429, headers={"Retry-After": "72000"})]
)
def test_a_used_up_quota_is_not_retried(answer: Answer) -> None:
    with scripted(answer) as api, pytest.raises(QuotaExceeded):
        list(Api(api.url).pages("me", {}))
    assert len(api.paths) == 1


def test_the_error_of_a_refused_page_has_its_path_but_no_secret() -> None:
    auth = BearerAuth(lambda: "planted-token")
    with scripted(Answer(status=403)) as api, pytest.raises(NotReadable) as error:
        list(Api(api.url, auth).pages("playlists/p/items", {"market": "planted-query"}))
    assert "GET /playlists/p/items" in str(error.value)
    assert "planted" not in str(error.value)


def test_an_expired_token_is_refreshed_once_and_the_call_is_repeated() -> None:
    numbers = count(1)
    auth = BearerAuth(lambda: f"token-{next(numbers)}")
    with scripted(Answer(status=401), Answer('{"ok": 1}')) as api:
        assert list(Api(api.url, auth).pages("me", {})) == [b'{"ok": 1}']
    assert api.tokens == ["Bearer token-1", "Bearer token-2"]


def test_a_token_that_is_refused_twice_is_an_error() -> None:
    with scripted(Answer(status=401)) as api, pytest.raises(ApiError, match="refused"):
        list(Api(api.url, BearerAuth(lambda: "dead")).pages("me", {}))
    assert len(api.paths) == 2


@pytest.mark.parametrize("following", ['"http://127.0.0.1:9/elsewhere"', "5"])
def test_a_token_is_sent_to_no_other_host(following: str) -> None:
    with scripted(Answer(f'{{"items": [], "next": {following}}}')) as api, pytest.raises(ApiError):
        list(Api(api.url).pages("me", {}, NextLink()))
    assert len(api.paths) == 1
