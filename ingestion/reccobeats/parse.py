"""Turn ReccoBeats' pages into Bronze rows, joined to Spotify by the id in `href`."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import Field

from ingestion.landing import LandedPage
from ingestion.objects import ApiObject
from ingestion.rows import Rows

# When a track without features is requested again.
RETRY_AFTER = timedelta(days=30)

Unit = Annotated[float | None, Field(ge=0, le=1)]


class Recording(ApiObject):
    """A track of ReccoBeats; `href` holds the Spotify id."""

    id: str
    href: Annotated[str, Field(pattern=r"^https://open\.spotify\.com/track/\w+$")]
    isrc: str | None = None

    @property
    def spotify_id(self) -> str:
        """Return the Spotify track id."""
        return self.href.rsplit("/", 1)[-1]


class AudioFeatures(Recording):
    """The acoustic features; loudness in dB, tempo in BPM, key -1 where there is none."""

    acousticness: Unit = None
    danceability: Unit = None
    energy: Unit = None
    instrumentalness: Unit = None
    key: Annotated[int | None, Field(ge=-1, le=11)] = None
    liveness: Unit = None
    loudness: float | None = None
    mode: Annotated[int | None, Field(ge=0, le=1)] = None
    speechiness: Unit = None
    tempo: float | None = None
    valence: Unit = None


def parse_page(body: Any, page: LandedPage, rows: Rows) -> None:
    """Add the rows of one landed page: `{"content": […]}` or, as documented, a bare list."""
    items = body.get("content") if isinstance(body, dict) else body
    if page.data_type == "mapping":
        _mapping(items, page, rows)
    else:
        _features(items, rows)


def _mapping(items: Any, page: LandedPage, rows: Rows) -> None:
    """Add the known tracks, and the requested ones that are unknown; neither without a list."""
    asked_at = datetime.fromisoformat(page.captured_at)
    found = [(track.spotify_id, track.id) for _, track in rows.validated(Recording, items)]
    known = {track_id for track_id, _ in found}
    requested = page.context["asked"] if isinstance(items, list) else []
    unknown = [(track_id, None) for track_id in requested if track_id not in known]
    for track_id, reccobeats_id in [*found, *unknown]:
        rows.add(
            "reccobeats_mapping",
            track_id=track_id,
            reccobeats_id=reccobeats_id,
            asked_at=asked_at,
            retry_at=asked_at + RETRY_AFTER,
        )


def _features(items: Any, rows: Rows) -> None:
    for _, features in rows.validated(AudioFeatures, items):
        measured = features.model_dump(exclude={"id", "href", "isrc", "key", "mode"})
        rows.add(
            "reccobeats_audio_features",
            track_id=features.spotify_id,
            reccobeats_id=features.id,
            isrc=features.isrc,
            musical_key=features.key,
            musical_mode=features.mode,
            **measured,
        )
