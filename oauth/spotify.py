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
    """Spotify refused a code or token; `error` is its error code, such as `invalid_grant`."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(f"Spotify refused the authorization: {error} ({description})")
        self.error = error


@dataclass(frozen=True)
class Grant:
    """The tokens of an answer; a refresh brings no new `refresh_token`."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False, default=None)


@dataclass(frozen=True)
class PkcePair:
    """A code verifier (128 characters) and its S256 challenge."""

    verifier: str = field(repr=False)
    challenge: str

    @classmethod
    def make(cls) -> "PkcePair":
        """Make a new random pair."""
        verifier = secrets.token_urlsafe(96)
        digest = hashlib.sha256(verifier.encode()).digest()
        return cls(verifier, base64.urlsafe_b64encode(digest).rstrip(b"=").decode())


class SpotifyAuth:
    """Calls Spotify's accounts service as one app; transient errors are retried.

    Args:
        accounts_url: The address of the service.
        app: The app, with its secret.
        redirect_uri: Where Spotify sends the listener after the consent; registered for the app.
    """

    def __init__(self, accounts_url: str, app: App, redirect_uri: str) -> None:
        self._accounts_url = accounts_url.rstrip("/")
        self._app = app
        self._redirect_uri = redirect_uri
        self._session = _session()

    def authorize_url(self, state: str, challenge: str) -> str:
        """Return the address where the listener gives consent.

        Args:
            state: Comes back with the redirect, to recognise the answer.
            challenge: The `challenge` of a `PkcePair`.
        """
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
        """Exchange a code for tokens.

        Args:
            code: The code in the query of the redirect.
            verifier: The `verifier` of the same `PkcePair`.

        Returns:
            An access token and a refresh token.

        Raises:
            AuthorizationRefused: Spotify refused the code.
            requests.RequestException: Spotify cannot be reached, or answered with another error.
        """
        return self._token(
            grant_type="authorization_code",
            code=code,
            redirect_uri=self._redirect_uri,
            code_verifier=verifier,
        )

    def refresh(self, refresh_token: str) -> Grant:
        """Get a new access token.

        Args:
            refresh_token: The listener's refresh token; it stays valid.

        Returns:
            The access token.

        Raises:
            AuthorizationRefused: Spotify refused it; `invalid_grant` if it is expired or revoked.
            requests.RequestException: Spotify cannot be reached, or answered with another error.
        """
        return self._token(grant_type="refresh_token", refresh_token=refresh_token)

    def app_token(self) -> str:
        """Get an access token of the app itself, for tracks, albums and artists; as `refresh`."""
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
                "invalid_response", f"an unknown form of answer, status {response.status_code}"
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
        allowed_methods=None,  # a refresh may be repeated; a code is refused the second time
        raise_on_status=False,
        respect_retry_after_header=False,  # it may be hours: the next run tries again
    )
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
    return session
