"""The share of shown tracks that are hits: tracks that the listener had and that were hidden.

It completes the confidence, which compares one liked track with one random track. A list has the
best tracks of a whole catalogue, and the listener's opinion of most of these is not known.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from ml.arrays import Floats, Ids, squared_distances
from ml.dataset.profiles import profile_of_rows
from ml.embedding.embedded_catalogue import EmbeddedCatalogue
from ml.pairs.features import pair_features
from ml.pairs.peers import Interactions
from ml.retrieval.candidates import candidates
from ml.serving.selection import ranked, select
from ml.training.examples import Listener

MIN_TRACKS = 10  # of a listener, so that there is something to hide and something to go by
MAX_LISTENERS = 20
HIDDEN_SHARE = 0.2

Score = Callable[[Floats], Floats]


class ExactIndex:
    """Searches all tracks: slower per query than an index, but there is nothing to build."""

    def __init__(self, vectors: Floats) -> None:
        """Take the coordinates of the tracks, (tracks, dimensions)."""
        self._vectors = vectors

    def neighbours(self, point: Floats, count: int) -> Ids:
        """Rows of the `count` tracks nearest to a point, nearest first."""
        gaps = squared_distances(self._vectors, point[None])[:, 0]
        near = np.argpartition(gaps, min(count, len(gaps)) - 1)[:count]
        return near[np.argsort(gaps[near], kind="stable")]


def shown_hits(
    embedded: EmbeddedCatalogue,
    interactions: Interactions,
    listeners: Sequence[tuple[Listener, Score]],
    rng: np.random.Generator,
) -> float | None:
    """Hide a fifth of each listener's tracks, and count the hits among fifteen shown ones.

    Args:
        embedded: The catalogue.
        interactions: Of all real listeners.
        listeners: Real listeners, each with a function from pair features to scores, by a model
            that was not trained on that listener.
        rng: Draws up to MAX_LISTENERS listeners, and their hidden tracks.

    Returns:
        Hits per shown track, 0 to 1; None when no listener has enough tracks.
    """
    eligible = [each for each in listeners if len(each[0].rows) >= MIN_TRACKS]
    index, catalogue = ExactIndex(embedded.vectors), embedded.catalogue
    hits = []
    for number in rng.permutation(len(eligible))[:MAX_LISTENERS]:
        listener, score = eligible[number]
        count = round(HIDDEN_SHARE * len(listener.rows))
        hidden = rng.choice(listener.rows, size=count, replace=False)
        profile = profile_of_rows(catalogue, np.setdiff1d(listener.rows, hidden))
        neighbourhood = interactions.neighbourhood(embedded, profile, listener.number)
        rows = candidates(embedded, index, profile, neighbourhood)
        scores = score(pair_features(embedded, neighbourhood, profile, rows))
        shown = select(ranked(embedded, profile, pd.DataFrame({"row": rows, "score": scores})))
        hits.append(shown["song"].isin(catalogue.songs[hidden]))
    return float(pd.concat(hits).mean()) if any(map(len, hits)) else None
