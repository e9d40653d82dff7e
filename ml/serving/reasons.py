"""Reasons in words: the topics that add most to a track's score."""

import numpy as np

from ml.arrays import Bools, Floats
from ml.dataset.features import FEATURES
from ml.pairs.features import PAIR_FEATURES
from ml.pairs.peers import SIMILARITIES

SEPARATOR = " · "
REASONS = 2
NOTHING_STANDS_OUT = "closest of what is left"
TASTE_UNKNOWN = f"your taste is not known yet{SEPARATOR}picked for variety"
OWN_ARTIST = "an artist that you play"
GUESTS = {  # pair feature: words; the first one above 0 counts
    "guests_played": "made with an artist that you play",
    "guests_met": "by a guest on tracks that you play",
    "guests_partners": "by an artist who made tracks with one that you play",
}
TITLES = "titled like tracks that you play"
PEERS = "played by listeners with a taste like yours"
PEERS_ARTIST = "by an artist whom listeners with a taste like yours play"
SOUND, ARTIST = "sounds like tracks that you play", "an artist close to those you play"  # no name
CLOSE = 1.0  # standard deviations of the listener's tracks
SIMILAR = 0.1  # least mean similarity (at most 3) of the listeners who have it: less is chance

TRAIT_WORDS = {  # trait: close to the listener's tracks, above them, below them
    "acousticness": (
        "as acoustic as your tracks",
        "more acoustic than your usual",
        "more electric than your usual",
    ),
    "danceability": (
        "danceability close to yours",
        "more danceable than your usual",
        "less danceable than your usual",
    ),
    "energy": (
        "energy close to yours",
        "more energetic than your usual",
        "calmer than your usual",
    ),
    "instrumentalness": (
        "as much singing as in your tracks",
        "more instrumental than your usual",
        "more singing than in your usual",
    ),
    "liveness": (
        "live feel close to yours",
        "more live than your usual",
        "more of a studio sound than your usual",
    ),
    "loudness": (
        "loudness close to yours",
        "louder than your usual",
        "quieter than your usual",
    ),
    "speechiness": (
        "as much speech as in your tracks",
        "more spoken than your usual",
        "less spoken than your usual",
    ),
    "valence": (
        "mood close to yours",
        "happier than your usual",
        "sadder than your usual",
    ),
    "tempo": (
        "tempo close to yours",
        "faster than your usual",
        "slower than your usual",
    ),
    "mode": (
        "major or minor like your tracks",
        "in major, unlike most of yours",
        "in minor, unlike most of yours",
    ),
    "duration": (
        "length close to yours",
        "longer than your usual",
        "shorter than your usual",
    ),
    "year": (
        "from the years that you play",
        "newer than your usual",
        "older than your usual",
    ),
}


def reasons(
    contributions: Floats,
    pairs: Floats,
    measured: Bools,
    same_sound: list[str],
    same_artist_sound: list[str],
    *,
    are_played: bool = True,
) -> list[str]:
    """Name the topics that add most to each track's log odds.

    A topic is all pair features about one thing, such as the tempo; their contributions are summed.
    No reason is a topic that adds nothing, one without words (such as the length of the history),
    or one that was not measured.

    Args:
        contributions: (rows, PAIR_FEATURES), what each feature adds to the log odds.
        pairs: (rows, PAIR_FEATURES), their values.
        measured: (rows, FEATURES), whether both the track and the listener have a measurement.
        same_sound: For each row, the artist of the listener's nearest track by sound and year.
        same_artist_sound: The same for nearness by sound, year, artist and title.
        are_played: False where the profile has typical tracks of the listener's artists instead of
            their own tracks; the reasons then do not mention tracks.

    Returns:
        (rows,): up to two reasons each, the strongest first.
    """
    values = dict(zip(PAIR_FEATURES, pairs.T, strict=True))
    whose = "your tracks by " if are_played else ""
    sounds = [f"sounds like {whose}{name}" if name else SOUND for name in same_sound]
    artists = [f"an artist close to {name}" if name else ARTIST for name in same_artist_sound]
    words = {
        "sound": np.array(sounds, dtype=object),
        "artist": np.where(values["artist_tracks"] > 0, OWN_ARTIST, artists),
    }
    guests = {name: texts for name, texts in GUESTS.items() if are_played or name != "guests_met"}
    words["guests"] = np.select([values[name] > 0 for name in guests], list(guests.values()), "")
    words["titles"] = np.full(len(pairs), TITLES if are_played else "", dtype=object)
    of_peers = {"song": PEERS, "artist": PEERS_ARTIST}
    similar = [
        sum(values[f"peers_{of}_mean_by_{kind}"] for kind in SIMILARITIES) >= SIMILAR
        for of in of_peers
    ]
    words["peers"] = np.select(similar, list(of_peers.values()), "")
    for trait, (close, above, below) in TRAIT_WORDS.items():
        gap = values[f"{trait}_gap"]
        is_known = measured[:, FEATURES.index(trait)] & are_played
        words[trait] = np.select([~is_known, gap > CLOSE, gap < -CLOSE], ["", above, below], close)
    topics = np.array([_topic(name) for name in PAIR_FEATURES])
    texts = np.column_stack(list(words.values()))
    gains = np.column_stack([contributions[:, topics == topic].sum(axis=1) for topic in words])
    gains = np.where(texts == "", 0, gains)
    best = np.argsort(-gains, axis=1, kind="stable")[:, :REASONS]
    chosen = np.take_along_axis(texts, best, axis=1)
    adds = np.take_along_axis(gains, best, axis=1) > 0
    return [
        SEPARATOR.join(row[keep]) or NOTHING_STANDS_OUT
        for row, keep in zip(chosen, adds, strict=True)
    ]


def _topic(pair_feature: str) -> str:
    """`tempo` for `tempo_phase_cos_gap`, `artist` for `artist_style_near_1`."""
    return pair_feature.split("_")[0]
