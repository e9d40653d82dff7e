"""Fifteen tracks for each listener, with confidence and reasons; earlier lists are kept."""

from typing import Any

from ml.runtime import executor, index_folder, instant, to_pandas
from ml.serving.recommend import recommend
from ml.serving.selection import DISCOVERY


def model(dbt: Any, session: Any) -> Any:
    """Recommend as of the run's clock, without tracks recommended in the 30 days before."""
    dbt.config(materialized="incremental", unique_key="as_of", incremental_strategy="delete+insert")
    dbt.ref("ml_track_index")  # it writes the file that is read here
    discovery = dbt.config.get("discovery")  # dbt does not find it inside an expression
    return recommend(
        catalogue=to_pandas(dbt.ref("ml_catalogue_features")),
        signal=to_pandas(dbt.ref("ml_listener_signal")),
        listeners=to_pandas(dbt.ref("stg_sonic__listeners")),
        ranker=to_pandas(dbt.ref("ml_ranker")),
        history=to_pandas(session.sql(f"select * from {dbt.this}")) if dbt.is_incremental else None,
        as_of=instant(dbt.ref("stg_sonic__run_clock")),
        folder=index_folder(dbt.config.get("home")),
        limits=DISCOVERY[discovery],
        executor=executor(session),
    )
