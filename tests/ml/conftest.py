"""One trained world, shared by the tests that do not change it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ml.serving.recommend import recommend
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


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """1,500 tracks, eight listeners."""
    folder = tmp_path_factory.mktemp("home") / "index"
    catalogue = worlds.catalogue()
    signal = worlds.school_fans(catalogue)
    ranker = train_ranker(catalogue, signal, worlds.AS_OF).to_pandas()
    return World(catalogue, signal, ranker, folder)
