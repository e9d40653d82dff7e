"""Signed-in listeners and their tokens, and the protocol of token stores."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

# Six months, as announced by Spotify in 2026; the shortest six months have 181 days.
REFRESH_TOKEN_LIFE = timedelta(days=181)


class TokenStoreError(RuntimeError):
    """The stored tokens cannot be read with this key."""


class TokenState(StrEnum):
    """Whether a listener's refresh token can be used."""

    ACTIVE = "active"
    SIGN_IN_AGAIN = "sign_in_again"


@dataclass(frozen=True)
class App:
    """A Spotify developer app; apps of one developer `account` share its request quota."""

    client_id: str
    client_secret: str = field(repr=False)
    account: str = "default"


@dataclass(frozen=True)
class Connection:
    """A signed-in listener.

    Args:
        user_id: The listener's Spotify id.
        display_name: Their name on Spotify, if they have one.
        time_zone: An IANA name.
        client_id: The app that they signed in with.
        connected_at: The instant of the consent, with a time zone. The refresh token is valid for
            six months from then on, used or not.
        refresh_token: Never shown in a `repr`.
        state: Whether the token can be used.
    """

    user_id: str
    display_name: str | None
    time_zone: str
    client_id: str
    connected_at: datetime
    refresh_token: str = field(repr=False)
    state: TokenState = TokenState.ACTIVE

    def is_usable(self, at: datetime) -> bool:
        """Whether the refresh token should still be valid at an instant with a time zone."""
        return self.state is TokenState.ACTIVE and at < self.connected_at + REFRESH_TOKEN_LIFE


class TokenStore(Protocol):
    """Keeps one connection per listener."""

    def save(self, connection: Connection) -> None:
        """Add or replace the listener's connection."""

    def get(self, user_id: str) -> Connection:
        """Return the listener's connection.

        Args:
            user_id: The listener's Spotify id.

        Raises:
            KeyError: There is none.
        """

    def connections(self) -> Iterable[Connection]:
        """Return all connections, sorted by listener id.

        A connection that cannot be read, or is deleted meanwhile, is skipped.
        """

    def user_ids(self) -> Iterable[str]:
        """Return the sorted ids of all listeners with a connection."""

    def mark(self, user_id: str, state: TokenState) -> None:
        """Set the state of the listener's token.

        Args:
            user_id: The listener's Spotify id.
            state: The new state.

        Raises:
            KeyError: There is no connection.
        """

    def delete(self, user_id: str) -> None:
        """Delete the listener's connection; no error if there is none."""
