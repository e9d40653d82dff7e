"""Golden values of the feature matrix, and missing measurements."""

import numpy as np
import pandas as pd
import pytest

from ml.dataset.features import FEATURES, feature_matrix
from tests.ml import worlds

TRACK = {
    "track_id": "t",
    "track_name": "Song",
    "artist_name": "Artist",
    "isrc": None,
    "release_year": 2012,
    "duration_ms": 60_000,
    "acousticness": 0.5,
    "danceability": 0.75,
    "energy": 1.0,
    "instrumentalness": 0.0,
    "liveness": 0.1,
    "loudness": -5.0,
    "speechiness": 0.5,
    "valence": 0.25,
    "tempo": 128.0,
    "musical_key": 1,
    "musical_mode": 1,
}


def features(**changed: object) -> dict[str, float]:
    row = feature_matrix(pd.DataFrame([TRACK | changed]))[0]
    return dict(zip(FEATURES, row.tolist(), strict=True))


def test_golden_values() -> None:
    assert features() == pytest.approx(
        {
            "acousticness": 0.0,
            "danceability": np.log(3),
            "energy": np.log(999),
            "instrumentalness": -np.log(999),
            "liveness": -np.log(9),
            "loudness": -np.log(10),
            "speechiness": 0.0,
            "valence": -np.log(3),
            "tempo": 7.0,
            "tempo_phase_cos": 1.0,
            "tempo_phase_sin": 0.0,
            "key_cos": np.cos(7 * np.pi / 6),
            "key_sin": np.sin(7 * np.pi / 6),
            "mode": 1.0,
            "duration": np.log(60_000),
            "year": -np.log(10),
        },
        abs=1e-5,
    )


@pytest.mark.parametrize(
    ("column", "value", "names"),
    [
        ("tempo", 0, ["tempo", "tempo_phase_cos", "tempo_phase_sin"]),
        ("musical_key", -1, ["key_cos", "key_sin"]),
        ("release_year", 0, ["year"]),
        ("valence", None, ["valence"]),
        ("loudness", float("inf"), ["loudness"]),
    ],
)
def test_not_measured_is_missing(column: str, value: float | None, names: list[str]) -> None:
    missing = [name for name, number in features(**{column: value}).items() if np.isnan(number)]
    assert missing == names


def test_years_after_the_horizon_count_as_the_newest() -> None:
    assert features(release_year=2026)["year"] == features(release_year=2021)["year"] == 0


def test_double_tempo_has_the_same_phase_and_fifths_are_neighbours() -> None:
    assert features(tempo=90)["tempo_phase_cos"] == pytest.approx(
        features(tempo=180)["tempo_phase_cos"], abs=1e-5
    )
    c, g, f_sharp = (
        np.array([features(musical_key=key)[axis] for axis in ("key_cos", "key_sin")])
        for key in (0, 7, 6)
    )
    assert np.linalg.norm(c - g) < np.linalg.norm(c - f_sharp)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ValueError, match=r"lacks the column.* tempo, musical_key"):
        feature_matrix(worlds.catalogue(20).drop(columns=["tempo", "musical_key"]))
