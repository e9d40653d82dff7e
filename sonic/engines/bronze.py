"""The dlt destination of Bronze."""

from typing import Any

from dlt.common.destination import Destination

from ingestion import destinations
from sonic.settings import Settings


def destination(settings: Settings) -> Destination[Any, Any]:
    """Return the dlt destination that the settings name for Bronze.

    Args:
        settings: Name the kind of destination, its address and its sign-in.

    Raises:
        InputError: A package that the destination needs is not installed.
    """
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
    assert principal, "load_settings checks it"
    return destinations.fabric(
        settings.fabric_host or "", settings.fabric_database or "", principal
    )
