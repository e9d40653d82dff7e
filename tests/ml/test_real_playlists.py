"""On real tracks and playlists the ranker beats the baselines."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from ml.arrays import squared_distances
from ml.dataset.catalogue import Catalogue
from ml.dataset.profiles import listener_profiles, profile_of_rows
from ml.embedding.embedded_catalogue import EmbeddedCatalogue
from ml.pairs.features import pair_features
from ml.pairs.peers import Interactions
from ml.ranking.ranker import read_ranker
from ml.training.train import train_ranker
from sonic.evaluation.files import read_catalogue
from tests.ml import worlds

pytestmark = pytest.mark.whole


@pytest.mark.usefixtures("all_trees")
def test_hidden_tracks_of_unseen_playlists_rank_above_random_ones(shared: Path) -> None:
    """Train on ten playlists, compare the AUC with two baselines on others."""
    frame = read_catalogue(shared / "data" / "evaluation_tracks.csv.gz")
    playlists = pd.read_csv(shared / "data" / "playlists.csv.gz")
    playlists = playlists[playlists["track_id"].isin(frame["track_id"])]
    tracks = {
        str(name): ids.tolist()
        for name, ids in playlists.groupby("playlist_id")["track_id"].unique().items()
        if len(ids) >= 30
    }
    learned_from, evaluated_on = list(tracks)[:10], list(tracks)[10:30]
    signal = worlds.signal(frame, **{name: tracks[name] for name in learned_from})
    ranker = read_ranker(train_ranker(frame, signal, worlds.AS_OF).to_pandas())
    assert ranker is not None

    catalogue = Catalogue.from_frame(frame)
    embedded = EmbeddedCatalogue.embed(catalogue, ranker.spaces)
    profiles = list(listener_profiles(catalogue, signal).values())
    interactions = Interactions.of(embedded, profiles)
    rng = np.random.default_rng(0)
    figures = []
    for name in evaluated_on:
        rows = rng.permutation(catalogue.track_ids.get_indexer(pd.Index(tracks[name])))
        hidden, given = np.split(rows, [len(rows) // 5])
        others = np.setdiff1d(rng.choice(len(catalogue), 1_000, replace=False), rows)
        candidates, profile = np.concatenate([hidden, others]), profile_of_rows(catalogue, given)
        neighbourhood = interactions.neighbourhood(embedded, profile)
        near = squared_distances(embedded.traits[candidates], embedded.traits[profile.rows])
        by_method = {
            "ranker": ranker.scores(pair_features(embedded, neighbourhood, profile, candidates)),
            "nearest": -np.sort(near, axis=1)[:, :3].mean(axis=1),
            "same artist": profile.tracks_by(catalogue.artists[candidates]),
        }
        liked = np.arange(len(candidates)) < len(hidden)
        figures.append({method: roc_auc_score(liked, s) for method, s in by_method.items()})
    auc = pd.DataFrame(figures).mean()
    assert auc["ranker"] > 0.9
    assert auc["ranker"] > auc["nearest"] + 0.05
    assert auc["ranker"] > auc["same artist"] + 0.05
