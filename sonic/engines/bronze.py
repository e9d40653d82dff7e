"""Where the settings want Bronze, as dlt knows it."""

from typing import Any

from dlt.common.destination import Destination

from ingestion import destinations
from sonic.settings import Settings


def destination(settings: Settings) -> Destination[Any, Any]:
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
