"""Stable identifiers: ids that a catalogue lacks are derived from a hash.

They do not depend on the process, the machine or Python's randomised `hash()`, so a simulator that
is started again has the same ids.
"""

import hashlib
import random
import string
from uuid import UUID

_ALPHABET = string.digits + string.ascii_lowercase + string.ascii_uppercase
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_RECCOBEATS_MASK = 0x5EED_C0DE_B0A7_4D1E_9F3A_6C21_D00D_BEA7
_ISRC_COUNTRIES = ("US", "GB", "DE", "SE", "FR", "BR", "JP", "NL")


def digest(*parts: object) -> int:
    """Hash the parts, as text, to a 128-bit number."""
    text = "\x1f".join(map(str, parts))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest())


def fraction(*parts: object) -> float:
    """Hash the parts to a number in [0, 1)."""
    return (digest(*parts) >> 75) / 2**53


def stream(*parts: object) -> random.Random:
    """Return the random stream of the parts."""
    return random.Random(digest(*parts))


def base62(number: int) -> str:
    """Format a 128-bit number as a Spotify id: 22 base62 characters."""
    pairs = []
    for _ in range(11):
        number, pair = divmod(number, len(_PAIRS))
        pairs.append(_PAIRS[pair])
    return "".join(reversed(pairs))


def spotify_id(*parts: object) -> str:
    """Derive a 22-character Spotify id from the parts."""
    return base62(digest(*parts))


def reccobeats_id(track_id: str) -> str | None:
    """Translate a Spotify id to a ReccoBeats UUID; None if it is not a Spotify id."""
    if len(track_id) != 22 or any(character not in _VALUES for character in track_id):
        return None
    number = 0
    for character in track_id:
        number = number * 62 + _VALUES[character]
    return str(UUID(int=number ^ _RECCOBEATS_MASK)) if number < 2**128 else None


def track_id_of(uuid: str) -> str | None:
    """Translate a ReccoBeats UUID to the Spotify id; None if it is not a UUID."""
    try:
        return base62(UUID(uuid).int ^ _RECCOBEATS_MASK)
    except ValueError:
        return None


def isrc(name: str, artist: str, duration_ms: int) -> str:
    """Derive the recording code (ISRC): the same for two releases of a recording."""
    number = digest("isrc", name.casefold(), artist.casefold(), duration_ms)
    number, country = divmod(number, len(_ISRC_COUNTRIES))
    number, registrant = divmod(number, 26**3)
    number, year = divmod(number, 100)
    letters = ""
    for _ in range(3):
        registrant, letter = divmod(registrant, 26)
        letters += string.ascii_uppercase[letter]
    return f"{_ISRC_COUNTRIES[country]}{letters}{year:02d}{number % 100_000:05d}"
