"""Where Bronze lies: the one place that knows what each kind of destination needs."""

from pathlib import Path
from typing import Any

import dlt
from dlt.common.destination import Destination

BRONZE = "bronze"


def duckdb(path: Path) -> Destination[Any, Any]:
    """Return a DuckDB file as destination; Bronze is its schema `bronze`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return dlt.destinations.duckdb(
        str(path),
        # A replaced table stays readable as it was until its successor is complete.
        replace_strategy="insert-from-staging",
    )
