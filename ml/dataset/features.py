"""Musical features of a track as numbers on comparable scales.

Only columns that describe the music are inputs. Not inputs: album, ids, track and disc number, the
explicit flag, the time signature, the number of artists, and whether any of these is missing. Their
gaps identify the source of a row, and a model would learn the source.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FEATURES = (
    "acousticness",
    "danceability",
    "energy",
    "instrumentalness",
    "liveness",
    "loudness",
    "speechiness",
    "valence",
    "tempo",
    "tempo_phase_cos",
    "tempo_phase_sin",
    "key_cos",
    "key_sin",
    "mode",
    "duration",
    "year",
)
SHARE_COLUMNS = {  # column: least distance from 0 and 1, by clipping before the logit
    "acousticness": 0.001,
    "danceability": 0.01,
    "energy": 0.001,
    "instrumentalness": 0.001,
    "liveness": 0.01,
    "speechiness": 0.01,
    "valence": 0.01,
}
REQUIRED_COLUMNS = (
    "track_id",
    "track_name",
    "artist_name",
    "isrc",
    "release_year",
    "duration_ms",
    *SHARE_COLUMNS,
    "loudness",
    "tempo",
    "musical_key",
    "musical_mode",
)
YEAR_HORIZON = 2022  # one year after the newest track of the Kaggle catalogue
OLDEST_AGE = 122


def require_columns(catalogue: pd.DataFrame) -> None:
    """Check the columns of a catalogue.

    Raises:
        ValueError: At least one of REQUIRED_COLUMNS is missing; the message names all of them.
    """
    missing = [name for name in REQUIRED_COLUMNS if name not in catalogue.columns]
    if missing:
        raise ValueError(f"the catalogue lacks the column(s) {', '.join(missing)}")


def feature_matrix(catalogue: pd.DataFrame) -> NDArray[np.float32]:
    """Transform the measurements.

    - Shares become logits.
    - Tempo (BPM) becomes octaves plus the phase within the octave, so that 70 and 140 are near.
    - The key becomes a point on the circle of fifths.
    - Duration (ms) and the release's age (years) become logarithms.

    Args:
        catalogue: At least REQUIRED_COLUMNS.

    Returns:
        (tracks, FEATURES); NaN where nothing was measured.

    Raises:
        ValueError: A required column is missing.
    """
    require_columns(catalogue)
    value = {name: _numbers(catalogue[name]) for name in REQUIRED_COLUMNS[4:]}
    columns = {name: _logit(value[name], eps) for name, eps in SHARE_COLUMNS.items()}
    octaves = np.log2(_positive(value["tempo"]))
    fifths = np.where(value["musical_key"] >= 0, value["musical_key"], np.nan) * 7 * np.pi / 6
    columns |= {
        "loudness": -np.log(np.clip(5 - value["loudness"], 1, 65)),
        "tempo": octaves,
        "tempo_phase_cos": np.cos(2 * np.pi * octaves),
        "tempo_phase_sin": np.sin(2 * np.pi * octaves),
        "key_cos": np.cos(fifths),
        "key_sin": np.sin(fifths),
        "mode": value["musical_mode"],
        "duration": np.log(np.clip(_positive(value["duration_ms"]), 1e4, 3.6e6)),
        "year": -np.log(np.clip(YEAR_HORIZON - _positive(value["release_year"]), 1, OLDEST_AGE)),
    }
    return np.column_stack([columns[name] for name in FEATURES]).astype(np.float32)


def ages(year_feature: NDArray[np.float32]) -> NDArray[np.int64]:
    """Convert the feature `year` back to whole years.

    Args:
        year_feature: (tracks,), without NaN.

    Returns:
        (tracks,): years from the release to YEAR_HORIZON, 1 to OLDEST_AGE.
    """
    return np.exp(-year_feature).round().astype(np.int64)


def _numbers(column: pd.Series) -> NDArray[np.float64]:
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _positive(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(values > 0, values, np.nan)


def _logit(share: NDArray[np.float64], eps: float) -> NDArray[np.float64]:
    clipped = np.clip(share, eps, 1 - eps)
    return np.log(clipped / (1 - clipped))
