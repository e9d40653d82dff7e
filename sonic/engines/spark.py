"""The Spark session: a notebook's active one, a remote one, or a new one in this process."""

import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.extras import how_to_install, in_checkout
from sonic.errors import UserError
from sonic.settings import Settings, give_workers_this_python, has_java, load_settings

if TYPE_CHECKING:  # an extra, not needed for DuckDB
    from pyspark.sql import SparkSession

DELTA = "io.delta:delta-spark_4.2_2.13:4.4.0"  # matches the locked PySpark, 4.2
LOGGING = Path(__file__).with_name("log4j2.properties")
BROUGHT_BY_SPARK = (
    "org.apache.hadoop:hadoop-client-api,org.apache.hadoop:hadoop-client-runtime,"
    "com.github.luben:zstd-jni,org.apache.parquet:parquet-hadoop,"
    "org.apache.logging.log4j:log4j-slf4j2-impl"
)
JARS = Path(sys.prefix) / "share" / "sonic" / "spark"

# What the models rely on, in every session.
SESSION = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # as in DuckDB, a bad cast is an error, not null
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}
DELTA_LAKE = {
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
}
# On one machine tables are small, and few tasks are faster than many.
LOCAL = {
    "spark.driver.memory": "4g",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "4",
    "spark.databricks.delta.snapshotPartitions": "1",
    "spark.sql.catalogImplementation": "hive",  # on disk: views outlive the session
}


@cache
def session(home: str) -> "SparkSession":
    """Return the session for a home; later calls with the same home return the same one.

    Args:
        home: The path of the home folder; all other settings come from the environment.

    Raises:
        UserError: Spark is not set up; see `open_session`.
    """
    return open_session(load_settings(home=Path(home)))


def open_session(settings: Settings) -> "SparkSession":
    """Return the active session, such as a notebook's, or start the one that the settings name.

    The options that the models rely on (`SESSION`) are set in both cases.

    Raises:
        UserError: A package, Java or a jar is missing.
    """
    check_installed(settings)
    from pyspark.sql import SparkSession

    active = SparkSession.getActiveSession()
    if active:
        found: SparkSession = active
    else:
        builder = SparkSession.builder.appName("sonic")
        for name, value in _configuration(settings).items():
            builder = builder.config(name, value)
        if settings.spark_remote:
            builder = builder.remote(settings.spark_remote)
        else:
            give_workers_this_python()
            builder = builder.master(settings.spark_master)
        found = builder.getOrCreate()
    places = {"spark.sonic.lake": settings.lake} if settings.bronze_url or not active else {}
    for name, value in (SESSION | places).items():
        found.conf.set(name, value)
    return found


def check_installed(settings: Settings) -> None:
    """Check the packages, and for local Spark also Java and the jars.

    Raises:
        UserError: One of them is missing; the message says how to install it.
    """
    if not (find_spec("pyspark") and find_spec("dbt.adapters.spark")):
        raise UserError(f"Spark is not installed; run `{how_to_install('spark')}`.")
    if settings.spark_remote or not settings.is_local_spark:
        return
    if not has_java():
        raise UserError("Spark needs Java 17 or newer; install one, or set JAVA_HOME to yours.")
    if not _jars():
        fetch = how_to_install("spark") if in_checkout() else "python -m sonic.engines.spark"
        raise UserError(f"{JARS}: Delta Lake's jars are missing; run `{fetch}`.")


def fetch_jars() -> list[Path]:
    """Download Delta Lake's jars by their Maven coordinates, and return their paths."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    for name, value in (
        ("packages", DELTA),
        ("excludes", BROUGHT_BY_SPARK),
        ("ivy", str(JARS)),
    ):
        builder = builder.config(f"spark.jars.{name}", value)
    builder.getOrCreate().stop()
    return _jars()


def _configuration(settings: Settings) -> dict[str, str]:
    if settings.spark_remote:
        return settings.spark_conf
    home = settings.home / "spark"
    places = {
        "spark.sql.warehouse.dir": settings.lake,
        "spark.local.dir": str(home / "tmp"),
        "spark.hadoop.javax.jdo.option.ConnectionURL": (
            f"jdbc:derby:;databaseName={home}/metastore;create=true"
        ),
        "spark.driver.extraJavaOptions": " ".join(
            [
                "-Duser.timezone=UTC",
                f"-Dderby.system.home={home}",
                f"-Dlog4j2.configurationFile={LOGGING.as_uri()}",
                f"-Dsonic.log={home}/spark.log",
            ]
        ),
    }
    local = LOCAL | places if settings.is_local_spark else {}
    jars = {"spark.jars": ",".join(map(str, _jars()))} if settings.is_local_spark else {}
    return DELTA_LAKE | local | jars | settings.spark_conf


def _jars() -> list[Path]:
    return sorted((JARS / "jars").glob("*.jar"))


if __name__ == "__main__":
    for jar in fetch_jars():
        sys.stdout.write(f"{jar}\n")
