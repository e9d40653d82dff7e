"""Train on some playlists and evaluate on others: no model sees a playlist it is evaluated on."""

import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from threading import Thread

import numpy as np
import pandas as pd

from ml.evaluation.baselines import Train
from ml.evaluation.evaluate_listener import Outcome, evaluate_listener
from ml.evaluation.listeners import Listener

Progress = Callable[[float, float], None]


@dataclass(frozen=True)
class Fold:
    """Listeners to evaluate, and the playlists to train on."""

    evaluated: list[Listener]
    learned_from: pd.DataFrame  # entries whose tracks are in the catalogue
    count_excluded: int  # playlists that are not trained on, since they are evaluated


def cross_validation(
    listeners: list[Listener], playlists: pd.DataFrame, count: int, seed: int
) -> list[Fold]:
    """Split the listeners into folds; each trains on all playlists but those that it evaluates."""
    parts = np.array_split(np.random.default_rng(seed).permutation(len(listeners)), count)
    folds = [[listeners[i] for i in np.sort(part)] for part in parts if len(part)]
    return [_fold(evaluated, playlists, playlists) for evaluated in folds]


def single_fold(
    listeners: list[Listener], playlists: pd.DataFrame, others: pd.DataFrame
) -> list[Fold]:
    """Train on other playlists, without those that are evaluated."""
    return [_fold(listeners, playlists, others)]


def outcomes(
    catalogue: pd.DataFrame,
    folds: list[Fold],
    train: Train,
    seed: int,
    progress: Progress,
    jobs: int = 1,
) -> list[Outcome]:
    """Train in each fold and evaluate its listeners.

    Args:
        catalogue: The columns of `ml_catalogue_features`.
        folds: One training for each.
        train: From a catalogue, a signal and a seed to a model.
        seed: Of all random draws.
        progress: Called with the numbers of finished and of all listeners.
        jobs: How many processes.

    Returns:
        The outcomes of all listeners, in the order of the folds.
    """
    total = sum(len(fold.evaluated) for fold in folds)
    done = 0

    def step(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total)

    if min(jobs, len(folds)) == 1:
        return [
            each for fold in folds for each in _evaluate_fold(catalogue, fold, train, seed, step)
        ]
    context = get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_end_with_parent) as pool:
        work = {pool.submit(_evaluate_fold, catalogue, fold, train, seed): fold for fold in folds}
        for future in as_completed(work):
            step(len(work[future].evaluated))
        return [each for future in work for each in future.result()]


def _end_with_parent() -> None:
    """End this process when its parent was killed: nobody would read its result."""

    def wait() -> None:
        parent = parent_process()
        if parent:
            parent.join()
            os._exit(1)

    Thread(target=wait, daemon=True).start()


def _evaluate_fold(
    catalogue: pd.DataFrame,
    fold: Fold,
    train: Train,
    seed: int,
    step: Callable[[int], None] | None = None,
) -> list[Outcome]:
    model = train(catalogue, playlist_signal(catalogue, fold.learned_from), seed)
    found: list[Outcome] = []
    for listener in fold.evaluated:
        found += evaluate_listener(model, listener, seed)
        if step:
            step(1)
    return found


def playlist_signal(catalogue: pd.DataFrame, playlists: pd.DataFrame) -> pd.DataFrame:
    """The columns of `ml_listener_signal` that ml reads, with each playlist as a listener.

    Tracks that are not in the catalogue have no name, and are left out.
    """
    entries = playlists[["playlist_id", "track_id"]].drop_duplicates()
    names = catalogue[["track_id", "track_name", "artist_name", "isrc"]]
    signal = entries.rename(columns={"playlist_id": "user_id"}).merge(names, on="track_id")
    return signal.assign(strength=1.0)


def _fold(evaluated: list[Listener], playlists: pd.DataFrame, others: pd.DataFrame) -> Fold:
    """Train on the others without evaluated ones: those with the same id or the same tracks."""
    ids, tracks = _ids_and_tracks(playlists)
    is_evaluated = ids.isin([listener.name for listener in evaluated])
    other_ids, other_tracks = _ids_and_tracks(others)
    is_seen = other_ids.isin(ids[is_evaluated]) | other_tracks.isin(tracks[is_evaluated])
    return Fold(evaluated, others[~is_seen], other_ids[is_seen].nunique())


def _ids_and_tracks(playlists: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """(entries,): the playlist's id; and (entries,): a digest of all tracks of the playlist."""
    ids = playlists["playlist_id"].astype(str)
    digests = pd.util.hash_pandas_object(playlists["track_id"], index=False)
    is_duplicate = playlists.duplicated(["playlist_id", "track_id"])
    return ids, digests.mask(is_duplicate, 0).groupby(ids).transform("sum")
