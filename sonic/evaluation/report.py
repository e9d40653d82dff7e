"""What `sonic evaluate` prints: tables for people, JSON for programs."""

import math
from dataclasses import asdict
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from ml.evaluation.evaluate_listener import NEW_ARTISTS
from ml.evaluation.listeners import HIDDEN_SHARE, MIN_SONGS
from ml.evaluation.summary import RESAMPLES, Estimate
from ml.metrics import HIGH, TOP
from ml.pairs.features import ALL
from ml.ranking.calibration import PRIOR
from sonic.evaluation.evaluation import EvaluationRun

COLUMNS = {
    "ndcg": f"NDCG@{TOP}",
    "recall": f"recall@{TOP}",
    "hit_rate": "hit rate",
    "auc": "AUC",
    "coverage": "coverage",
    "diversity": "diversity",
}
FIGURES = {
    "calibration_error": "calibration error, 1 liked : 1 random",
    "share_high": f"share of these pairs above {HIGH}",
    "liked_high": "liked ones among them",
    "precision": "hits among the shown tracks",
    "predicted_hit_rate": "predicted hit rate",
    "shown_calibration_error": "calibration error of shown tracks",
    "top_held": f"share of the exhaustive top {TOP} held",
    "candidates": "candidates for a listener",
}
LARGE = 100  # shown without decimals from here on
WIDTH = 118  # columns; a narrower window wraps


def show(run: EvaluationRun, console: Console) -> None:
    """Print the metrics of each method with their intervals, then the other figures."""
    wide = Console(file=console.file, width=max(WIDTH, console.width))
    table = run.table
    new = {row: name for row in table if (name := row.removesuffix(f", {NEW_ARTISTS}")) != row}
    others = {row: row for row in table if row not in new and "÷" not in row}
    for title, names in (("all artists", others), (NEW_ARTISTS, new)):
        shown = _table(title, *COLUMNS.values())
        for row, name in names.items():
            shown.add_row(name, *(_cell(table[row].get(metric), "\n") for metric in COLUMNS))
        wide.print(shown)
    more = _table("more figures", "", "")
    for row, metrics in table.items():
        if "÷" in row:
            more.add_row(row, COLUMNS["ndcg"], _cell(metrics["ndcg"], " "))
        elif row.startswith(ALL) and row not in new:
            for name in (name for name in FIGURES if name in metrics):
                more.add_row(row, FIGURES[name], _cell(metrics[name], " "))
    wide.print(more)
    console.print(
        f"[dim]{len(run.evaluation.playlists.listeners)} listeners, given "
        f"{1 - HIDDEN_SHARE:.0%} of their songs; each figure with its 95 % interval over "
        f"{RESAMPLES:,} resamples of the listeners; seed {run.seed}[/]",
        soft_wrap=True,
    )


def to_dict(run: EvaluationRun) -> dict[str, Any]:
    """Return all results in JSON's types; `rows` maps each method to its metrics."""
    evaluation, chosen = run.evaluation, run.evaluation.playlists
    others = run.train_playlists
    return {
        "catalogue": str(run.catalogue),
        "playlists": str(run.playlists),
        "train_playlists": str(others) if others else None,
        "protocol": {
            "seed": run.seed,
            "folds": len(evaluation.folds),
            "top": TOP,
            "least_songs": MIN_SONGS,
            "hidden_share": HIDDEN_SHARE,
            "prior": PRIOR,
            "resamples": RESAMPLES,
        },
        "counts": {
            "tracks": len(evaluation.catalogue),
            "songs": evaluation.count_songs,
            "playlists": chosen.count_playlists,
            "listeners": len(chosen.listeners),
            "playlists_too_short": chosen.count_too_short,
            "entries": chosen.count_tracks,
            "entries_not_in_catalogue": chosen.count_unknown_tracks,
            "train_playlists_learned_from": run.learned_from,
            "train_playlists_judged": run.seen,
        },
        "rows": {
            row: {name: _finite(estimate) for name, estimate in metrics.items()}
            for row, metrics in run.table.items()
        },
        "reliability": {k: v.tolist() for k, v in asdict(run.reliability).items()},
        "reliability_plot": str(run.plot),
    }


def _finite(estimate: Estimate) -> dict[str, float | None]:
    """Replace NaN, which JSON does not have."""
    named = estimate._asdict().items()
    return {name: figure if math.isfinite(figure) else None for name, figure in named}


def _table(first: str, *others: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column(first, no_wrap=True)
    for title in others:
        table.add_column(title, justify="right", no_wrap=True)
    return table


def _cell(estimate: Estimate | None, between: str) -> str:
    if estimate is None or not all(map(math.isfinite, estimate)):
        return ""
    value, low, high = (f"{x:,.0f}" if x >= LARGE else f"{x:.3f}" for x in estimate)
    return f"{value}{between}[dim]{low}–{high}[/]"
