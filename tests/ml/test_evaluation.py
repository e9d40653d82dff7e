"""The protocol: hidden songs stay hidden, and no model is trained on an evaluated listener."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
import pytest

from ml.arrays import Floats, Ids
from ml.dataset.catalogue import Catalogue
from ml.evaluation.baselines import BASELINES, RANDOM, baseline_scores
from ml.evaluation.evaluate_listener import CANDIDATES, NEW_ARTISTS
from ml.evaluation.evaluation import Evaluation
from ml.evaluation.folds import outcomes
from ml.evaluation.listeners import Listener, read_listeners
from ml.pairs.features import ALL, INPUTS
from tests.ml import worlds

CATALOGUE = worlds.catalogue()


def playlists(count: int = 10, songs: int = 40) -> pd.DataFrame:
    """Playlists of random tracks: no playlist says anything about another."""
    ids = [CATALOGUE["track_id"].sample(songs, random_state=i) for i in range(count)]
    return pd.concat(
        [pd.DataFrame({"playlist_id": f"p{i}", "track_id": each}) for i, each in enumerate(ids)]
    )


@dataclass(frozen=True)
class Flat:
    """A catalogue whose learned space is its features."""

    catalogue: Catalogue

    @cached_property
    def traits(self) -> Floats:
        return np.nan_to_num(self.catalogue.features)

    @property
    def vectors(self) -> Floats:
        return self.traits


@dataclass(frozen=True)
class Leaking:
    """A model that looks up its listener among those that it was trained on."""

    embedded: Flat
    seen: dict[str, Ids]
    requests: list[tuple[Ids, Ids]] = field(default_factory=list)

    def scores(self, given: Ids, rows: Ids) -> dict[str, Floats]:
        self.requests.append((given, rows))
        alike = max(self.seen.values(), key=lambda seen: np.isin(given, seen).sum())
        return dict.fromkeys(INPUTS, np.isin(rows, alike).astype(float))

    def confidence(self, inputs: str, scores: Floats) -> Floats:
        return scores

    def candidates(self, given: Ids) -> Ids:
        return np.arange(len(self.embedded.catalogue))


@dataclass
class Trainer:
    """Trains leaking models and keeps them."""

    models: list[Leaking] = field(default_factory=list)

    def __call__(self, catalogue: pd.DataFrame, signal: pd.DataFrame, seed: int) -> Leaking:
        tracks = Catalogue.from_frame(catalogue)
        rows = pd.Series(tracks.track_ids.get_indexer(signal["track_id"]))
        seen = rows.groupby(signal["user_id"].to_numpy())
        model = Leaking(Flat(tracks), {str(name): each.to_numpy() for name, each in seen})
        self.models.append(model)
        return model


def no_progress(done: float, total: float) -> None:
    """Ignore the progress."""


def numbered(entries: pd.DataFrame) -> pd.DataFrame:
    return entries.assign(playlist_id=pd.factorize(entries["playlist_id"])[0])


Prepare = Callable[[], Evaluation]
PREPARATIONS: dict[str, Prepare] = {
    "folds": lambda: Evaluation.prepare(CATALOGUE, playlists()),
    "folds, ids are numbers": lambda: Evaluation.prepare(CATALOGUE, numbered(playlists())),
    "other playlists": lambda: Evaluation.prepare(CATALOGUE, playlists(5), playlists(10)),
    "the same under other ids": lambda: Evaluation.prepare(
        CATALOGUE, playlists(5), playlists(10).assign(playlist_id=lambda df: df.playlist_id + "_")
    ),
}


@pytest.mark.parametrize("name", PREPARATIONS)
def test_no_listener_is_evaluated_by_a_model_that_saw_the_playlist(name: str) -> None:
    evaluation, trainer = PREPARATIONS[name](), Trainer()
    table, _ = evaluation.run(no_progress, trainer)
    assert table[ALL]["ndcg"].value < 0.1
    for fold, model in zip(evaluation.folds, trainer.models, strict=True):
        assert model.seen
        assert not set(model.seen) & {listener.name for listener in fold.evaluated}


def test_a_leaking_model_that_does_see_the_playlist_finds_every_hidden_song() -> None:
    """It proves that the test above can fail."""
    evaluation = Evaluation.prepare(CATALOGUE, playlists())
    leaking = [replace(fold, learned_from=playlists()) for fold in evaluation.folds]
    found = outcomes(CATALOGUE, leaking, Trainer(), evaluation.seed, no_progress)
    ndcgs = [each.figures["ndcg"][0] for each in found if each.row == ALL]
    assert ndcgs == pytest.approx([1] * 10)


def test_no_version_of_a_hidden_song_is_given_and_none_of_a_given_one_is_ranked() -> None:
    tracks = CATALOGUE.assign(
        track_name=CATALOGUE["track_name"].where(CATALOGUE.index % 2 == 1, "Same")
    )
    catalogue, trainer = Catalogue.from_frame(tracks), Trainer()
    evaluation = Evaluation.prepare(tracks, playlists(songs=200))
    evaluation.run(no_progress, trainer)
    listeners = [listener for fold in evaluation.folds for listener in fold.evaluated]
    requests = [request for model in trainer.models for request in model.requests]
    for listener, (given, rows) in zip(listeners, requests, strict=True):
        assert not np.intersect1d(catalogue.songs[given], catalogue.songs[listener.hidden]).size
        assert not np.intersect1d(catalogue.songs[given], catalogue.songs[rows]).size
        assert np.isin(listener.hidden, rows).all()
        assert len(np.unique(catalogue.songs[given])) == len(given)
        songs = np.unique(catalogue.songs[np.union1d(given, listener.hidden)])
        hidden = np.unique(catalogue.songs[listener.hidden])
        assert len(hidden) == round(0.2 * len(songs))


def test_the_random_baseline_does_not_prefer_songs_with_many_versions() -> None:
    embedded = worlds.embed(CATALOGUE.assign(track_name=CATALOGUE.index.astype(str).str[-1]))
    songs, rows = embedded.catalogue.songs, np.arange(len(embedded.catalogue))
    scores = dict(
        baseline_scores(embedded, Listener("p", given=rows[:9], hidden=rows[9:]), rows, seed=1)
    )[RANDOM]
    assert len(np.unique(songs)) == len(np.unique(scores)) < len(rows)


def test_each_listener_is_in_each_row_once_and_the_same_seed_gives_the_same_table() -> None:
    evaluation = Evaluation.prepare(CATALOGUE, playlists(), seed=4)
    found = outcomes(CATALOGUE, evaluation.folds, Trainer(), 4, no_progress)
    rows = {each.row for each in found}
    assert len(found) == 10 * len(rows)
    assert {*INPUTS, *BASELINES, CANDIDATES, f"{ALL}, {NEW_ARTISTS}"} < rows
    first, again = (
        Evaluation.prepare(CATALOGUE, playlists().sample(frac=1, random_state=i), seed=4).run(
            no_progress, Trainer()
        )[0]
        for i in (0, 1)
    )
    assert repr(first) == repr(again)
    other = Evaluation.prepare(CATALOGUE, playlists(), seed=5).run(no_progress, Trainer())[0]
    assert repr(other) != repr(first)


def test_two_processes_give_the_same_outcomes_in_the_same_order() -> None:
    evaluation = Evaluation.prepare(CATALOGUE, playlists())
    steps: list[tuple[float, float]] = []
    alone = evaluation.run(lambda *step: steps.append(step), Trainer())
    both = evaluation.run(lambda *step: steps.append(step), Trainer(), jobs=2)
    assert repr(alone) == repr(both)
    assert steps[:10] == [(i, 10) for i in range(1, 11)]
    assert steps[10:] == [(2 * i, 10) for i in range(1, 6)]


def test_short_playlists_and_unknown_tracks_are_counted_and_left_out() -> None:
    entries = playlists(2)
    short = entries.tail(15).assign(playlist_id="short")
    unknown = pd.DataFrame({"playlist_id": "p0", "track_id": ["nowhere", "nobody"]})
    split = read_listeners(
        Catalogue.from_frame(CATALOGUE), pd.concat([entries, entries, short, unknown]), seed=1
    )
    assert [listener.name for listener in split.listeners] == ["p0", "p1"]
    assert (split.count_playlists, split.count_too_short) == (3, 1)
    assert (split.count_tracks, split.count_unknown_tracks) == (97, 2)


def test_too_few_listeners_for_the_folds_are_an_error() -> None:
    with pytest.raises(ValueError, match="3 playlist"):
        Evaluation.prepare(CATALOGUE, playlists(3))
    with pytest.raises(ValueError, match="at least 1 needed"):
        Evaluation.prepare(CATALOGUE, playlists(3, songs=19), playlists(3))
