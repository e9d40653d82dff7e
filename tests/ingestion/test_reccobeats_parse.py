from datetime import UTC, datetime
from typing import Any

import pytest

from ingestion.landing import LandedPage
from ingestion.reccobeats.parse import parse_page
from ingestion.rows import Rows
from ingestion.tables import RECCOBEATS

KNOWN = {"id": "uuid-1", "href": "https://open.spotify.com/track/t1", "isrc": "DE1"}
FEATURES = KNOWN | {"energy": 0.5, "valence": 0.25, "tempo": 120.0, "key": -1, "mode": 1}


def parsed(data_type: str, body: Any) -> dict[str, list[dict[str, Any]]]:
    rows = Rows("reccobeats", RECCOBEATS)
    context = {"asked": ["t1", "t2"]}
    page = LandedPage("_shared/x.json", data_type, None, "2026-05-01T12:00:00+00:00", context)
    rows.begin(page)
    parse_page(body, page, rows)
    return {name: table.to_pylist() for name, table in rows.tables().items()}


@pytest.mark.parametrize("body", [{"content": [KNOWN]}, [KNOWN]], ids=["content", "bare list"])
def test_omitted_tracks_are_recorded_with_a_date_to_request_them_again(body: Any) -> None:
    rows = parsed("mapping", body)["reccobeats_mapping"]
    assert [(row["track_id"], row["reccobeats_id"], row["retry_at"]) for row in rows] == [
        ("t1", "uuid-1", datetime(2026, 5, 31, 12, tzinfo=UTC)),
        ("t2", None, datetime(2026, 5, 31, 12, tzinfo=UTC)),
    ]


def test_features_are_joined_by_the_spotify_id_in_href() -> None:
    (row,) = parsed("audio_features", {"content": [FEATURES]})["reccobeats_audio_features"]
    assert (row["track_id"], row["energy"], row["musical_key"]) == ("t1", 0.5, -1)
    assert row["danceability"] is None


@pytest.mark.parametrize(
    "change", [{"energy": 1.5}, {"href": None}, {"tempo": float("nan")}, {"key": 12}]
)
def test_an_impossible_value_is_quarantined(change: dict[str, Any]) -> None:
    tables = parsed("audio_features", {"content": [FEATURES | change, FEATURES]})
    assert len(tables["reccobeats_audio_features"]) == len(tables["quarantine"]) == 1
