"""The Spark session: the notebook's own, a remote one by Spark Connect, or one of this process."""

import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.extras import how_to_install, in_checkout
from sonic.errors import UserError
from sonic.settings import Settings, give_workers_this_python, has_java, load_settings

if TYPE_CHECKING:  # DuckDB's users do not install it
    from pyspark.sql import SparkSession

DELTA = "io.delta:delta-spark_4.2_2.13:4.4.0"  # belongs to the PySpark of the lock, 4.2
LOGGING = Path(__file__).with_name("log4j2.properties")
BROUGHT_BY_SPARK = (
    "org.apache.hadoop:hadoop-client-api,org.apache.hadoop:hadoop-client-runtime,"
    "com.github.luben:zstd-jni,org.apache.parquet:parquet-hadoop,"
    "org.apache.logging.log4j:log4j-slf4j2-impl"
)
JARS = Path(sys.prefix) / "share" / "sonic" / "spark"

# What the models rely on, in whatever session they run.
SESSION = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # as DuckDB: a bad cast is an error, no null
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}
DELTA_LAKE = {
    "spark.sql.extensions": "io.delta.sql.DeltaSparkSessionExtension",
    "spark.sql.catalog.spark_catalog": "org.apache.spark.sql.delta.catalog.DeltaCatalog",
}
# One machine: small tables, so that few tasks are faster than many.
LOCAL = {
    "spark.driver.memory": "4g",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "4",
    "spark.databricks.delta.snapshotPartitions": "1",
    "spark.sql.catalogImplementation": "hive",  # on disk, so that views outlive the session
}


@cache
def session(home: str) -> "SparkSession":
    """Return the session for a home, made at the first call; else as `open_session`."""
    return open_session(load_settings(home=Path(home)))


def open_session(settings: Settings) -> "SparkSession":
    """Return the active session, such as a notebook's, or make the one of the settings.

    The models' own options (`SESSION`) are set in either. UserError names what is missing.
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
    """Raise UserError, naming the mend, unless the packages, Java and the jars are there."""
    if not (find_spec("pyspark") and find_spec("dbt.adapters.spark")):
        raise UserError(f"Spark is not installed; call `{how_to_install('spark')}`.")
    if settings.spark_remote or not settings.is_local_spark:
        return
    if not has_java():
        raise UserError("Spark needs Java 17 or newer; install one, or set JAVA_HOME to yours.")
    if not _jars():
        fetch = how_to_install("spark") if in_checkout() else "python -m sonic.engines.spark"
        raise UserError(f"{JARS}: Delta Lake's jars are missing; call `{fetch}`.")


def fetch_jars() -> list[Path]:
    """Fetch Delta Lake's jars by their Maven coordinates, once, and return their paths."""
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
