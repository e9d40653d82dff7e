"""Find the histories in what somebody gave: the export's zip, folders, single files."""

import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO

from ingestion.errors import InputError
from ingestion.streaming_history.kinds import HEAD_BYTES, Kind, kind_of

# What reading a file or a member of a zip may raise, where that is damaged or encrypted.
UNREADABLE = (OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True)
class HistoryFile:
    """One history: how it is called, of which kind it is, and how to read it (size in bytes)."""

    name: str
    kind: Kind
    size: int
    open: Callable[[], BinaryIO]


@dataclass
class Found:
    """The histories, and the names of the files that are none."""

    histories: list[HistoryFile] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


def find_histories(paths: Iterable[Path]) -> Found:
    """Look through zips, folders (with all that is in them) and files, in this order.

    InputError for a path that is not there, is neither zip nor JSON, or where no path holds a
    history. Nothing is unpacked to disk.
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
            f"{named}: no streaming history in there; give the zip of Spotify's 'Download your "
            "data', or files such as Streaming_History_Audio_2024_1.json."
        )
    return found


Candidate = tuple[str, int, Callable[[], BinaryIO]]


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
            f"{path}: neither a folder, a JSON file nor a whole zip; download the export again, "
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


def _sort(found: Found, name: str, size: int, opener: Callable[[], BinaryIO]) -> None:
    name = "".join(letter if letter.isprintable() else "?" for letter in name)
    stem = name.rsplit("/", 1)[-1]
    kind = None
    # macOS puts a "._name" beside each file that it packs.
    if stem.lower().endswith(".json") and not stem.startswith("."):
        kind = kind_of(stem, _head(opener))
    if kind:
        found.histories.append(HistoryFile(name, kind, size, opener))
    else:
        found.others.append(name)


def _head(opener: Callable[[], BinaryIO]) -> bytes:
    try:
        with opener() as stream:
            return stream.read(HEAD_BYTES)
    except UNREADABLE:
        return b""
