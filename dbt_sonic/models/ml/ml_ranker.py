"""One trained model: text, learned space, calibration and metrics, enough to score again."""

from typing import Any

from ml.ranker import train_ranker
from ml.runtime import instant, to_pandas


def model(dbt: Any, session: Any) -> Any:  # noqa: ARG001
    """Train on the catalogue and on what listeners did, as of the run's clock."""
    dbt.config(materialized="table")
    return train_ranker(
        catalogue=to_pandas(dbt.ref("ml_catalogue_features")),
        signal=to_pandas(dbt.ref("ml_listener_signal")),
        as_of=instant(dbt.ref("stg_sonic__run_clock")),
    )
