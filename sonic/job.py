"""One run of Sonic: its settings, its clock, and the places it reads and writes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dlt.common.destination import Destination

from ingestion import destinations
from ingestion.landing import Landing
from ingestion.load import Bronze
from ingestion.streaming_history.listeners import imported_listeners
from oauth.local_store import LocalTokenStore
from oauth.tokens import App, Connection, TokenStore
from sonic.settings import Settings


@dataclass(frozen=True)
class Job:
    """What every stage of a run is given."""

    settings: Settings
    as_of: datetime
    clock: Callable[[], datetime]
    store: TokenStore
    landing: Landing
    bronze: Bronze

    @classmethod
    def open(cls, settings: Settings, as_of: datetime, clock: Callable[[], datetime]) -> "Job":
        """Open the token store, landing and Bronze that the settings name."""
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
        """Return the configured Spotify apps by client id."""
        return {app.client_id: app.to_app() for app in self.settings.spotify_apps}

    def connections(self) -> list[Connection]:
        """Return every signed-in listener."""
        return list(self.store.connections())

    @property
    def has_listeners(self) -> bool:
        """Tell whether anybody signed in or was imported."""
        return bool(list(self.store.user_ids()) or imported_listeners(self.landing))


def destination(settings: Settings) -> Destination[Any, Any]:
    """Return where the settings want Bronze; InputError where a package is missing."""
    """Return where the settings want Bronze; InputError where a package is missing."""
    url = settings.bronze_url or ""
    destinations.check_installed(settings.destination, url)
    if settings.destination == "duckdb":
        return destinations.duckdb(settings.warehouse)
    secret = settings.azure_client_secret
    principal = None
    if secret:
        principal = destinations.AzurePrincipal(
            settings.azure_tenant_id or "",
            settings.azure_client_id or "",
            secret.get_secret_value(),
        )
    if settings.destination == "filesystem":
        return destinations.delta(url, principal)
    assert principal, "load_settings made sure of it"
    return destinations.fabric(
        settings.fabric_host or "", settings.fabric_database or "", principal
    )
