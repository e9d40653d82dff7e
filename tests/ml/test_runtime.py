"""The adapter to the engines: relations in, frames out."""

from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from ml.runtime import index_folder, instant, to_pandas


class SparkFrame:
    """The part of Spark's DataFrame that ml calls."""

    def toArrow(self) -> pa.Table:  # noqa: N802
        return pa.table({"as_of": pa.array([datetime(2026, 5, 31)], pa.timestamp("us", "UTC"))})


def test_both_engines_give_the_same_frame() -> None:
    relation = duckdb.sql("select timestamp '2026-05-31' as as_of")
    assert to_pandas(relation)["as_of"].tolist() == to_pandas(SparkFrame())["as_of"].tolist()


def test_the_clock_is_read_and_may_be_empty() -> None:
    clock = "select timestamp '2026-05-31 06:00:00' as as_of"
    assert instant(duckdb.sql(clock)) == datetime(2026, 5, 31, 6)
    assert instant(duckdb.sql(f"{clock} where false")) is None


def test_the_index_has_its_own_folder_in_the_home() -> None:
    assert index_folder("/home/ann") == Path("/home/ann/index")
