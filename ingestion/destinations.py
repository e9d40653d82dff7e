"""The destinations of Bronze, and what each kind needs; no other module knows the kinds.

- `duckdb`: one file.
- `delta`: a folder of Delta tables, on a disk, in OneLake (`abfss://`) or Cloud Storage (`gs://`).
- `fabric`: a Fabric warehouse, over ODBC. Tests check its configuration, but reach no warehouse.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import dlt
import pyarrow as pa
from dlt.common.destination import Destination
from dlt.common.destination.exceptions import DestinationUndefinedEntity
from dlt.destinations.impl.duckdb.configuration import DuckDbCredentials
from dlt.destinations.impl.filesystem.filesystem import FilesystemClient
from duckdb import Error as DuckDbError
from duckdb import connect
from sqlglot import exp, parse_one

from ingestion.errors import InputError
from ingestion.extras import how_to_install

BRONZE = "bronze"
PROBE = "_sonic_probe"
PACKAGES = {
    ("filesystem", ""): (("deltalake",), "delta"),
    ("filesystem", "abfss"): (("deltalake", "adlfs"), "onelake"),
    ("filesystem", "gs"): (("deltalake", "gcsfs"), "gcs"),
    ("fabric", ""): (("pyodbc", "adlfs"), "fabric"),
}


@dataclass(frozen=True)
class AzurePrincipal:
    """The service principal that signs in to OneLake and Fabric."""

    tenant_id: str
    client_id: str
    client_secret: str = field(repr=False)

    def credentials(self) -> dict[str, str]:
        """Return the values under the names that dlt uses."""
        return {
            "azure_tenant_id": self.tenant_id,
            "azure_client_id": self.client_id,
            "azure_client_secret": self.client_secret,
        }


class Found(Protocol):
    """The result of a query."""

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return the rows as tuples."""
        ...

    def arrow(self) -> pa.Table:
        """Return the rows as an Arrow table."""
        ...


def duckdb(path: Path) -> Destination[Any, Any]:
    """Make a destination of a DuckDB file.

    Args:
        path: The file; its folder is created. Bronze is the schema `bronze` in it.

    Returns:
        The destination, for `Bronze`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    return dlt.destinations.duckdb(
        # Bronze rows have no order, and without one all threads write a large file.
        DuckDbCredentials(str(path), global_config={"preserve_insertion_order": False}),
        # A table that is replaced keeps its old rows until all new ones are written; for that dlt
        # needs to know that DuckDB has transactions.
        replace_strategy="insert-from-staging",
        supports_transactions=True,
    )


def delta(url: str, principal: AzurePrincipal | None = None) -> Destination[Any, Any]:
    """Make a destination of a folder of Delta tables.

    Args:
        url: A local folder, `abfss://<workspace>@<host>/<lakehouse>/Tables` or `gs://<bucket>`.
            Bronze is its folder `bronze`, with one folder per table.
        principal: Signs in to OneLake. Without one dlt looks for credentials: its own settings,
            then the default of Azure or Google.

    Returns:
        The destination, for `Bronze`.
    """
    if urlsplit(url).scheme != "abfss":
        return dlt.destinations.filesystem(url)
    host = urlsplit(url).hostname or ""
    account = {
        "azure_storage_account_name": host.split(".")[0],
        "azure_account_host": host.replace(".dfs.", ".blob."),
    }
    credentials = principal.credentials() if principal else {}
    return dlt.destinations.filesystem(url, credentials=account | credentials)


def fabric(host: str, database: str, principal: AzurePrincipal) -> Destination[Any, Any]:
    """Make a destination of a Fabric warehouse.

    Args:
        host: Its SQL endpoint, `….datawarehouse.fabric.microsoft.com`.
        database: The name of the warehouse.
        principal: Signs in to it.

    Returns:
        The destination, for `Bronze`.
    """
    warehouse = {"host": host, "database": database}
    return dlt.destinations.fabric(warehouse | principal.credentials())


def check_installed(kind: str, url: str = "") -> None:
    """Check that the packages of a destination are installed.

    Args:
        kind: `duckdb`, `filesystem` or `fabric`, as in SONIC_DESTINATION.
        url: The address of Bronze; its scheme decides what `filesystem` needs.

    Raises:
        InputError: A package is missing; the message names the extra to install.
    """
    modules, extra = PACKAGES.get((kind, urlsplit(url).scheme), PACKAGES.get((kind, ""), ((), "")))
    missing = [module for module in modules if not find_spec(module)]
    if missing:
        raise InputError(
            f"SONIC_DESTINATION={kind} needs {' and '.join(missing)}; run: {how_to_install(extra)}"
        )


def is_delta(destination: Destination[Any, Any]) -> bool:
    """Whether the tables of a destination are Delta tables."""
    return destination.destination_name == "filesystem"


@contextmanager
def kept_open(destination: Destination[Any, Any]) -> Iterator[None]:
    """Keep a DuckDB file open: in one load dlt opens and closes it some thirty times.

    Other destinations, and a file that cannot be opened, are left to dlt and its errors.
    """
    credentials = destination.config_params.get("credentials")
    with ExitStack() as stack:
        if isinstance(credentials, DuckDbCredentials):
            with suppress(DuckDbError):
                stack.enter_context(connect(credentials.database))
        yield


@contextmanager
def query(pipeline: dlt.Pipeline, sql: str) -> Iterator[Found]:
    """Run a query on Bronze; raises DestinationUndefinedEntity if a table does not exist."""
    if is_delta(pipeline.destination):
        with pipeline.destination_client() as client, connect() as connection:
            assert isinstance(client, FilesystemClient)
            connection.execute("set TimeZone = 'UTC'")
            for name in _tables_of(sql):
                connection.register(name, _delta_table(client, name).to_pyarrow_dataset())
            yield _Rows(connection.execute(sql))
    else:
        with pipeline.sql_client() as sql_client, sql_client.execute_query(sql) as cursor:
            yield cursor


def _tables_of(sql: str) -> set[str]:
    """Return the tables that a query reads; DuckDB itself names only those that exist."""
    parsed = parse_one(sql, dialect="duckdb")
    own = {cte.alias for cte in parsed.find_all(exp.CTE)}
    return {table.name for table in parsed.find_all(exp.Table)} - own


def probe(pipeline: dlt.Pipeline) -> None:
    """Write something small to the destination and remove it; its errors are passed on."""
    with pipeline.destination_client() as client:
        client.initialize_storage()
        if isinstance(client, FilesystemClient):
            path = f"{client.dataset_path}/{PROBE}"
            client.fs_client.pipe_file(path, b"probe")
            client.fs_client.rm_file(path)
    if not is_delta(pipeline.destination):
        with pipeline.sql_client() as sql_client:
            sql_client.execute_sql(f"drop table if exists {PROBE}")
            sql_client.execute_sql(f"create table {PROBE} (one int)")
            sql_client.execute_sql(f"drop table {PROBE}")


@dataclass(frozen=True)
class _Rows:
    connection: Any

    def fetchall(self) -> list[tuple[Any, ...]]:
        return list(self.connection.fetchall())

    def arrow(self) -> pa.Table:
        return self.connection.to_arrow_table()


def _delta_table(client: FilesystemClient, name: str) -> Any:
    """Open a Delta table by its address, so that DuckDB needs no extension for it."""
    from deltalake import DeltaTable
    from dlt.common.libs.deltalake import deltalake_storage_options

    options = deltalake_storage_options(
        client.config.credentials, client.config.deltalake_storage_options
    )
    address = client.get_open_table_location("delta", name)
    if not DeltaTable.is_deltatable(address, options):
        raise DestinationUndefinedEntity(name)
    return DeltaTable(address, storage_options=options)
