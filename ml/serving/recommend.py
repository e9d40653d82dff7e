"""Recommend to all listeners: candidates, ranking, selection, confidence and reasons."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from ml.arrays import Ids
from ml.dataset.catalogue import Catalogue
from ml.dataset.profiles import NO_PROFILE, NOTHING, ListenerProfile, listener_profiles
from ml.embedding.embedded_catalogue import SOUND_YEAR, STYLE, EmbeddedCatalogue
from ml.pairs.features import nearest_own, pair_features
from ml.pairs.peers import Interactions, Neighbourhood
from ml.ranking.calibration import PRIOR
from ml.ranking.ranker import Ranker, read_ranker
from ml.retrieval.candidates import candidates, varied_candidates
from ml.retrieval.index import TrackIndex, open_index
from ml.runtime import Executor, on_threads
from ml.serving.reasons import TASTE_UNKNOWN, reasons
from ml.serving.selection import LIMITS, Limits, ranked, select
from ml.tables import RECOMMENDATIONS, naive_utc

NO_REPEAT = timedelta(days=30)
SHORTLIST = pa.schema(
    [
        ("user_id", pa.string()),
        ("row", pa.int64()),
        ("rank", pa.int64()),
        ("confidence", pa.float64()),
        ("reasons", pa.string()),
    ]
)


def recommend(
    *,
    catalogue: pd.DataFrame,
    signal: pd.DataFrame,
    listeners: pd.DataFrame,
    ranker: pd.DataFrame,
    as_of: datetime | None,
    folder: Path,
    history: pd.DataFrame | None = None,
    limits: Limits = LIMITS,
    executor: Executor = on_threads,
) -> pa.Table:
    """Recommend up to fifteen tracks to each listener. All frames have their rows in any order.

    Args:
        catalogue: The columns of `ml_catalogue_features`.
        signal: The columns of `ml_listener_signal`.
        listeners: The column `user_id`.
        ranker: The rows of `ml_ranker`, of which the latest until `as_of` is used.
        as_of: The instant of the run; UTC if naive; None before the first run.
        folder: Of the index file, which is built there when it is absent or damaged.
        history: The rows of `ml_recommendations` so far. Tracks of the 30 days before `as_of` are
            not repeated.
        limits: Of the selection.
        executor: Runs listeners on local threads or on Spark workers.

    Returns:
        The rows of `ml_recommendations` for `as_of`; no rows without a ranker, a catalogue or an
        instant. A listener has fewer rows than the limit only where the catalogue has no more
        tracks that are new to them and within the limits.

    Raises:
        ValueError: The catalogue lacks a column or has a track_id twice, or the ranker was trained
            on other features.
    """
    model = read_ranker(ranker, as_of)
    tracks = Catalogue.from_frame(catalogue)
    if model is None or as_of is None or not len(tracks):
        return RECOMMENDATIONS.empty_table()
    as_of = naive_utc(as_of)
    embedded = EmbeddedCatalogue.embed(tracks, model.spaces)
    index = open_index(embedded.vectors, folder)
    known, shown = listener_profiles(tracks, signal), _recently_shown(tracks, history, as_of)
    others = known if model.knows_listeners else {}  # it did not learn from what others have
    number = {user_id: position for position, user_id in enumerate(others)}
    shared = _Shared(
        model, embedded, index, Interactions.of(embedded, list(others.values())), limits
    )

    def shortlist(user_id: str) -> pa.Table:
        profile = known.get(user_id, NO_PROFILE).with_typical_tracks(tracks, embedded.vectors)
        profile = profile.with_known(tracks, shown.get(user_id, NOTHING))
        neighbourhood = shared.interactions.neighbourhood(embedded, profile, number.get(user_id))
        rows = _shortlist(shared, profile, neighbourhood).assign(user_id=user_id)[SHORTLIST.names]
        return pa.Table.from_pandas(rows, SHORTLIST, preserve_index=False)

    user_ids = sorted(listeners["user_id"].unique())
    rows = executor(shortlist, user_ids, SHORTLIST, [index.path]).to_pandas()
    rows = rows.assign(as_of=as_of, model_id=model.model_id)
    rows["track_id"] = tracks.track_ids[rows["row"]]
    return pa.Table.from_pandas(rows[RECOMMENDATIONS.names], RECOMMENDATIONS, preserve_index=False)


@dataclass(frozen=True)
class _Shared:
    """What all listeners of a run share."""

    ranker: Ranker
    embedded: EmbeddedCatalogue
    index: TrackIndex
    interactions: Interactions
    limits: Limits

    @cached_property
    def varied(self) -> pd.DataFrame:
        """A sample of the whole catalogue, scored for a listener without any tracks."""
        rows, clusters = varied_candidates(self.embedded.vectors)
        neighbourhood = self.interactions.neighbourhood(self.embedded, NO_PROFILE)
        pairs = pair_features(self.embedded, neighbourhood, NO_PROFILE, rows)
        return pd.DataFrame({"row": rows, "cluster": clusters, "score": self.ranker.scores(pairs)})


def _shortlist(
    shared: _Shared, profile: ListenerProfile, neighbourhood: Neighbourhood
) -> pd.DataFrame:
    """The rows chosen for one listener, best first, with rank, confidence and reasons."""
    known = len(profile.rows) > 0
    chosen = _choose(shared, profile, neighbourhood) if known else _choose_varied(shared, profile)
    chosen = chosen.sort_values(["score", "row"], ascending=[False, True])
    return chosen.assign(rank=np.arange(1, len(chosen) + 1))


def _choose(
    shared: _Shared, profile: ListenerProfile, neighbourhood: Neighbourhood
) -> pd.DataFrame:
    """The best of the candidates and, where these are too few, of the whole catalogue's sample."""
    catalogue = shared.embedded.catalogue
    rows = candidates(shared.embedded, shared.index, profile, neighbourhood)
    chosen = _choose_from(rows, shared, profile, neighbourhood)
    limits, count_new = shared.limits, chosen["is_new_artist"].sum()
    if len(chosen) < limits.tracks or count_new < limits.new_artists:
        varied = shared.varied["row"].to_numpy()
        rows = np.union1d(rows, varied[profile.is_new(catalogue, varied)])
        chosen = _choose_from(rows, shared, profile, neighbourhood)
    return chosen


def _choose_from(
    rows: Ids, shared: _Shared, profile: ListenerProfile, neighbourhood: Neighbourhood
) -> pd.DataFrame:
    pairs = pair_features(shared.embedded, neighbourhood, profile, rows)
    scored = pd.DataFrame({"row": rows, "score": shared.ranker.scores(pairs)})
    chosen = select(ranked(shared.embedded, profile, scored), shared.limits)
    pairs, rows = pairs[chosen.index], rows[chosen.index]
    features = shared.embedded.catalogue.features
    measured = ~np.isnan(features[rows]) & ~np.isnan(features[profile.rows]).all(axis=0)
    nearest_artists = [
        shared.embedded.catalogue.artist_names[
            nearest_own(shared.embedded.coordinates[space], profile, rows)
        ]
        for space in (SOUND_YEAR, STYLE)
    ]
    contributions = shared.ranker.contributions(pairs)
    return chosen.assign(
        confidence=shared.ranker.calibration.confidence(chosen["score"].to_numpy()),
        reasons=reasons(
            contributions,
            pairs,
            measured,
            *map(list, nearest_artists),
            are_played=not profile.uses_typical_tracks,
        ),
    )


def _choose_varied(shared: _Shared, profile: ListenerProfile) -> pd.DataFrame:
    """The best of each of the catalogue's clusters in turn, for a listener without any tracks.

    The confidence is the prior: such a score hardly separates liked from random tracks.
    """
    new = shared.varied[profile.is_new(shared.embedded.catalogue, shared.varied["row"].to_numpy())]
    listed = ranked(shared.embedded, profile, new)
    turn = listed.groupby("cluster").cumcount().sort_values(kind="stable")
    chosen = select(listed.loc[turn.index], shared.limits)
    return chosen.assign(confidence=PRIOR, reasons=TASTE_UNKNOWN)


def _recently_shown(
    catalogue: Catalogue, history: pd.DataFrame | None, as_of: datetime
) -> dict[str, Ids]:
    """The rows of the tracks recommended to each listener in the 30 days before."""
    if history is None:
        return {}
    shown_at = pd.to_datetime(history["as_of"])
    recent = history[(shown_at < as_of) & (shown_at >= as_of - NO_REPEAT)]
    rows = catalogue.track_ids.get_indexer(pd.Index(recent["track_id"]))
    shown = recent.assign(row=rows)[rows >= 0].groupby("user_id")["row"]
    return {str(user_id): tracks.to_numpy() for user_id, tracks in shown}
