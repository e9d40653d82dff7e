"""One trained world, shared by the tests that do not change it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ml.serving.recommend import recommend
from ml.training import train as training
from ml.training.train import train_ranker
from tests.ml import worlds


@dataclass(frozen=True)
class World:
    """A catalogue, its listeners, and what was trained on them."""

    catalogue: pd.DataFrame
    signal: pd.DataFrame
    ranker: pd.DataFrame
    folder: Path

    def recommend(self, *users: str, as_of: datetime = worlds.AS_OF, **frames: Any) -> pd.DataFrame:
        """Recommend to these listeners, some of the frames replaced."""
        given = {name: getattr(self, name) for name in ("catalogue", "signal", "ranker")}
        given |= {"listeners": worlds.users(*users)} | frames
        return recommend(as_of=as_of, folder=self.folder, **given).to_pandas()


ALL_TREES = training.SIZES
TEN_TREES = {inputs: (10, leaves) for inputs, (_, leaves) in ALL_TREES.items()}


@pytest.fixture(scope="package", autouse=True)
def few_trees() -> Iterator[None]:
    """Train ten trees: most tests ask what a model is made of, not how good it is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "SIZES", TEN_TREES)
        yield


@pytest.fixture
def all_trees(monkeypatch: pytest.MonkeyPatch) -> None:
    """Train as many trees as in a real run."""
    monkeypatch.setattr(training, "SIZES", ALL_TREES)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """1,500 tracks, eight listeners."""
    folder = tmp_path_factory.mktemp("home") / "index"
    catalogue = worlds.catalogue()
    signal = worlds.school_fans(catalogue)
    ranker = train_ranker(catalogue, signal, worlds.AS_OF).to_pandas()
    return World(catalogue, signal, ranker, folder)
