"""Rank the whole catalogue for one listener by each method, and measure the result."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ml import metrics
from ml.arrays import Floats, Ids
from ml.dataset.catalogue import Catalogue
from ml.dataset.features import FEATURES
from ml.dataset.profiles import ListenerProfile, profile_of_rows
from ml.embedding.embedded_catalogue import EmbeddedCatalogue
from ml.evaluation.baselines import NEW_ARTIST_BASELINES, Model, baseline_scores
from ml.evaluation.hits import Shown
from ml.evaluation.listeners import Listener
from ml.metrics import TOP, Reliability
from ml.pairs.features import ALL, INPUTS
from ml.serving import selection
from ml.serving.selection import LIMITS, Limits

NEW_ARTISTS = "new artists only"
CANDIDATES = f"{ALL}, candidates only"
SELECTIONS = {
    f"{ALL}, at most 2 per artist": Limits(tracks=TOP, per_artist=2, new_artists=0),
    f"{ALL}, as shown": LIMITS,
}
Figure = tuple[float, float]  # numerator and denominator, to be summed over listeners


@dataclass(frozen=True)
class Outcome:
    """The result of one row of the table for one listener."""

    listener: str
    row: str
    figures: dict[str, Figure]  # without those that are not defined for this listener
    songs: Ids  # of the list
    pairs: Reliability | None = None  # where the method gives a confidence
    shown: Shown | None = None  # where listeners would see the list


def evaluate_listener(model: Model, listener: Listener, seed: int) -> Iterator[Outcome]:
    """Evaluate a model and the baselines on one listener.

    Args:
        model: Not trained on this listener.
        listener: Given and hidden rows.
        seed: Of the random baseline.

    Yields:
        One outcome for each row of the table.
    """
    task = _RankingTask.create(listener, model)
    by_inputs = model.scores(listener.given, task.rows)
    for name in INPUTS:
        ranked = task.ranked(by_inputs[name])
        confidence = model.confidence(name, ranked["score"].to_numpy())
        pairs = Reliability.of_pairs(confidence, ranked["is_hit"].to_numpy())
        yield task.outcome(name, ranked, ranked, pairs=pairs)
        yield task.new_artist_outcome(name, ranked)
        if name == ALL:
            yield from task.list_outcomes(ranked)
            candidates = model.candidates(listener.given)
            yield task.candidate_outcome(ranked, by_inputs[name], candidates)
    for name, scores in baseline_scores(model.embedded, listener, task.rows, seed):
        ranked = task.ranked(scores)
        yield task.outcome(name, ranked, ranked)
        if name in NEW_ARTIST_BASELINES:
            yield task.new_artist_outcome(name, ranked)


@dataclass(frozen=True)
class _RankingTask:
    """Find a listener's hidden songs among all songs that the listener was not given."""

    listener: Listener
    embedded: EmbeddedCatalogue
    profile: ListenerProfile
    traits: Floats  # (tracks, acoustic features): z-scores, for the diversity of a list
    rows: Ids  # all tracks that the listener was not given in any version
    hidden_songs: Ids

    @classmethod
    def create(cls, listener: Listener, model: Model) -> "_RankingTask":
        catalogue = model.embedded.catalogue
        every = np.arange(len(catalogue))
        profile = profile_of_rows(catalogue, listener.given)
        return cls(
            listener=listener,
            embedded=model.embedded,
            profile=profile,
            traits=np.delete(model.embedded.traits, FEATURES.index("year"), axis=1),
            rows=every[profile.is_new(catalogue, every)],
            hidden_songs=np.unique(catalogue.songs[listener.hidden]),
        )

    @property
    def catalogue(self) -> Catalogue:
        return self.embedded.catalogue

    def ranked(self, scores: Floats) -> pd.DataFrame:
        """Rank songs by their best version, with the columns that `select` reads and `is_hit`.

        Tracks with a score of minus infinity are left out.
        """
        kept = np.flatnonzero(scores > -np.inf)
        kept = kept[metrics.ranked_songs(scores[kept], self.catalogue.songs[self.rows[kept]])]
        scored = pd.DataFrame({"row": self.rows[kept], "score": scores[kept]})
        listed = selection.ranked(self.embedded, self.profile, scored)
        return listed.assign(is_hit=np.isin(listed["song"], self.hidden_songs))

    def outcome(
        self,
        row: str,
        listed: pd.DataFrame,
        whole: pd.DataFrame,
        more: Mapping[str, Figure] | None = None,
        pairs: Reliability | None = None,
        shown: Shown | None = None,
    ) -> Outcome:
        """Measure a list; the whole ranking has all songs that could be hits."""
        relevant = int(whole["is_hit"].sum())
        top = listed.head(TOP)
        found = int(top["is_hit"].sum())
        figures: dict[str, Figure] = dict(more or {})
        if relevant:
            is_hit = listed["is_hit"].to_numpy()
            figures |= {
                "ndcg": (metrics.ndcg(is_hit, relevant), 1),
                "recall": (found / relevant, 1),
                "hit_rate": (found > 0, 1),
                "precision": (found, len(top)),
            }
            if listed is whole:
                figures["auc"] = (metrics.auc(is_hit), 1)
        figures["diversity"] = (metrics.diversity(self.traits[top["row"]]), 1)
        defined = {name: each for name, each in figures.items() if not np.isnan(each[0])}
        songs = top["song"].to_numpy(copy=True)  # a view would keep the whole ranking in memory
        return Outcome(self.listener.name, row, defined, songs, pairs, shown)

    def new_artist_outcome(self, name: str, ranked: pd.DataFrame) -> Outcome:
        """Rank and count only songs by artists of whom the listener was given none."""
        new = ranked[ranked["is_new_artist"]]
        return self.outcome(f"{name}, {NEW_ARTISTS}", new, new)

    def list_outcomes(self, ranked: pd.DataFrame) -> Iterator[Outcome]:
        """The lists that listeners would see."""
        for row, limits in SELECTIONS.items():
            listed = selection.select(ranked, limits)
            shown = Shown(listed["score"].to_numpy(), listed["is_hit"].to_numpy())
            yield self.outcome(row, listed, ranked, shown=shown)

    def candidate_outcome(self, ranked: pd.DataFrame, scores: Floats, candidates: Ids) -> Outcome:
        """Rank only the candidates, and compare with the exhaustive ranking."""
        listed = self.ranked(np.where(np.isin(self.rows, candidates), scores, -np.inf))
        held = np.isin(ranked["song"].head(TOP), self.catalogue.songs[candidates])
        held_and_count = {
            "top_held": (held.sum(), len(held)),
            "candidates": (len(candidates), 1),
        }
        return self.outcome(CANDIDATES, listed, ranked, more=held_and_count)
