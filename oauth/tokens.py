"""What is kept of a signed-in listener, and the protocol of the stores that keep it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

# Six months by Spotify's notice of 2026; the shortest six months have 181 days.
REFRESH_TOKEN_LIFE = timedelta(days=181)


class TokenStoreError(RuntimeError):
    """The stored tokens cannot be read with this key."""


class TokenState(StrEnum):
    """Whether a listener's refresh token can be used."""

    ACTIVE = "active"
    SIGN_IN_AGAIN = "sign_in_again"


@dataclass(frozen=True)
class App:
    """A Spotify developer app; `account` names the developer account whose quota it shares."""

    client_id: str
    client_secret: str = field(repr=False)
    account: str = "default"


@dataclass(frozen=True)
class Connection:
    """One signed-in listener.

    `connected_at` is the instant of the authorisation: Spotify lets the refresh token live for six
    months from then on, whether it is used or not.
    """

    user_id: str
    display_name: str | None
    time_zone: str
    client_id: str
    connected_at: datetime
    refresh_token: str = field(repr=False)
    state: TokenState = TokenState.ACTIVE

    def is_usable(self, at: datetime) -> bool:
        """Tell whether Spotify should still take the refresh token at an instant."""
        return self.state is TokenState.ACTIVE and at < self.connected_at + REFRESH_TOKEN_LIFE


class TokenStore(Protocol):
    """Keeps connections by listener. Reading never hands out more than was asked for."""

    def save(self, connection: Connection) -> None:
        """Add the connection, or replace the listener's former one."""

    def get(self, user_id: str) -> Connection:
        """Return the listener's connection; KeyError if there is none."""

    def connections(self) -> Iterable[Connection]:
        """Return all connections, in the order of the listeners' ids.

        One that cannot be read, or is deleted meanwhile, is left out.
        """

    def user_ids(self) -> Iterable[str]:
        """Name the listeners that have a connection, in order."""

    def mark(self, user_id: str, state: TokenState) -> None:
        """Set the state of the listener's token."""

    def delete(self, user_id: str) -> None:
        """Forget the listener's connection; no error if there is none."""
