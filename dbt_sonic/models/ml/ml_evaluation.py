"""The metrics of each trained ranker on listeners it did not learn from, and of the baselines."""

from typing import Any

from ml.runtime import to_pandas
from ml.training.self_check import evaluation


def model(dbt: Any, session: Any) -> Any:  # noqa: ARG001
    """Return the metrics that were measured when each stored ranker was trained."""
    dbt.config(materialized="table")
    return evaluation(to_pandas(dbt.ref("ml_ranker")))
