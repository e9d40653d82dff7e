"""The trained model: reproducible, based on the music only, and calibrated."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ml.dataset.catalogue import Catalogue
from ml.dataset.profiles import listener_profiles
from ml.pairs.features import ACOUSTIC, ACOUSTIC_YEAR, ALL, INPUTS, PAIR_FEATURES
from ml.ranking.calibration import Calibration, expected_calibration_error, fit_calibration
from ml.ranking.ranker import read_ranker
from ml.tables import RANKER
from ml.training import examples
from ml.training import train as training
from ml.training.drift import changed_share, sketch
from ml.training.train import train_ranker
from tests.ml import worlds
from tests.ml.conftest import World

NO_SIGNAL = worlds.school_fans(worlds.catalogue()).head(0)


def test_it_ranks_liked_tracks_of_unseen_listeners_above_random_ones(world: World) -> None:
    row = world.ranker.iloc[0]
    metrics = json.loads(row["metrics"])
    assert metrics["auc"] > 0.8
    assert metrics["calibration_error"] < 0.1
    assert metrics["count_listeners"] == 8
    assert json.loads(row["feature_names"]) == list(PAIR_FEATURES)
    assert row["trained_as_of"] == worlds.AS_OF


def test_the_order_and_the_source_of_rows_change_nothing(world: World) -> None:
    """Shuffled frames with further columns and random gaps give the same model and tracks."""
    rng = np.random.default_rng(4)
    catalogue = world.catalogue.sample(frac=1, random_state=8)
    signal = world.signal.sample(frac=1, random_state=9)
    for column in ("artist_id", "album", "album_id", "track_number", "explicit", "time_signature"):
        catalogue[column] = np.where(rng.random(len(catalogue)) < 0.5, None, "1")
    isrcs = rng.permutation(
        catalogue["isrc"]
    )  # they decide which tracks are known, and nothing else
    ranker = train_ranker(catalogue.assign(isrc=isrcs), signal, worlds.AS_OF).to_pandas()
    pd.testing.assert_frame_equal(ranker, world.ranker)
    recommended = world.recommend("nobody", "fan1", catalogue=catalogue, signal=signal)
    pd.testing.assert_frame_equal(recommended, world.recommend("fan1", "nobody"))


def test_albums_only_matter_as_groups_in_training(world: World) -> None:
    """The same rows and albums in another order, under other ids, give the same model."""
    catalogue = worlds.with_albums(world.catalogue)
    again = catalogue.assign(album_id="x" + catalogue["album_id"]).sample(frac=1, random_state=8)
    ranker, same = (
        train_ranker(frame, world.signal, worlds.AS_OF).to_pandas() for frame in (catalogue, again)
    )
    pd.testing.assert_frame_equal(ranker, same)
    assert ranker["model_text"][0] != world.ranker["model_text"][0]
    assert json.loads(ranker["metrics"][0])["count_albums"] == catalogue["album_id"].nunique()
    recommended = world.recommend("fan1", "nobody", catalogue=catalogue)
    pd.testing.assert_frame_equal(recommended, world.recommend("fan1", "nobody"))


@pytest.mark.parametrize("tracks", [1, 3, 40])
def test_small_catalogues_without_listeners_are_enough(
    world: World, tracks: int, tmp_path: Path
) -> None:
    catalogue = worlds.with_albums(worlds.catalogue(tracks))
    table = train_ranker(catalogue, NO_SIGNAL, worlds.AS_OF)
    assert table.schema == RANKER
    frames = {"catalogue": catalogue, "signal": NO_SIGNAL, "ranker": table.to_pandas()}
    recommended = replace(world, folder=tmp_path).recommend("nobody", **frames)
    assert recommended["confidence"].between(0, 1).all()
    assert len(recommended) == min(15, len(catalogue.groupby("artist_name").head(2)))


def test_nothing_to_train_on_gives_no_row(world: World) -> None:
    assert train_ranker(world.catalogue.head(0), world.signal, worlds.AS_OF).num_rows == 0
    assert train_ranker(world.catalogue, world.signal, None).num_rows == 0


def test_a_model_with_other_features_is_an_error(world: World) -> None:
    drifted = world.ranker.assign(feature_names=json.dumps([*PAIR_FEATURES, "popularity"]))
    with pytest.raises(ValueError, match="other features"):
        read_ranker(drifted)
    older_spaces = world.ranker.assign(spaces=world.ranker["spaces"].str.replace("centre", "mean_"))
    with pytest.raises(ValueError, match="other features"):
        read_ranker(older_spaces)
    later = worlds.AS_OF + timedelta(days=1)
    assert train_ranker(world.catalogue, world.signal, later, earlier=older_spaces).num_rows == 1


def test_calibration_recovers_the_curve_at_equal_odds() -> None:
    rng = np.random.default_rng(6)
    log_odds = rng.normal(0, 2, 20_000)
    liked = rng.random(len(log_odds)) < 1 / (1 + np.exp(-log_odds))
    liked_few = np.flatnonzero(liked)[::10]
    some = np.sort(np.concatenate([liked_few, np.flatnonzero(~liked)]))
    curve = fit_calibration(log_odds[some] / 2, liked[some])
    assert (curve.slope, curve.intercept) == pytest.approx((2, 0), abs=0.15)
    confidence = curve.confidence(log_odds / 2)
    assert expected_calibration_error(confidence, liked) < 0.02
    assert Calibration.from_json(curve.to_json()) == curve


@pytest.mark.parametrize("liked", [True, False])
def test_with_only_one_label_the_confidence_is_about_the_prior(liked: bool) -> None:
    curve = fit_calibration(np.full(3, 30.0), np.full(3, liked))
    assert curve.confidence(np.array([-30.0, 30.0])) == pytest.approx(0.5, abs=0.1)


def test_the_number_of_real_listeners_is_limited(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examples, "MAX_LISTENERS", 5)
    known = list(listener_profiles(Catalogue.from_frame(world.catalogue), world.signal).values())
    listeners = examples.real_listeners(known, np.random.default_rng(0))
    assert len(listeners) == len({listener.number for listener in listeners}) == 5
    for listener in listeners:
        assert listener.number is not None
        assert np.array_equal(listener.rows, known[listener.number].rows)


Frames = tuple[pd.DataFrame, pd.DataFrame]


def fewer(catalogue: pd.DataFrame, signal: pd.DataFrame, share: float) -> Frames:
    return catalogue, signal.head(round(share * len(signal)))


def others(catalogue: pd.DataFrame, signal: pd.DataFrame, share: float) -> Frames:
    """The same number of signals, some of them for other tracks."""
    liked = np.where(np.arange(len(signal)) < share * len(signal), signal["track_id"], "other")
    return catalogue, signal.assign(track_id=liked)


def remeasured(catalogue: pd.DataFrame, signal: pd.DataFrame, share: float) -> Frames:
    """The same tracks, some of them with a new measurement."""
    tempo = catalogue["tempo"] + (np.arange(len(catalogue)) >= share * len(catalogue))
    return catalogue.assign(tempo=tempo), signal


def whole_numbers(catalogue: pd.DataFrame, signal: pd.DataFrame, share: float) -> Frames:
    """Spark's whole numbers become floats only while one of them is missing."""
    return catalogue.astype({"release_year": "int32"}), signal


def isrcs(catalogue: pd.DataFrame, signal: pd.DataFrame, share: float) -> Frames:
    return catalogue.assign(isrc=None), signal


@pytest.mark.parametrize(
    ("days", "change", "share", "trained"),
    [
        (6, fewer, 0.97, False),
        (6, remeasured, 0.96, False),
        (6, whole_numbers, 0.0, False),
        (6, isrcs, 0.0, False),
        (7, fewer, 1.0, True),
        (1, fewer, 0.9, True),
        (1, others, 0.95, True),
        (1, remeasured, 0.94, True),
    ],
)
def test_it_is_trained_weekly_or_when_the_data_changed(
    world: World,
    days: int,
    change: Callable[[pd.DataFrame, pd.DataFrame, float], Frames],
    share: float,
    trained: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(training, "SIZES", dict.fromkeys(INPUTS, (1, 2)))
    later = worlds.AS_OF + timedelta(days=days)
    catalogue, signal = change(world.catalogue, world.signal, share)
    again = train_ranker(catalogue, signal, later, earlier=world.ranker)
    assert again.num_rows == trained


def test_the_changed_share_of_many_rows_is_estimated_well() -> None:
    rows = pd.DataFrame({"number": np.arange(100_000)})
    half, later = (sketch(part, ["number"]) for part in (rows[:50_000], rows[10_000:50_000]))
    assert changed_share(half, half) == 0
    assert changed_share(half, later) == pytest.approx(0.2, abs=0.05)
    assert changed_share(half, sketch(rows[50_000:], ["number"])) == 1
    assert changed_share("", "") == 0
    assert changed_share("", half) == changed_share(half, "") == 1


def test_a_ranker_of_a_later_instant_is_neither_kept_nor_read(world: World) -> None:
    before = worlds.AS_OF - timedelta(days=1)
    assert read_ranker(world.ranker, before) is None
    older = world.ranker.assign(trained_as_of=before, model_id="older")
    for table in (pd.concat([older, world.ranker]), pd.concat([world.ranker, older])):
        of_before, of_now = read_ranker(table, before), read_ranker(table, worlds.AS_OF)
        assert of_before is not None
        assert of_now is not None
        assert (of_before.model_id, of_now.model_id) == ("older", world.ranker["model_id"][0])
    again = train_ranker(world.catalogue, world.signal, before, earlier=world.ranker)
    assert again.num_rows == 1


@pytest.mark.parametrize("inputs", [ACOUSTIC, ACOUSTIC_YEAR])
def test_only_the_chosen_inputs_are_read(world: World, inputs: str) -> None:
    trained = train_ranker(world.catalogue, world.signal, worlds.AS_OF, inputs=inputs)
    model = read_ranker(trained.to_pandas())
    assert model is not None
    pairs = np.random.default_rng(0).normal(size=(50, len(PAIR_FEATURES)))
    unread = [name not in INPUTS[inputs] for name in PAIR_FEATURES]
    other = np.where(unread, 0, pairs)
    assert np.array_equal(model.scores(pairs), model.scores(other))
    assert len(set(model.scores(pairs))) > 1
    assert not model.contributions(pairs)[:, unread].any()


@pytest.mark.parametrize(
    ("inputs", "examples", "leaves"),
    [(ALL, 10, 31), (ALL, 75_000, 50), (ALL, 9_000_000, 127), (ACOUSTIC, 9_000_000, 31)],
)
def test_more_examples_give_larger_trees(inputs: str, examples: int, leaves: int) -> None:
    assert training.parameters(inputs, examples)["num_leaves"] == leaves
