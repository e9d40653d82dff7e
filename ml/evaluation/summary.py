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
    """A metric and the bounds of its 95 % interval; NaN where it says nothing."""

    value: float
    low: float
    high: float


Table = dict[str, dict[str, Estimate]]  # row, metric


def summarise(
    outcomes: Iterable[Outcome], groups: Mapping[str, int], count_songs: int, seed: int
) -> Table:
    """The metrics of each row.

    `groups` says of which group each listener is: their chances of hits are told from the other
    groups. `count_songs` are those of the catalogue.
    Besides, as rows of their own, the ratios of NDCG that tell two rows apart. Raises ValueError
    without outcomes.
    """
    by_row: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in sorted(outcomes, key=lambda outcome: outcome.listener):
        by_row[outcome.row].append(outcome)
    if not by_row:
        raise ValueError("nobody was judged")
    weights = _weights(len(by_row[ALL]), seed)
    found = {
        row: dict(_metrics(listed, groups, weights, count_songs)) for row, listed in by_row.items()
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
    """How often each listener counts: first each once, then in each resample; a row each."""
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), RESAMPLES)
    return np.vstack([np.ones(count), drawn])


def _estimate(values: Floats, is_centred: bool) -> Estimate:
    """The value itself, which comes first, and the percentiles of its resamples.

    Fewer different listeners cover less, so that a coverage's resamples all lie too low: they are
    moved to where the value is.
    """
    resampled = values[1:][~np.isnan(values[1:])]
    if not len(resampled):
        return Estimate(float("nan"), float("nan"), float("nan"))
    if is_centred:
        resampled = resampled + values[0] - resampled.mean()
    low, high = np.percentile(resampled, INTERVAL)
    return Estimate(float(values[0]), float(low), float(high))


def _metrics(
    listed: list[Outcome], groups: Mapping[str, int], weights: Floats, count_songs: int
) -> Iterator[tuple[str, Floats]]:
    """Each metric of a row: its value, then those of the resamples."""
    names = dict.fromkeys(name for outcome in listed for name in outcome.figures)
    for name in names:
        sums = np.array([outcome.figures.get(name, (0, 0)) for outcome in listed], dtype=float)
        yield name, _ratio(weights @ sums[:, 0], weights @ sums[:, 1])
    yield "coverage", _songs_shown(listed, weights) / count_songs
    told_pairs = [outcome.pairs for outcome in listed if outcome.pairs]
    if told_pairs:
        pairs = Reliability.summed(told_pairs, weights)
        high = slice(round(HIGH * BINS), None)
        above = pairs.weight[:, high].sum(axis=1)
        yield "calibration_error", pairs.error()
        yield "share_high", _ratio(above, pairs.weight.sum(axis=1))
        yield "liked_high", _ratio(pairs.liked[:, high].sum(axis=1), above)
    seen = {outcome.listener: outcome.seen for outcome in listed if outcome.seen}
    if seen:
        came_true = reliabilities(list(seen.values()), [groups[name] for name in seen])
        hits = Reliability.summed(came_true, weights)
        yield "predicted_hit_rate", _ratio(hits.confidence.sum(axis=1), hits.weight.sum(axis=1))
        yield "shown_calibration_error", hits.error()


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    ratio: Floats = np.divide(
        numerator, denominator, out=np.full(len(numerator), np.nan), where=denominator > 0
    )
    return ratio


def _songs_shown(listed: list[Outcome], weights: Floats) -> Floats:
    """How many songs are in at least one list."""
    every = np.concatenate([outcome.shown for outcome in listed])
    distinct, songs = np.unique(every, return_inverse=True)
    shown = np.zeros((len(listed), len(distinct)), dtype=np.float32)
    shown[np.repeat(np.arange(len(listed)), [len(outcome.shown) for outcome in listed]), songs] = 1
    times_shown = (weights > 0).astype(np.float32) @ shown
    count: Floats = (times_shown > 0).sum(axis=1).astype(float)
    return count
