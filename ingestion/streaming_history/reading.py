"""Read a history file into the columns that Sonic keeps, as text and only in memory."""

import hashlib
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from fsspec import AbstractFileSystem

from ingestion.streaming_history.files import UNREADABLE, HistoryFile

EXTENDED_FIELDS = (
    "ts ms_played spotify_track_uri master_metadata_track_name "
    "master_metadata_album_artist_name master_metadata_album_album_name "
    "episode_name episode_show_name spotify_episode_uri "
    "audiobook_title audiobook_uri audiobook_chapter_title audiobook_chapter_uri "
    "reason_start reason_end shuffle skipped offline offline_timestamp incognito_mode "
    "conn_country platform"
).split()
ACCOUNT_FIELDS = (
    "endTime msPlayed artistName trackName podcastName episodeName "
    "audiobookName chapterName authorName"
).split()
# The kept fields of an item: an allow-list, so that new personal fields are dropped, too.
FIELDS = (*EXTENDED_FIELDS, *ACCOUNT_FIELDS)

BATCH_ROWS = 65_536
CHUNK_BYTES = 1 << 20
REPAIRABLE_BYTES = 64 << 20
MEMORY = "600MB"
_REFUSED = (duckdb.InvalidInputException, UnicodeDecodeError)
_ITEMS = """
    select position, item_type, fields.*
    from (
        select
            row_number() over () - 1 as position,
            coalesce(json_type(json), 'NULL') as item_type,
            from_json(json, $fields) as fields
        from read_json_objects($path, format = 'array', compression = 'uncompressed')
    )
"""


class BrokenFile(ValueError):
    """A history file that cannot be read; the text says why and quotes nothing of the file."""


@dataclass(frozen=True)
class Digest:
    """The sha256 of a file's content, and its first and last byte that is not white space."""

    sha256: str
    begins: bytes
    ends: bytes


def digest(file: HistoryFile) -> Digest:
    """Read a file completely; raises BrokenFile if that is not possible."""
    sha256, begins, ends = hashlib.sha256(), b"", b""
    try:
        with file.open() as stream:
            while chunk := stream.read(CHUNK_BYTES):
                sha256.update(chunk)
                begins = begins or chunk.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
                ends = chunk.rstrip()[-1:] or ends
    except UNREADABLE as error:
        encrypted = isinstance(error, RuntimeError) and "encrypted" in str(error)
        reason = "encrypted" if encrypted else "damaged or not readable"
        raise BrokenFile(f"{reason}; unpack or download it again") from None
    return Digest(sha256.hexdigest(), begins, ends)


def read_items(file: HistoryFile, content: Digest) -> tuple[bytes, int]:
    """Return a file's items as Parquet (position, type, the kept fields) and their number.

    Only the fields of FIELDS are kept; nothing is written to disk. Raises BrokenFile unless the
    file is a JSON array.
    """
    if not content.begins:
        raise BrokenFile("empty")
    if content.begins != b"[":
        raise BrokenFile("not a JSON array")
    if content.ends != b"]":
        raise BrokenFile("cut short: the JSON array has no end")
    try:
        return _to_parquet(file.open, file.size)
    except _REFUSED as error:
        repaired, reason = _repaired(file), _reason(error)
    if repaired is None:
        raise BrokenFile(reason)
    try:
        return _to_parquet(lambda: io.BytesIO(repaired), len(repaired))
    except _REFUSED as error:
        raise BrokenFile(_reason(error)) from None


def _to_parquet(opener: Callable[[], BinaryIO], size: int) -> tuple[bytes, int]:
    sink, count = pa.BufferOutputStream(), 0
    with duckdb.connect(config={"threads": 1, "memory_limit": MEMORY}) as connection:
        # Items still have personal fields here, so none may spill to disk.
        connection.execute("set temp_directory = ''; set enable_external_file_cache = false")
        connection.register_filesystem(_OneFile(opener, size))
        fields = json.dumps(dict.fromkeys(FIELDS, "VARCHAR"))
        found = connection.execute(
            _ITEMS, {"path": f"{_OneFile.protocol}://file", "fields": fields}
        )
        reader = found.to_arrow_reader(BATCH_ROWS)
        with pq.ParquetWriter(sink, reader.schema, compression="zstd") as writer:
            for batch in reader:
                writer.write_batch(batch)
                count += len(batch)
    return sink.getvalue().to_pybytes(), count


def _repaired(file: HistoryFile) -> bytes | None:
    """Return the file with invalid Unicode replaced; None if something else is wrong.

    Half a surrogate pair in one title is no reason to lose the other plays of the file.
    """
    if file.size > REPAIRABLE_BYTES:
        return None
    with file.open() as stream:
        text = stream.read().decode("utf-8-sig", errors="replace")
    try:
        return json.dumps(json.loads(text), ensure_ascii=False).encode(errors="replace")
    except (ValueError, RecursionError):
        return None


def _reason(error: Exception) -> str:
    """Describe an error without the reader's own message, which may quote the file."""
    place = re.search(r"record/value (\d+)", str(error))
    return f"broken JSON near item {int(place[1]) - 1:,}" if place else "not JSON in UTF-8"


class _OneFile(AbstractFileSystem):  # type: ignore[misc]
    """Gives DuckDB one stream to read, from any source."""

    protocol = "history"
    cachable = False

    def __init__(self, opener: Callable[[], BinaryIO], size: int) -> None:
        super().__init__()
        self._opener = opener
        self._size = size

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        return {"name": path, "size": self._size, "type": "file"}

    def glob(self, path: str, **_: Any) -> list[str]:
        return [path]

    def modified(self, path: str) -> datetime:  # noqa: ARG002
        return datetime(1970, 1, 1, tzinfo=UTC)

    def open(self, path: str, mode: str = "rb", **_: Any) -> BinaryIO:  # noqa: ARG002
        return self._opener()
