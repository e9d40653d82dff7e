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
    """Listeners to evaluate, and the playlists to train on for each fold of them."""

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

        Args:
            catalogue: The columns of `ml_catalogue_features`.
            playlists: The columns playlist_id and track_id; each long enough one is a listener.
            others: The same columns: playlists to train on, in a single fold. None: train on
                `playlists`, by cross-validation.
            folds: How many, where `others` is None.
            seed: Of all random draws.

        Raises:
            ValueError: There are fewer listeners than folds, or the catalogue lacks a column or has
                a track_id twice.
        """
        tracks = Catalogue.from_frame(catalogue)
        split = read_listeners(tracks, playlists, seed)
        listeners, least = split.listeners, folds if others is None else 1
        if len(listeners) < least:
            raise ValueError(
                f"{len(listeners)} playlist(s) with {MIN_SONGS} songs of the catalogue or more; "
                f"at least {least} needed"
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
        """Train and evaluate; the same seed gives the same table.

        Args:
            progress: Called with the numbers of finished and of all listeners.
            train: From a catalogue, a signal and a seed to a model; pickled if there are more jobs.
            jobs: How many processes.

        Returns:
            The table of metrics, and the reliability of the confidence by all inputs.
        """
        found = outcomes(self.catalogue, self.folds, train, self.seed, progress, jobs)
        table = summarise(found, self._groups(), self.count_songs, self.seed)
        return table, reliability(found, ALL)

    def _groups(self) -> dict[str, int]:
        """The fold of each listener; with a single fold, one of its halves."""
        if len(self.folds) == 1:
            return {each.name: i % 2 for i, each in enumerate(self.folds[0].evaluated)}
        return {each.name: i for i, fold in enumerate(self.folds) for each in fold.evaluated}
