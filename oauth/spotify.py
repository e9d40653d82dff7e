"""Spotify's Authorization Code flow with PKCE (RFC 7636): sign in once, then refresh."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlencode

import requests
from pydantic import BaseModel, ValidationError
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from oauth.tokens import App

SCOPES = (
    "user-read-private",
    "user-read-recently-played",
    "user-library-read",
    "user-top-read",
    "user-follow-read",
    "playlist-read-private",
    "playlist-read-collaborative",
)
TIMEOUT_SECONDS = 20.0


class AuthorizationRefused(RuntimeError):
    """Spotify refused a code or token; `error` is its own word, such as `invalid_grant`."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"Spotify refused the authorization: {error} ({description})")
        self.error = error


@dataclass(frozen=True)
class Grant:
    """What the token endpoint hands out; `refresh_token` only at the first sign-in."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False, default=None)


@dataclass(frozen=True)
class PkcePair:
    """A code verifier (128 characters) and its S256 challenge."""

    verifier: str = field(repr=False)
    challenge: str

    @classmethod
    def make(cls) -> "PkcePair":
        """Draw a new random pair."""
        verifier = secrets.token_urlsafe(96)
        digest = hashlib.sha256(verifier.encode()).digest()
        return cls(verifier, base64.urlsafe_b64encode(digest).rstrip(b"=").decode())


class SpotifyAuth:
    """The accounts service at `accounts_url`, spoken to as one app."""

    def __init__(self, accounts_url: str, app: App, redirect_uri: str) -> None:
        self._accounts_url = accounts_url.rstrip("/")
        self._app = app
        self._redirect_uri = redirect_uri
        self._session = _session()

    def authorize_url(self, state: str, challenge: str) -> str:
        """Return the address where the listener gives consent."""
        query = {
            "response_type": "code",
            "client_id": self._app.client_id,
            "redirect_uri": self._redirect_uri,
            "scope": " ".join(SCOPES),
            "state": state,
            "code_challenge_method": "S256",
            "code_challenge": challenge,
        }
        return f"{self._accounts_url}/authorize?{urlencode(query)}"

    def exchange(self, code: str, verifier: str) -> Grant:
        """Trade the code that the redirect brought for tokens; AuthorizationRefused if it fails."""
        return self._token(
            grant_type="authorization_code",
            code=code,
            redirect_uri=self._redirect_uri,
            code_verifier=verifier,
        )

    def refresh(self, refresh_token: str) -> Grant:
        """Get a new access token; AuthorizationRefused with `invalid_grant` once it is dead."""
        return self._token(grant_type="refresh_token", refresh_token=refresh_token)

    def app_token(self) -> str:
        """Get an access token of the app itself, which reads what belongs to no listener."""
        return self._token(grant_type="client_credentials").access_token

    def _token(self, **form: str) -> Grant:
        response = self._session.post(
            f"{self._accounts_url}/api/token",
            data=form,
            auth=(self._app.client_id, self._app.client_secret),
            timeout=TIMEOUT_SECONDS,
        )
        try:
            if response.status_code in (400, 401):
                refusal = _Refusal.model_validate_json(response.content)
                raise AuthorizationRefused(refusal.error, refusal.error_description)
            response.raise_for_status()
            answer = _Answer.model_validate_json(response.content)
        except ValidationError:
            raise AuthorizationRefused(
                "invalid_response", f"an answer of {response.status_code} that is not understood"
            ) from None
        return Grant(answer.access_token, answer.refresh_token)


class _Refusal(BaseModel):
    error: str
    error_description: str = ""


class _Answer(BaseModel):
    access_token: str
    refresh_token: str | None = None


def _session() -> requests.Session:
    session = requests.Session()
    retry = Retry(
        total=4,
        backoff_factor=0.5,
        backoff_jitter=0.5,
        status_forcelist=(429, 500, 502, 503, 504),
        allowed_methods=None,  # a refresh may be repeated, and a code is refused the second time
        raise_on_status=False,
        respect_retry_after_header=False,  # it may be hours: the next run asks again
    )
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
    return session
