"""One trained model: its text, learned spaces, calibration and metrics, enough to score again."""

from typing import Any

from ml.runtime import instant, to_pandas
from ml.training.train import train_ranker


def model(dbt: Any, session: Any) -> Any:
    """Train on the catalogue and the listener signal, unless the last model is still valid."""
    dbt.config(
        materialized="incremental", unique_key="trained_as_of", incremental_strategy="delete+insert"
    )
    learn_from = dbt.config.get("learn_from")  # dbt does not find it inside an expression
    signal = to_pandas(dbt.ref("ml_listener_signal"))
    earlier = to_pandas(session.sql(f"select * from {dbt.this}")) if dbt.is_incremental else None
    return train_ranker(
        catalogue=to_pandas(dbt.ref("ml_catalogue_features")),
        signal=signal if learn_from == "listeners" else signal.head(0),
        as_of=instant(dbt.ref("stg_sonic__run_clock")),
        earlier=earlier,
    )
