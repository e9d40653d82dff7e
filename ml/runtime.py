"""Where ml meets its surroundings: the engine's relations and the folder of the index file.

The only module that knows engines and places; everything else takes and returns frames.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd


def to_pandas(relation: Any) -> pd.DataFrame:
    """The rows of what `dbt.ref` or `session.sql` gives: a DuckDB relation or a Spark DataFrame."""
    frame: pd.DataFrame = relation.df() if hasattr(relation, "df") else relation.toPandas()
    return frame


def instant(clock: Any) -> datetime | None:
    """The `as_of` of the run's clock, a relation of one row; None before the first run."""
    return next(iter(to_pandas(clock)["as_of"]), None)


def index_folder(home: str) -> Path:
    """The folder of the index files under Sonic's home."""
    return Path(home) / "index"
