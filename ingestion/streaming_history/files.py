"""Find the histories in the given paths: the export's zip, folders, single files.

The kind of a history follows from the content and the name of its file.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeAlias

from ingestion.errors import InputError

HEAD_BYTES = 16_384
# Raised while reading a file or a member of a zip that is damaged or encrypted.
UNREADABLE = (OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)

Opener: TypeAlias = Callable[[], BinaryIO]
Candidate: TypeAlias = tuple[str, int, Opener]  # name, bytes


class Kind(StrEnum):
    """The kind of a history file: full history, its older form, or that of the account data."""

    EXTENDED_AUDIO = "extended_audio"
    EXTENDED_VIDEO = "extended_video"
    ENDSONG = "endsong"
    ACCOUNT_MUSIC = "account_music"
    ACCOUNT_PODCAST = "account_podcast"
    ACCOUNT_AUDIOBOOK = "account_audiobook"

    @property
    def family(self) -> str:
        """Return `extended` or `account`: all files of a family write a play in the same way."""
        return "account" if self.startswith("account") else "extended"


_NAMES = {
    Kind.EXTENDED_AUDIO: r"streaming_history_audio",
    Kind.EXTENDED_VIDEO: r"streaming_history_video",
    Kind.ENDSONG: r"endsong",
    Kind.ACCOUNT_PODCAST: r"streaminghistory_podcast",
    Kind.ACCOUNT_AUDIOBOOK: r"streaminghistory_audiobook",
    Kind.ACCOUNT_MUSIC: r"streaminghistory(_music)?",
}
_PATTERNS = [
    (kind, re.compile(rf"{name}[_ \d-].*\.json|{name}\.json")) for kind, name in _NAMES.items()
]
_EXTENDED = (b'"ts"', b'"ms_played"')
_ACCOUNT = (b'"endTime"', b'"msPlayed"')
_ACCOUNT_KEYS = {
    b'"podcastName"': Kind.ACCOUNT_PODCAST,
    b'"audiobookName"': Kind.ACCOUNT_AUDIOBOOK,
}


def kind_of(name: str, head: bytes) -> Kind | None:
    """Return the kind of a file from its name and its first bytes; None if it is no history.

    The content wins over the name. The name decides for an empty or damaged file, so that it is
    reported.
    """
    named = next((kind for kind, each in _PATTERNS if each.fullmatch(name.lower())), None)
    if all(key in head for key in _EXTENDED):
        return named if named and named.family == "extended" else Kind.EXTENDED_AUDIO
    if all(key in head for key in _ACCOUNT):
        return next(
            (kind for key, kind in _ACCOUNT_KEYS.items() if key in head), Kind.ACCOUNT_MUSIC
        )
    return named


@dataclass(frozen=True)
class HistoryFile:
    """One history: its name, its kind, its size in bytes, and a function that opens it."""

    name: str
    kind: Kind
    size: int
    open: Opener


@dataclass
class Found:
    """The histories, and the names of all other files."""

    histories: list[HistoryFile] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def find_histories(paths: Sequence[Path]) -> Found:
    """Find the histories in zips, in folders with all subfolders, and in single files.

    Nothing is unpacked to disk.

    Args:
        paths: Zips, folders and JSON files; duplicates are skipped.

    Returns:
        The histories in the order of `paths`, and the names of the other files.

    Raises:
        InputError: A path does not exist, is neither folder, zip nor JSON, or cannot be read; or
            there is no history.
    """
    found = Found()
    for path in dict.fromkeys(paths):
        try:
            for name, size, opener in _candidates(path):
                _sort(found, name, size, opener)
        except UNREADABLE as error:
            reason = getattr(error, "strerror", None) or error
            raise InputError(f"{path}: cannot be read ({reason}).") from None
    if not found.histories:
        named = ", ".join(map(str, paths))
        raise InputError(
            f"{named}: no streaming history found; give the zip of Spotify's 'Download your "
            "data', or files such as Streaming_History_Audio_2024_1.json."
        )
    return found


def _candidates(path: Path) -> Iterator[Candidate]:
    if path.is_dir():
        for each in sorted(path.rglob("*")):
            if each.is_file():
                name = str(each.relative_to(path.parent))
                yield from _members(each, name) if _is_zip(each) else [_plain(each, name)]
    elif not path.exists():
        raise InputError(f"{path}: there is no such file or folder.")
    elif zipfile.is_zipfile(path):
        yield from _members(path, path.name)
    elif path.suffix.lower() == ".json":
        yield _plain(path, path.name)
    else:
        raise InputError(
            f"{path}: neither a folder, a JSON file nor a complete zip; download the export again, "
            "or give its folder."
        )


def _is_zip(path: Path) -> bool:
    return path.suffix.lower() == ".zip" and zipfile.is_zipfile(path)


def _plain(path: Path, name: str) -> Candidate:
    return name, path.stat().st_size, lambda: path.open("rb")


def _members(path: Path, name: str) -> Iterator[Candidate]:
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    for member in members:
        if not member.is_dir():
            yield f"{name}/{member.filename}", member.file_size, partial(_open_member, path, member)


def _open_member(path: Path, member: zipfile.ZipInfo) -> BinaryIO:
    with zipfile.ZipFile(path) as archive:  # the open member keeps the file open
        return archive.open(member)  # type: ignore[return-value]


def _sort(found: Found, name: str, size: int, opener: Opener) -> None:
    name = "".join(letter if letter.isprintable() else "?" for letter in name)
    stem = name.rsplit("/", 1)[-1]
    kind = None
    # macOS adds a "._name" for each file in a zip.
    if stem.lower().endswith(".json") and not stem.startswith("."):
        kind = kind_of(stem, _head(opener))
    if kind:
        found.histories.append(HistoryFile(name, kind, size, opener))
    else:
        found.others.append(name)


def _head(opener: Opener) -> bytes:
    try:
        with opener() as stream:
            return stream.read(HEAD_BYTES)
    except UNREADABLE:
        return b""
