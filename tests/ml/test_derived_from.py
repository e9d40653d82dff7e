"""The Python models of dbt read no column that their YAML does not declare in `derived_from`."""

from typing import Any

import pandas as pd
import pytest
import yaml

from ml import tables
from ml.retrieval.index import build_track_index
from ml.training.self_check import evaluation
from ml.training.train import build_training_set
from tests.dbt.conftest import PROJECT
from tests.ml import worlds
from tests.ml.conftest import World

SCHEMAS = {
    "ml_ranker": tables.RANKER,
    "ml_track_index": tables.TRACK_INDEX,
    "ml_recommendations": tables.RECOMMENDATIONS,
    "ml_evaluation": tables.EVALUATION,
}
NEWEST = ["trained_as_of", "feature_names"]  # choose the row of ml_ranker, or refuse it
PARSED = ["model_text", "calibration", "count_signals"]  # with the row, whether used or not


def described(model: str) -> dict[str, Any]:
    text = (PROJECT / "models" / "ml" / f"{model}.yml").read_text()
    (found,) = yaml.safe_load(text)["models"]
    return dict(found)


def derived_from(model: str) -> dict[str, list[str]]:
    """What a model declares for all of its columns together."""
    found = described(model)
    metas = [each.get("config", {}).get("meta", {}) for each in found["columns"]]
    default = found["config"]["meta"]["derived_from"]
    together: dict[str, list[str]] = {}
    for meta in metas:
        for table, columns in meta.get("derived_from", default).items():
            together.setdefault(table, []).extend(columns)
    return together


def only(
    frame: pd.DataFrame, declared: dict[str, list[str]], table: str, *kept: str
) -> pd.DataFrame:
    """The frame with nulls in the columns that are neither declared nor kept."""
    return frame.assign(**dict.fromkeys(set(frame.columns) - {*declared[table], *kept}))


@pytest.mark.parametrize("model", SCHEMAS)
def test_the_described_columns_are_those_of_the_table(model: str) -> None:
    assert [each["name"] for each in described(model)["columns"]] == SCHEMAS[model].names


def test_a_ranker_is_trained_on_what_is_declared(world: World) -> None:
    declared = derived_from("ml_ranker")
    catalogue = worlds.with_albums(world.catalogue)
    signal = world.signal.assign(count_plays=3, is_saved=True)
    given = build_training_set(catalogue, signal, seed=1)
    masked = build_training_set(
        only(catalogue, declared, "ml_catalogue_features"),
        only(signal, declared, "ml_listener_signal"),
        seed=1,
    )
    assert (given.examples.features == masked.examples.features).all()
    assert given.count_albums == masked.count_albums is not None
    assert given.embedded.spaces.to_json() == masked.embedded.spaces.to_json()


def test_recommendations_come_from_what_is_declared(world: World) -> None:
    declared = derived_from("ml_recommendations")
    masked = {
        "catalogue": only(worlds.with_albums(world.catalogue), declared, "ml_catalogue_features"),
        "signal": only(world.signal, declared, "ml_listener_signal"),
        "ranker": only(world.ranker, declared, "ml_ranker", *NEWEST),
    }
    users = ["fan0", "nobody"]
    assert world.recommend(*users, **masked).equals(world.recommend(*users))


def test_the_index_is_built_of_what_is_declared(world: World) -> None:
    declared = derived_from("ml_track_index")
    masked = build_track_index(
        only(world.catalogue, declared, "ml_catalogue_features"),
        only(world.ranker, declared, "ml_ranker", *NEWEST, *PARSED),
        world.folder,
    )
    assert masked.equals(build_track_index(world.catalogue, world.ranker, world.folder))


def test_an_evaluation_shows_what_is_declared(world: World) -> None:
    masked = only(world.ranker, derived_from("ml_evaluation"), "ml_ranker")
    assert evaluation(masked).equals(evaluation(world.ranker))
