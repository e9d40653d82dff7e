"""The context of one run: its settings, its clock, and the places it reads and writes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ingestion.landing import Landing
from ingestion.load import Bronze
from ingestion.streaming_history.listeners import imported_listeners
from oauth.local_store import LocalTokenStore
from oauth.tokens import App, Connection, TokenStore
from sonic.engines.bronze import destination
from sonic.settings import Settings


@dataclass(frozen=True)
class Job:
    """What every stage gets.

    `as_of` is the instant of the run. `clock` returns the current time, or in a simulation `as_of`.
    """

    settings: Settings
    as_of: datetime
    clock: Callable[[], datetime]
    store: TokenStore
    landing: Landing
    bronze: Bronze

    @classmethod
    def open(cls, settings: Settings, as_of: datetime, clock: Callable[[], datetime]) -> "Job":
        """Open the token store, landing and Bronze that the settings name.

        Args:
            settings: The settings of this run.
            as_of: The instant of the run, with a time zone.
            clock: Returns the current time, with a time zone.

        Raises:
            InputError: Landing cannot be used, or a package for the destination is missing.
            TokenStoreError: The token store cannot be opened.
        """
        key = settings.token_key.get_secret_value() if settings.token_key else None
        return cls(
            settings,
            as_of,
            clock,
            LocalTokenStore(settings.tokens, key),
            Landing(settings.landing),
            Bronze(destination(settings), settings.pipelines),
        )

    @property
    def apps(self) -> dict[str, App]:
        """Return the configured Spotify apps by client ID."""
        return {app.client_id: app.to_app() for app in self.settings.spotify_apps}

    def connections(self) -> list[Connection]:
        """Return every signed-in listener."""
        return list(self.store.connections())

    @property
    def has_listeners(self) -> bool:
        """Return whether any listener signed in or was imported."""
        return bool(list(self.store.user_ids()) or imported_listeners(self.landing))
