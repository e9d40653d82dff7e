"""What `sonic evaluate` prints: tables for people, JSON for programs."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from ml.calibration import PRIOR

from ml.evaluation.listeners import HIDDEN_SHARE, LEAST_SONGS
from ml.evaluation.metrics import TOP
from ml.evaluation.summary import RESAMPLES

if TYPE_CHECKING:
    from sonic.evaluate import Evaluation

COLUMNS = {
    "ndcg": f"NDCG@{TOP}",
    "recall": f"recall@{TOP}",
    "hit_rate": "hit rate",
    "auc": "AUC",
    "coverage": "coverage",
    "diversity": "diversity",
}
FIGURES = {
    "calibration_error": "calibration error at 1 liked : 1 random",
    "share_high": "pairs above 0.7",
    "liked_high": "liked ones of these",
    "precision": "hits among the shown tracks",
    "told_hit_rate": "hits that were foretold",
    "shown_calibration_error": "calibration error among the shown tracks",
    "top_held": f"of the exhaustive top {TOP} among the candidates",
    "candidates": "candidates a listener",
}


def show(evaluation: "Evaluation", console: Console) -> None:
    """Print the metrics of each row with their intervals, then what there is besides."""
    table = evaluation.table
    values = table.set_index(["row", "metric"])
    ranking = Table("row", box=None, padding=(0, 2, 0, 0), header_style="dim")
    for title in COLUMNS.values():
        ranking.add_column(title, justify="right")
    more = Table("row", "figure", "", box=None, padding=(0, 2, 0, 0), header_style="dim")
    for row, metrics in values.groupby(level="row", sort=False):
        found = metrics.droplevel("row")
        if "÷" not in row:
            ranking.add_row(row, *(_cell(found, name) for name in COLUMNS))
        for name, title in FIGURES.items():
            if name in found.index and ("told_hit_rate" in found.index or name != "precision"):
                more.add_row(row, title, _cell(found, name))
        if "÷" in row:
            more.add_row(row, COLUMNS["ndcg"], _cell(found, "ndcg"))
    console.print()
    console.print(ranking)
    console.print()
    console.print(more)
    told = evaluation.trial.playlists
    console.print(
        f"\n[dim]{len(told.listeners)} listeners, given {1 - HIDDEN_SHARE:.0%} of their songs; in "
        f"brackets the 95 % interval of {RESAMPLES:,} resamples of them; seed {evaluation.seed}[/]",
        soft_wrap=True,
    )


def to_dict(evaluation: "Evaluation") -> dict[str, Any]:
    """All that was found, of JSON's types; `rows` maps each row to its metrics."""
    told, trial = evaluation.trial.playlists, evaluation.trial
    pairs = evaluation.reliability
    rows: dict[str, dict[str, dict[str, float | None]]] = {}
    for row, metric, *figures in evaluation.table.itertuples(index=False):
        named = zip(("value", "low", "high"), figures, strict=True)
        rows.setdefault(row, {})[metric] = {
            name: float(figure) if np.isfinite(figure) else None for name, figure in named
        }
    return {
        "catalogue": str(evaluation.catalogue),
        "playlists": str(evaluation.playlists),
        "train_playlists": str(evaluation.train_playlists) if evaluation.train_playlists else None,
        "protocol": {
            "seed": evaluation.seed,
            "folds": len(trial.folds),
            "top": TOP,
            "least_songs": LEAST_SONGS,
            "hidden_share": HIDDEN_SHARE,
            "prior": PRIOR,
            "resamples": RESAMPLES,
        },
        "counts": {
            "tracks": len(trial.catalogue),
            "songs": trial.count_songs,
            "playlists": told.count_playlists,
            "listeners": len(told.listeners),
            "playlists_too_short": told.count_too_short,
            "entries": told.count_tracks,
            "entries_not_in_catalogue": told.count_unknown_tracks,
        },
        "rows": rows,
        "reliability": {
            "weight": pairs.weight.tolist(),
            "confidence": pairs.confidence.tolist(),
            "liked": pairs.liked.tolist(),
        },
        "reliability_plot": str(evaluation.plot),
    }


def _cell(metrics: pd.DataFrame, name: str) -> str:
    if name not in metrics.index:
        return ""
    value, low, high = metrics.loc[name, ["value", "low", "high"]]
    digits = 0 if value > 10 else 3
    return f"{value:,.{digits}f} \\[{low:,.{digits}f}, {high:,.{digits}f}]"
