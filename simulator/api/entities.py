"""Common parts of the Web API's objects, and two objects that are in no catalogue."""

from typing import Any
from urllib.parse import quote_plus

from simulator.world import ids

Json = dict[str, Any]
API = "https://api.spotify.com/v1"
OPEN = "https://open.spotify.com"
MARKETS = ["AU", "BR", "DE", "FI", "GB", "IN", "JP", "PT", "US", "ZA"]
COVERS = {640: "ab67616d0000b273", 300: "ab67616d00001e02", 64: "ab67616d00004851"}
PORTRAITS = {640: "ab6761610000e5eb", 320: "ab67616100005174", 160: "ab6761610000f178"}
AVATAR = {300: "ab6775700000ee85"}
_LOCAL = ("Rehearsal Tape", "The Basement Four", "Cassettes")
_LOCAL_S = 214


def entity(kind: str, key: str, name: str) -> Json:
    """Make the fields that every object with an id has."""
    return {
        "external_urls": {"spotify": f"{OPEN}/{kind}/{key}"},
        "href": f"{API}/{kind}s/{key}",
        "id": key,
        "name": name,
        "type": kind,
        "uri": f"spotify:{kind}:{key}",
    }


def user(user_id: str) -> Json:
    """Make a reference to a user, without a name."""
    return {field: value for field, value in entity("user", user_id, "").items() if field != "name"}


def images(sizes: dict[int, str], key: str) -> list[Json]:
    """Make links to a picture in some sizes: pixels → the prefix that marks the size."""
    picture = f"{ids.digest('image', key):032x}"[:24]
    return [
        {"url": f"https://i.scdn.co/image/{prefix}{picture}", "height": size, "width": size}
        for size, prefix in sizes.items()
    ]


def local_track() -> Json:
    """Make a local file of the listener: it has names, but no ids."""
    name, artist, album = _LOCAL
    nowhere: Json = {"external_urls": {}, "href": None, "id": None, "uri": None}
    parts = ":".join(quote_plus(part) for part in (artist, album, name))
    unknown = {"album_type": None, "release_date": None, "release_date_precision": None}
    return nowhere | {
        "album": nowhere | unknown | {"artists": [], "images": [], "name": album, "type": "album"},
        "artists": [nowhere | {"name": artist, "type": "artist"}],
        "disc_number": 0,
        "duration_ms": _LOCAL_S * 1000,
        "explicit": False,
        "external_ids": {},
        "is_local": True,
        "name": name,
        "track_number": 0,
        "type": "track",
        "uri": f"spotify:local:{parts}:{_LOCAL_S}",
    }


def episode() -> Json:
    """Make an episode of a podcast."""
    about = "Two producers take a chorus apart."
    show = entity("show", ids.spotify_id("show"), "The Long Fade") | {
        "available_markets": MARKETS,
        "copyrights": [],
        "description": "How songs are made.",
        "explicit": False,
        "html_description": "<p>How songs are made.</p>",
        "images": images(COVERS, "show"),
        "is_externally_hosted": False,
        "languages": ["en"],
        "media_type": "audio",
        "publisher": "Second Verse",
        "total_episodes": 42,
    }
    return entity("episode", ids.spotify_id("episode"), "Why Choruses Repeat") | {
        "audio_preview_url": None,
        "description": about,
        "duration_ms": 2_512_000,
        "explicit": False,
        "html_description": f"<p>{about}</p>",
        "images": images(COVERS, "episode"),
        "is_externally_hosted": False,
        "is_playable": True,
        "language": "en",
        "languages": ["en"],
        "release_date": "2025-10-02",
        "release_date_precision": "day",
        "resume_point": {"fully_played": False, "resume_position_ms": 0},
        "show": show,
    }
