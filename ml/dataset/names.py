"""Keys from names: the same for all spellings of an artist, and for all versions of a song."""

from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

VERSION_WORDS = (
    "feat|ft|featuring|with|remaster|remastered|re-?recorded|live|version|edit|mix|remix|mono"
    "|stereo|acoustic|demo|bonus|deluxe|instrumental|unplugged|session|explicit|single|album"
    "|radio|extended|original|dub|rework|karaoke|from"
)
BRACKETED_VERSION = rf"[(\[][^)\]]*\b({VERSION_WORDS})\b[^)\]]*[)\]]"
TRAILING_VERSION = rf"\s-\s.*\b({VERSION_WORDS})\b.*$|\s(feat|ft|featuring)\b.*$"


@dataclass(frozen=True)
class Keys:
    """The keys of each track's title, artist and song."""

    titles: pa.Array  # in lower case, without the version; empty without a title
    artists: pa.Array  # a track without an artist's name gets a key of its own
    songs: pa.Array  # from the title without the version, and the first artist

    @classmethod
    def of(cls, tracks: pd.DataFrame) -> "Keys":
        """Read the names.

        Args:
            tracks: The columns track_id, track_name and artist_name.

        Returns:
            One key of each kind per track. A track without a title is a song of its own.
        """
        ids, titles, artists = (
            _text(tracks[name]) for name in ("track_id", "track_name", "artist_name")
        )
        cores, artists = _title_core(titles), _or_own(fold_names(artists), ids)
        songs = pc.binary_join_element_wise(_or_own(cores, ids), artists, "\t")
        return cls(cores, artists, songs)


def fold_names(names: pa.Array) -> pa.Array:
    """Names as keys: letters and digits in lower case without accents.

    A name of symbols only ("!!!", "???") keeps them; otherwise all such names would be equal.
    """
    plain = pc.utf8_lower(pc.utf8_normalize(names, form="NFKD"))
    plain = pc.utf8_trim_whitespace(pc.replace_substring_regex(plain, r"\p{M}", ""))
    words = pc.replace_substring_regex(plain, r"[^\p{L}\p{N}]+", " ")
    words = pc.utf8_trim_whitespace(words)
    return pc.if_else(pc.equal(words, ""), plain, words)


def _title_core(titles: pa.Array) -> pa.Array:
    """The title without its version: "Song (feat. B) - 2009 Remaster" becomes "song"."""
    lowered = pc.utf8_lower(titles)
    bare = pc.replace_substring_regex(lowered, BRACKETED_VERSION, "")
    core = fold_names(pc.replace_substring_regex(bare, TRAILING_VERSION, ""))
    return pc.if_else(pc.equal(core, ""), fold_names(lowered), core)


def _or_own(keys: pa.Array, ids: pa.Array) -> pa.Array:
    """Replace empty keys with the track's own id, marked by "?"."""
    own = pc.binary_join_element_wise("?", ids, "")
    return pc.if_else(pc.equal(keys, ""), own, keys)


def _text(column: pd.Series) -> pa.Array:
    return pc.fill_null(pa.array(column.astype(object), pa.string(), from_pandas=True), "")
