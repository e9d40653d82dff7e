"""The tables that ml writes: columns and types, the same on every engine. Times are naive UTC."""

from datetime import UTC, datetime

import pandas as pd
import pyarrow as pa

RANKER = pa.schema(
    [
        ("model_id", pa.string()),
        ("trained_as_of", pa.timestamp("us")),
        ("model_text", pa.string()),
        ("feature_names", pa.string()),
        ("parameters", pa.string()),
        ("spaces", pa.string()),
        ("calibration", pa.string()),
        ("metrics", pa.string()),
        ("seed", pa.int64()),
        ("signal_fingerprint", pa.string()),
        ("catalogue_fingerprint", pa.string()),
        ("count_signals", pa.int64()),
        ("count_training_rows", pa.int64()),
    ]
)
TRACK_INDEX = pa.schema(
    [
        ("index_sha256", pa.string()),
        ("model_id", pa.string()),
        ("count_tracks", pa.int64()),
        ("count_dimensions", pa.int64()),
        ("count_trees", pa.int64()),
        ("seed", pa.int64()),
        ("metric", pa.string()),
    ]
)
RECOMMENDATIONS = pa.schema(
    [
        ("as_of", pa.timestamp("us")),
        ("user_id", pa.string()),
        ("rank", pa.int64()),
        ("track_id", pa.string()),
        ("confidence", pa.float64()),
        ("model_id", pa.string()),
        ("reasons", pa.string()),
    ]
)
EVALUATION = pa.schema(
    [
        ("model_id", pa.string()),
        ("trained_as_of", pa.timestamp("us")),
        ("method", pa.string()),
        ("metric", pa.string()),
        ("value", pa.float64()),
    ]
)


def naive_utc(instant: datetime) -> datetime:
    """Convert an instant to UTC without a time zone, as the tables have it.

    Args:
        instant: In any time zone; UTC if it has none.
    """
    plain = pd.Timestamp(instant).to_pydatetime()
    return plain.astimezone(UTC).replace(tzinfo=None) if plain.tzinfo else plain
