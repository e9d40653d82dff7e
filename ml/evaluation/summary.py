"""From outcomes to a table: each metric with an interval by bootstrap over listeners."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from ml.arrays import Floats
from ml.evaluation.baselines import SAME_ARTIST
from ml.evaluation.evaluate_listener import CANDIDATES, Outcome
from ml.evaluation.hits import reliabilities
from ml.metrics import BINS, HIGH, Reliability
from ml.pairs.features import ALL

RESAMPLES = 2_000
INTERVAL = (2.5, 97.5)  # percentiles
RATIOS = ((ALL, SAME_ARTIST), (CANDIDATES, ALL))  # of ndcg, paired by listener


class Estimate(NamedTuple):
    """A metric and the bounds of its 95 % interval; NaN where it is not defined."""

    value: float
    low: float
    high: float


Table = dict[str, dict[str, Estimate]]  # row, metric


def summarise(
    outcomes: Iterable[Outcome], groups: Mapping[str, int], count_songs: int, seed: int
) -> Table:
    """Summarise outcomes over listeners.

    Args:
        outcomes: One per listener and row of the table.
        groups: The group of each listener. A listener's hits are predicted from the other groups.
        count_songs: Of the catalogue, for the coverage.
        seed: Of the resamples.

    Returns:
        The metrics of each row; and, as further rows, the ratios of NDCG of two rows.

    Raises:
        ValueError: There are no outcomes.
    """
    by_row: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in sorted(outcomes, key=lambda outcome: outcome.listener):
        by_row[outcome.row].append(outcome)
    if not by_row:
        raise ValueError("no listener was evaluated")
    weights = _weights(len(by_row[ALL]), seed)
    found = {
        row: dict(_metrics(of_row, groups, weights, count_songs)) for row, of_row in by_row.items()
    }
    for row, other in RATIOS:
        ratio = _ratio(found[row]["ndcg"], found[other]["ndcg"])
        found[f"{row} ÷ {other}"] = {"ndcg": ratio}
    return {
        row: {name: _estimate(values, name == "coverage") for name, values in metrics.items()}
        for row, metrics in found.items()
    }


def reliability(outcomes: Iterable[Outcome], row: str) -> Reliability:
    """The pairs of one row, summed over listeners."""
    return Reliability.summed(
        [outcome.pairs for outcome in outcomes if outcome.row == row and outcome.pairs]
    )


def _weights(count: int, seed: int) -> Floats:
    """(1 + resamples, listeners): how often each listener counts, at first each once."""
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), RESAMPLES)
    return np.vstack([np.ones(count), drawn])


def _estimate(values: Floats, is_centred: bool) -> Estimate:
    """The value itself, which is the first, and the percentiles of its resamples.

    A resample has fewer distinct listeners, so its coverage is too low: `is_centred` shifts the
    resamples to the value.
    """
    resampled = values[1:][~np.isnan(values[1:])]
    if not len(resampled):
        return Estimate(float("nan"), float("nan"), float("nan"))
    if is_centred:
        resampled = resampled + values[0] - resampled.mean()
    low, high = np.percentile(resampled, INTERVAL)
    return Estimate(float(values[0]), float(low), float(high))


def _metrics(
    outcomes: list[Outcome], groups: Mapping[str, int], weights: Floats, count_songs: int
) -> Iterator[tuple[str, Floats]]:
    """Each metric of a row: its value, then those of the resamples."""
    names = dict.fromkeys(name for each in outcomes for name in each.figures)
    for name in names:
        sums = np.array([outcome.figures.get(name, (0, 0)) for outcome in outcomes], dtype=float)
        yield name, _ratio(weights @ sums[:, 0], weights @ sums[:, 1])
    yield "coverage", _songs_shown(outcomes, weights) / count_songs
    pairs_of_listeners = [outcome.pairs for outcome in outcomes if outcome.pairs]
    if pairs_of_listeners:
        pairs = Reliability.summed(pairs_of_listeners, weights)
        high = slice(round(HIGH * BINS), None)
        above = pairs.weight[:, high].sum(axis=1)
        yield "calibration_error", pairs.error()
        yield "share_high", _ratio(above, pairs.weight.sum(axis=1))
        yield "liked_high", _ratio(pairs.liked[:, high].sum(axis=1), above)
    shown = {outcome.listener: outcome.shown for outcome in outcomes if outcome.shown}
    if shown:
        reliability_of_lists = reliabilities(list(shown.values()), [groups[name] for name in shown])
        hits = Reliability.summed(reliability_of_lists, weights)
        yield "predicted_hit_rate", _ratio(hits.confidence.sum(axis=1), hits.weight.sum(axis=1))
        yield "shown_calibration_error", hits.error()


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    ratio: Floats = np.divide(
        numerator, denominator, out=np.full(len(numerator), np.nan), where=denominator > 0
    )
    return ratio


def _songs_shown(outcomes: list[Outcome], weights: Floats) -> Floats:
    """(1 + resamples,): how many songs are in at least one list."""
    songs_of_all = np.concatenate([outcome.songs for outcome in outcomes])
    distinct, songs = np.unique(songs_of_all, return_inverse=True)
    shown = np.zeros((len(outcomes), len(distinct)), dtype=np.float32)
    shown[
        np.repeat(np.arange(len(outcomes)), [len(outcome.songs) for outcome in outcomes]), songs
    ] = 1
    times_shown = (weights > 0).astype(np.float32) @ shown
    count: Floats = (times_shown > 0).sum(axis=1).astype(float)
    return count
