"""Time recommendations for many listeners from a large synthetic catalogue.

For comparison, the whole catalogue is scored for a few of them.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from rich.console import Console
from rich.table import Table

from bench import listening
from ml.arrays import chunks, squared_distances
from ml.dataset.catalogue import Catalogue
from ml.dataset.profiles import ListenerProfile, listener_profiles
from ml.embedding.embedded_catalogue import EmbeddedCatalogue
from ml.pairs.features import pair_features
from ml.pairs.peers import Interactions
from ml.ranking.ranker import read_ranker
from ml.retrieval.candidates import NEIGHBOURS, PROFILE_CENTRES
from ml.retrieval.clusters import centres
from ml.retrieval.index import TrackIndex, build_track_index, open_index
from ml.runtime import on_threads
from ml.serving.recommend import recommend
from ml.training.train import train_ranker

AS_OF = datetime(2026, 5, 31)
SEED = 15
NEAREST = 100


class Clock:
    """Seconds of each stage, and the process's peak memory at its end."""

    def __init__(self) -> None:
        self.table = Table("stage", "seconds", "peak memory so far, MB")
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, title: str) -> Iterator[None]:
        """Time the block."""
        started = time.perf_counter()
        yield
        self.seconds[title] = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        self.table.add_row(title, f"{self.seconds[title]:.1f}", f"{peak:,.0f}")
        Console(stderr=True).print(f"[dim]{title}: {self.seconds[title]:.1f} s[/]")


def recall(embedded: EmbeddedCatalogue, index: TrackIndex, some: list[ListenerProfile]) -> float:
    """Share of the 100 nearest tracks of each of a listener's centres that a query returns."""
    found = []
    for profile in some:
        for centre in centres(embedded.vectors[profile.rows], profile.strengths, PROFILE_CENTRES):
            exact = squared_distances(embedded.vectors, centre[None])[:, 0]
            nearest = np.argpartition(exact, NEAREST)[:NEAREST]
            queried = index.neighbours(centre, NEIGHBOURS)
            found.append(np.isin(nearest, queried).mean())
    return float(np.mean(found))


def main() -> None:
    """Print the stages, the ratio to exhaustive scoring, and the index's recall."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tracks", type=int, default=1_204_025)
    parser.add_argument("--listeners", type=int, default=1_000)
    parser.add_argument("--sample", type=int, default=6, help="listeners to score all tracks for")
    options = parser.parse_args()
    catalogue = listening.catalogue(options.tracks, SEED)
    signal = listening.signal(catalogue, options.listeners, SEED)
    users = pd.DataFrame({"user_id": signal["user_id"].unique()})
    clock = Clock()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with clock.stage("catalogue and listeners in memory"):
            pass
        with clock.stage("training"):
            ranker = train_ranker(catalogue, signal, AS_OF).to_pandas()
        with clock.stage("features and index"):
            build_track_index(catalogue, ranker, folder)
        with clock.stage("candidates, features, ranking, selection"):
            shown = recommend(
                catalogue=catalogue,
                signal=signal,
                listeners=users,
                ranker=ranker,
                as_of=AS_OF,
                folder=folder,
            )
        assert shown.num_rows == 15 * len(users)

        model = read_ranker(ranker)
        assert model
        embedded = EmbeddedCatalogue.embed(Catalogue.from_frame(catalogue), model.spaces)
        known = list(listener_profiles(embedded.catalogue, signal).values())
        interactions = Interactions.of(embedded, known)
        every, some = np.arange(len(embedded.catalogue)), known[: options.sample]

        def score_all(number: str) -> pa.Table:
            neighbourhood = interactions.neighbourhood(embedded, some[int(number)], int(number))
            for rows in chunks(every):
                model.scores(pair_features(embedded, neighbourhood, some[int(number)], rows))
            return pa.table({})

        with clock.stage(f"exhaustive: all tracks for {len(some)} listeners"):
            on_threads(score_all, list(map(str, range(len(some)))), pa.schema([]), [])
        exhaustive = list(clock.seconds.values())[-1] / len(some) * len(users)
        index = open_index(embedded.vectors, folder)
        held = recall(embedded, index, known[:50])
    path = sum(list(clock.seconds.values())[2:4])
    console = Console(width=100)
    console.print(f"{options.tracks:,} tracks, {len(users):,} listeners, seed {SEED}")
    console.print(clock.table)
    console.print(f"index, features, ranking and selection: {path:.0f} s")
    console.print(f"exhaustive, extrapolated: {exhaustive:,.0f} s, {exhaustive / path:.0f} times")
    console.print(f"recall@{NEAREST} of the index: {held:.3f}")


if __name__ == "__main__":
    main()
