"""Exports as Spotify sends them, made from the plays of a simulated listener.

Every item has personal fields with planted values, so that a test can search for them.
"""

import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from simulator import Play, Simulator

PLANTED_IP = "203.0.113.77"
PLANTED_AGENT = "PlantedAgent/4.2"
PLANTED_NAME = "planted-username"
PLANTED = (PLANTED_IP, PLANTED_AGENT, PLANTED_NAME)
FOLDER = "Spotify Extended Streaming History"
Item = dict[str, Any]


def plays_of(simulator: Simulator, user_id: str) -> list[Play]:
    """Return every play of a simulated listener up to the clock, oldest first.

    Args:
        simulator: The running simulation.
        user_id: The listener's Spotify id.

    Raises:
        KeyError: There is no such listener.
    """
    return [each.play for each in simulator.truth(user_id)]


def extended(simulator: Simulator, plays: Iterable[Play]) -> list[Item]:
    """Make items of today's extended history from plays: ends in whole seconds."""
    return [
        _extended(simulator, play)
        | {
            "ip_addr": PLANTED_IP,
            "offline_timestamp": int(play.played_at.timestamp()),
            "audiobook_title": None,
            "audiobook_uri": None,
            "audiobook_chapter_uri": None,
            "audiobook_chapter_title": None,
        }
        for play in plays
    ]


def endsong(simulator: Simulator, plays: Iterable[Play]) -> list[Item]:
    """Make items of the extended history of some years ago from plays."""
    return [
        _extended(simulator, play)
        | {
            "username": PLANTED_NAME,
            "ip_addr_decrypted": PLANTED_IP,
            "user_agent_decrypted": PLANTED_AGENT,
            "city": "planted-username's city",
            "offline_timestamp": int(play.played_at.timestamp() * 1000),
        }
        for play in plays
    ]


def account(simulator: Simulator, plays: Iterable[Play]) -> list[Item]:
    """Make items of the account data from plays: ends in whole minutes, names and no ids."""
    items = []
    for play in plays:
        track = simulator.catalogue.track(play.track_id)
        items.append(
            {
                "endTime": f"{play.played_at:%Y-%m-%d %H:%M}",
                "artistName": track.artists[0].name,
                "trackName": track.name,
                "msPlayed": play.ms_played,
            }
        )
    return items


def episode(ts: str, ms_played: int = 1_800_000) -> Item:
    """Make a play of a podcast for the extended history; `ts` is its end, in ISO 8601."""
    return dict.fromkeys(
        (
            "spotify_track_uri",
            "master_metadata_track_name",
            "master_metadata_album_artist_name",
            "master_metadata_album_album_name",
            "skipped",
        )
    ) | {
        "ts": ts,
        "ms_played": ms_played,
        "ip_addr": PLANTED_IP,
        "episode_name": "Why Choruses Repeat",
        "episode_show_name": "The Long Fade",
        "spotify_episode_uri": "spotify:episode:0Q86acNRm6V9GYx55SXKwf",
    }


def zipped(path: Path, files: Mapping[str, Any]) -> Path:
    """Write a zip of files by name, and return its path; anything but bytes becomes JSON."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, _bytes(content))
    return path


def export(path: Path, histories: Mapping[str, Any]) -> Path:
    """Write a zip as Spotify sends it: the histories in their folder, and other files."""
    others = {"ReadMeFirst_ExtendedStreamingHistory.pdf": b"%PDF-1.7", "Userdata.json": {}}
    files = {f"{FOLDER}/{name}": content for name, content in (others | dict(histories)).items()}
    return zipped(path, files)


def written(path: Path, content: Any) -> Path:
    """Write a file, and return its path; anything but bytes becomes JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_bytes(content))
    return path


def _bytes(content: Any) -> bytes:
    return content if isinstance(content, bytes) else json.dumps(content, indent=2).encode()


def _extended(simulator: Simulator, play: Play) -> Item:
    track = simulator.catalogue.track(play.track_id)
    return {
        "ts": f"{play.played_at:%Y-%m-%dT%H:%M:%SZ}",
        "platform": "Android OS 9 API 28 (samsung, SM-G960F)",
        "ms_played": play.ms_played,
        "conn_country": "DE",
        "master_metadata_track_name": track.name,
        "master_metadata_album_artist_name": track.artists[0].name,
        "master_metadata_album_album_name": track.album.name,
        "spotify_track_uri": f"spotify:track:{play.track_id}",
        "episode_name": None,
        "episode_show_name": None,
        "spotify_episode_uri": None,
        "reason_start": "trackdone",
        "reason_end": "fwdbtn" if play.is_skip else "trackdone",
        "shuffle": False,
        "skipped": play.is_skip or None,
        "offline": False,
        "incognito_mode": False,
    }
