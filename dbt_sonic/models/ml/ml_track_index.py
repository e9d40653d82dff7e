"""The index of nearest tracks: its properties; the file itself is in Sonic's home."""

from typing import Any

from ml.retrieval.index import build_track_index
from ml.runtime import index_folder, instant, to_pandas


def model(dbt: Any, session: Any) -> Any:  # noqa: ARG001
    """Index the catalogue in the space of the trained model."""
    dbt.config(materialized="table")
    return build_track_index(
        catalogue=to_pandas(dbt.ref("ml_catalogue_features")),
        ranker=to_pandas(dbt.ref("ml_ranker")),
        folder=index_folder(dbt.config.get("home")),
        as_of=instant(dbt.ref("stg_sonic__run_clock")),
    )
