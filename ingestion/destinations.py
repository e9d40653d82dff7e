"""Where Bronze lies: the one place that knows what each kind of destination needs.

DuckDB is one file. `delta` is a folder of Delta tables, on a disk, in OneLake (`abfss://`) or in
Cloud Storage (`gs://`). `fabric` is a Fabric warehouse, by ODBC: it is made and its configuration
is checked by the tests, but no test reaches one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
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
        """Return it under the names of dlt's credentials."""
        return {
            "azure_tenant_id": self.tenant_id,
            "azure_client_id": self.client_id,
            "azure_client_secret": self.client_secret,
        }


class Found(Protocol):
    """What a query found."""

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return the rows as tuples."""
        ...

    def arrow(self) -> pa.Table:
        """Return the rows as an Arrow table."""
        ...


def duckdb(path: Path) -> Destination[Any, Any]:
    """Return a DuckDB file as destination; Bronze is its schema `bronze`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return dlt.destinations.duckdb(
        # Rows have no order in Bronze, and without one a large file is written by all threads.
        DuckDbCredentials(str(path), global_config={"preserve_insertion_order": False}),
        # A replaced table stays readable as it was until its successor is complete.
        replace_strategy="insert-from-staging",
    )


def delta(url: str, principal: AzurePrincipal | None = None) -> Destination[Any, Any]:
    """Return a folder as destination; Bronze is its folder `bronze`, a Delta table in each.

    `url` is a local folder, `abfss://<workspace>@<host>/<lakehouse>/Tables` or `gs://<bucket>`.
    Without a principal dlt finds the credentials: its own settings, Azure's or Google's default.
    """
    if urlsplit(url).scheme != "abfss":
        return dlt.destinations.filesystem(url)
    host = urlsplit(url).hostname or ""
    place = {
        "azure_storage_account_name": host.split(".")[0],
        "azure_account_host": host.replace(".dfs.", ".blob."),
    }
    signed = principal.credentials() if principal else {}
    return dlt.destinations.filesystem(url, credentials=place | signed)


def fabric(host: str, database: str, principal: AzurePrincipal) -> Destination[Any, Any]:
    """Return a Fabric warehouse as destination."""
    place = {"host": host, "database": database}
    return dlt.destinations.fabric(place | principal.credentials())


def check_installed(kind: str, url: str = "") -> None:
    """Raise InputError, naming the extra, unless what a kind of destination needs is installed."""
    modules, extra = PACKAGES.get((kind, urlsplit(url).scheme), PACKAGES.get((kind, ""), ((), "")))
    missing = [module for module in modules if not find_spec(module)]
    if missing:
        raise InputError(
            f"SONIC_DESTINATION={kind} needs {' and '.join(missing)}; "
            f"install what it needs by: {how_to_install(extra)}"
        )


def is_delta(destination: Destination[Any, Any]) -> bool:
    """Tell whether the tables of a destination are to be declared in the format `delta`."""
    return destination.destination_name == "filesystem"


@contextmanager
def query(pipeline: dlt.Pipeline, sql: str) -> Iterator[Found]:
    """Run a query on Bronze; DestinationUndefinedEntity where a table is not there."""
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
    """Name the tables that a query reads; DuckDB itself can tell only where they are there."""
    parsed = parse_one(sql, dialect="duckdb")
    own = {cte.alias for cte in parsed.find_all(exp.CTE)}
    return {table.name for table in parsed.find_all(exp.Table)} - own


def probe(pipeline: dlt.Pipeline) -> None:
    """Write something small to the destination and take it away; raise what it answers."""
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
    """Open a Delta table by its place, so that no DuckDB extension need be fetched for it."""
    from deltalake import DeltaTable
    from dlt.common.libs.deltalake import deltalake_storage_options

    options = deltalake_storage_options(
        client.config.credentials, client.config.deltalake_storage_options
    )
    place = client.get_open_table_location("delta", name)
    if not DeltaTable.is_deltatable(place, options):
        raise DestinationUndefinedEntity(name)
    return DeltaTable(place, storage_options=options)
