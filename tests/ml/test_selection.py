"""The limits of a list, and its reasons."""

import numpy as np
import pandas as pd

from ml.dataset.features import FEATURES
from ml.pairs.features import PAIR_FEATURES
from ml.serving.reasons import NOTHING_STANDS_OUT, reasons
from ml.serving.selection import Limits, select


def ranked(artists: list[int], new: list[int], songs: list[int] | None = None) -> pd.DataFrame:
    songs = songs or list(range(len(artists)))
    frame = pd.DataFrame({"artist": artists, "song": songs, "isrc_code": -1})
    is_new = frame["artist"].isin(new)
    return frame.assign(is_new_artist=is_new, interest=0, interest_share=1.0)


def test_at_most_two_per_artist_and_one_per_song() -> None:
    frame = ranked([1, 1, 1, 2, 2, 3], new=[1, 2, 3], songs=[1, 1, 2, 3, 4, 5])
    assert select(frame).index.tolist() == [0, 2, 3, 4, 5]
    frame["isrc_code"] = [-1, -1, -1, 7, 8, 7]
    assert select(frame).index.tolist() == [0, 2, 3, 4]


def test_new_artists_get_their_share_and_the_order_stays() -> None:
    known, new = list(range(20)), list(range(20, 40))
    chosen = select(ranked([*known, *new], new=new))
    assert chosen.index.tolist() == [*range(7), *range(20, 28)]
    assert select(ranked([*new, *known], new=new)).index.tolist() == list(range(15))


def test_places_that_new_artists_cannot_fill_go_to_known_artists() -> None:
    chosen = select(ranked(list(range(20)), new=[19]))
    assert chosen.index.tolist() == [*range(14), 19]
    assert len(select(ranked(list(range(4)), new=[]))) == 4
    assert select(ranked([], new=[])).empty


def test_limits_can_be_set() -> None:
    chosen = select(ranked([1, 1, 2, 3], new=[3]), Limits(tracks=2, per_artist=1, new_artists=1))
    assert chosen.index.tolist() == [0, 3]


def test_each_interest_with_enough_weight_has_a_place() -> None:
    """A tenth of the tracks gets one of eight places for new artists, a fiftieth none."""
    frame = ranked(list(range(60)), new=list(range(60)))
    frame["interest"] = np.repeat([0, 1, 2], 20)
    frame["interest_share"] = np.repeat([0.88, 0.1, 0.02], 20)
    assert select(frame).index.tolist() == [*range(14), 20]
    frame["interest_share"] = np.repeat([0.6, 0.2, 0.2], 20)
    assert select(frame).index.tolist() == [*range(13), 20, 40]
    assert select(frame, Limits(new_artists=0)).index.tolist() == list(range(15))
    frame["interest"] = np.repeat(range(4), 15)
    frame["interest_share"] = np.repeat([0.3, 0.3, 0.2, 0.2], 15)
    assert select(frame, Limits(new_artists=3)).index.tolist() == [*range(13), 15, 30]
    frame["is_new_artist"] = frame.index % 20 == 0
    assert select(frame).index.tolist() == [*range(13), 20, 40]


def reason(
    gains: dict[str, float],
    values: dict[str, float] | None = None,
    unmeasured: str = "",
    are_played: bool = True,
) -> str:
    contributions, pairs = (
        pd.DataFrame([given], columns=list(PAIR_FEATURES)).fillna(0).to_numpy(dtype=float)
        for given in (gains, values or {})
    )
    measured = np.array([[feature != unmeasured for feature in FEATURES]])
    return reasons(contributions, pairs, measured, ["Low"], ["Nina"], are_played=are_played)[0]


def test_reasons_follow_the_contributions() -> None:
    assert reason({"tempo_gap": 2, "artist_tracks": 1}, {"artist_tracks": 3}) == (
        "tempo close to yours · an artist that you play"
    )
    assert reason({"tempo_gap": 1, "artist_tracks": 2}, {"artist_tracks": 3}) == (
        "an artist that you play · tempo close to yours"
    )
    assert reason({"sound_density": 1, "artist_style_near_1": 3}) == (
        "an artist close to Nina · sounds like your tracks by Low"
    )


def test_a_topic_adds_up_all_its_features() -> None:
    gains = {"energy": 1, "tempo": 0.6, "tempo_gap": 0.6, "tempo_phase_cos": -0.1}
    assert reason(gains) == "tempo close to yours · energy close to yours"


def test_reasons_follow_the_values() -> None:
    assert reason({"tempo": 1, "year_gap": 1}, {"tempo_gap": 2, "year_gap": -2}) == (
        "faster than your usual · older than your usual"
    )


def test_artists_named_in_titles_are_a_reason() -> None:
    gains = {"guests_played": 2, "tempo": 1}
    assert reason(gains, {"guests_played": 1, "guests_partners": 1}) == (
        "made with an artist that you play · tempo close to yours"
    )
    assert reason(gains, {"guests_partners": 1}).startswith("by an artist who made tracks with one")
    assert reason(gains) == "tempo close to yours"


def test_a_topic_that_lowers_the_score_or_has_no_words_is_no_reason() -> None:
    gains = dict.fromkeys(PAIR_FEATURES, -1.0) | {"listener_tracks": 5, "key_cos": 5}
    assert reason(gains) == NOTHING_STANDS_OUT
    assert reason({"peers_song_mean_by_song": 1}) == NOTHING_STANDS_OUT  # no listener has it
    nothing = np.empty((0, len(PAIR_FEATURES)))
    assert reasons(nothing, nothing, np.empty((0, len(FEATURES)), dtype=bool), [], []) == []


def test_a_feature_that_was_not_measured_is_no_reason() -> None:
    gains = {"tempo": 2, "energy": 1}
    assert reason(gains, unmeasured="tempo") == "energy close to yours"
    assert reason({"year_gap": 1}, unmeasured="year") == NOTHING_STANDS_OUT


def test_reasons_do_not_mention_typical_tracks_of_played_artists() -> None:
    gains = {"sound_density": 3, "titles_mean": 2, "tempo_gap": 1, "guests_met": 1}
    assert reason(gains, {"guests_met": 1}, are_played=False) == "sounds like Low"


def test_dissimilar_listeners_are_no_reason() -> None:
    gains = {"peers_song_mean_by_song": 1}
    assert reason(gains, {"peers_song_listeners": 2}) == NOTHING_STANDS_OUT
    many = {"peers_song_listeners": 5, "peers_song_by_style": 2, "peers_song_mean_by_style": 0.02}
    assert reason(gains, many) == NOTHING_STANDS_OUT
    alike = {"peers_song_listeners": 1, "peers_song_mean_by_style": 0.1}
    assert reason(gains, alike) == "played by listeners with a taste like yours"
