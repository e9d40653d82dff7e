"""How each trained ranker did on listeners it had not seen, beside the rules it has to beat."""

from typing import Any

from ml.runtime import to_pandas
from ml.training.self_check import evaluation


def model(dbt: Any, session: Any) -> Any:  # noqa: ARG001
    """Lay out what was measured when each of the kept rankers was trained."""
    dbt.config(materialized="table")
    return evaluation(to_pandas(dbt.ref("ml_ranker")))
