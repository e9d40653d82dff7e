"""The whole evaluation: frames in, a table of metrics out."""

from dataclasses import dataclass

import pandas as pd

from ml.dataset.catalogue import Catalogue
from ml.evaluation.baselines import Train
from ml.evaluation.folds import Fold, Progress, cross_validation, outcomes, single_fold
from ml.evaluation.listeners import MIN_SONGS, Playlists, read_listeners
from ml.evaluation.models import train
from ml.evaluation.summary import Table, reliability, summarise
from ml.metrics import Reliability
from ml.pairs.features import ALL

FOLDS = 5
SEED = 15


@dataclass(frozen=True)
class Evaluation:
    """Listeners to judge, and the playlists that are learned from for each fold of them."""

    catalogue: pd.DataFrame
    playlists: Playlists
    folds: list[Fold]
    count_songs: int  # of the catalogue
    seed: int

    @classmethod
    def prepare(
        cls,
        catalogue: pd.DataFrame,
        playlists: pd.DataFrame,
        others: pd.DataFrame | None = None,
        folds: int = FOLDS,
        seed: int = SEED,
    ) -> "Evaluation":
        """Choose and split the listeners.

        `catalogue` has the columns of `ml_catalogue_features`, `playlists` and `others` playlist_id
        and track_id. With `others`, those are learned from, and no folds are made. ValueError when
        there is less than a listener a fold.
        """
        tracks = Catalogue.from_frame(catalogue)
        split = read_listeners(tracks, playlists, seed)
        listeners, least = split.listeners, folds if others is None else 1
        if len(listeners) < least:
            raise ValueError(
                f"{len(listeners)} playlist(s) with {MIN_SONGS} songs of the catalogue or more, "
                f"where {least} are needed"
            )

        def in_catalogue(entries: pd.DataFrame) -> pd.DataFrame:
            return entries[entries["track_id"].isin(tracks.track_ids)]

        entries = in_catalogue(playlists)
        fold_list = (
            cross_validation(listeners, entries, folds, seed)
            if others is None
            else single_fold(listeners, entries, in_catalogue(others))
        )
        return cls(catalogue, split, fold_list, len(tracks.song_index), seed)

    def run(
        self, progress: Progress, train: Train = train, jobs: int = 1
    ) -> tuple[Table, Reliability]:
        """Train and judge: the table of metrics, and the reliability of all inputs.

        The same seed gives the same table.
        """
        found = outcomes(self.catalogue, self.folds, train, self.seed, progress, jobs)
        table = summarise(found, self._groups(), self.count_songs, self.seed)
        return table, reliability(found, ALL)

    def _groups(self) -> dict[str, int]:
        """The fold of each listener or, where there is one fold only, one half of it."""
        if len(self.folds) == 1:
            return {each.name: i % 2 for i, each in enumerate(self.folds[0].evaluated)}
        return {each.name: i for i, fold in enumerate(self.folds) for each in fold.evaluated}
