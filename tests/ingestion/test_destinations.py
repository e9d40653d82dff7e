"""Destinations are made from settings; Fabric's configuration is checked, but never reached."""

from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pytest

from ingestion import destinations
from ingestion.destinations import AzurePrincipal
from ingestion.errors import InputError
from ingestion.load import Bronze
from sonic.errors import UserError
from sonic.job.context import Job
from sonic.settings import load_settings

NOON = datetime(2026, 5, 31, 12, tzinfo=UTC)
PRINCIPAL = AzurePrincipal("tenant", "client", "planted")
WORKSPACE, LAKEHOUSE = "11111111-0000-0000-0000-000000000000", "22222222"


def test_fabric_is_reached_by_its_service_principal() -> None:
    fabric = destinations.fabric("x.datawarehouse.fabric.microsoft.com", "sonic", PRINCIPAL)
    configuration = fabric.configuration(fabric.spec()._bind_dataset_name("bronze"))
    dsn = configuration.credentials.to_odbc_dsn()
    assert "SERVER=x.datawarehouse.fabric.microsoft.com,1433;DATABASE=sonic;" in dsn
    assert "UID=client@tenant;PWD=planted" in dsn
    assert not destinations.is_delta(fabric)


def test_onelake_is_reached_by_its_service_principal() -> None:
    url = f"abfss://{WORKSPACE}@onelake.dfs.fabric.microsoft.com/{LAKEHOUSE}/Tables"
    onelake = destinations.delta(url, PRINCIPAL)
    configuration = onelake.configuration(onelake.spec()._bind_dataset_name("bronze"))
    assert configuration.bucket_url == url
    assert configuration.credentials.to_object_store_rs_credentials() == {
        "account_name": "onelake",
        "account_host": "onelake.blob.fabric.microsoft.com",
        "tenant_id": "tenant",
        "client_id": "client",
        "client_secret": "planted",
    }
    assert destinations.is_delta(onelake)


def test_cloud_storage_takes_the_credentials_of_dlt(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"PROJECT_ID": "p", "PRIVATE_KEY": "planted", "CLIENT_EMAIL": "sonic@p"}
    for name, value in given.items():
        monkeypatch.setenv(f"DESTINATION__FILESYSTEM__CREDENTIALS__{name}", value)
    bucket = destinations.delta("gs://bucket/sonic")
    configuration = bucket.configuration(bucket.spec()._bind_dataset_name("bronze"))
    assert configuration.bucket_url == "gs://bucket/sonic"
    assert configuration.credentials.client_email == "sonic@p"


def test_all_missing_settings_of_a_destination_are_named_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SONIC_DESTINATION", "fabric")
    monkeypatch.setenv("SONIC_FABRIC_DATABASE", "sonic")
    monkeypatch.setenv("SONIC_AZURE_CLIENT_SECRET", "planted")
    with pytest.raises(UserError) as refused:
        load_settings()
    assert str(refused.value).startswith(
        "SONIC_DESTINATION=fabric needs "
        "SONIC_FABRIC_HOST, SONIC_AZURE_TENANT_ID, SONIC_AZURE_CLIENT_ID as well"
    )
    assert "planted" not in str(refused.value)


def test_the_settings_choose_where_a_job_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SONIC_DESTINATION", "filesystem")
    monkeypatch.setenv("SONIC_BRONZE_URL", "lake")
    job = Job.open(load_settings(home=tmp_path / "home"), NOON, lambda: NOON)
    job.bronze.declare("spotify", {"plays": pa.schema([("id", pa.int64())])})
    assert (tmp_path / "lake" / "bronze" / "plays" / "_delta_log").is_dir()
    assert not list(tmp_path.glob("home/*.duckdb"))


def test_tables_of_a_lake_are_joined_by_a_common_column(tmp_path: Path) -> None:
    bronze = Bronze(destinations.delta(str(tmp_path / "lake")), tmp_path)
    for name, column in (("plays", "ms"), ("tracks", "title")):
        fields = [("id", pa.int64()), (column, pa.int64())]
        bronze.declare("spotify", {name: pa.schema(fields)})
    joined = "with t as (from tracks) select ms, title from plays inner join t using (id)"
    with destinations.query(bronze.pipeline("spotify"), joined) as found:
        assert found.fetchall() == []


def test_no_secret_is_shown(tmp_path: Path) -> None:
    bronze = Bronze(destinations.fabric("host", "sonic", PRINCIPAL), tmp_path)
    assert "planted" not in repr(bronze)
    assert "planted" not in repr(PRINCIPAL)


@pytest.mark.parametrize(
    ("kind", "url", "module", "extra"),
    [
        ("fabric", "", "pyodbc", "fabric"),
        ("filesystem", "abfss://x@y/z", "adlfs", "onelake"),
    ],
)
def test_a_missing_package_is_named_with_its_extra(
    kind: str, url: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As in an environment without it, whatever this one has.
    monkeypatch.setattr(
        destinations, "find_spec", lambda name: None if name == module else find_spec(name)
    )
    with pytest.raises(InputError, match=rf"needs .*{module}.* '\.\[{extra}\]'"):
        destinations.check_installed(kind, url)


def test_installed_packages_are_accepted() -> None:
    destinations.check_installed("duckdb")
    destinations.check_installed("filesystem", "/a/folder")
