"""Names as keys: the same artist and the same song under any spelling and any id."""

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


def artist_keys(frame: pd.DataFrame) -> pd.Series:
    """One key per row for `artist_name`; nameless artists are no group, but each row its own."""
    return pd.Series(
        _artist_keys(frame).to_numpy(zero_copy_only=False), index=frame.index, dtype=object
    )


def song_keys(frame: pd.DataFrame) -> pd.Series:
    """One key per row for the song whatever its version: core of the title and first artist.

    A track without a title is a song of its own.
    """
    core = _or_own(_title_core(_text(frame["track_name"])), frame)
    keys = pc.binary_join_element_wise(core, _artist_keys(frame), "\t")
    return pd.Series(keys.to_numpy(zero_copy_only=False), index=frame.index, dtype=object)


def title_cores(frame: pd.DataFrame) -> pd.Series:
    """The title of each row in lower case without what names a version; empty without one."""
    cores = _title_core(_text(frame["track_name"]))
    return pd.Series(cores.to_numpy(zero_copy_only=False), index=frame.index, dtype=object)


def _title_core(titles: pa.Array) -> pa.Array:
    """The title without what names a version: "Song (feat. B) - 2009 Remaster" is "song"."""
    lowered = pc.utf8_lower(titles)
    bare = pc.replace_substring_regex(lowered, BRACKETED_VERSION, "")
    core = fold_names(pc.replace_substring_regex(bare, TRAILING_VERSION, ""))
    return pc.if_else(pc.equal(core, ""), fold_names(lowered), core)


def _artist_keys(frame: pd.DataFrame) -> pa.Array:
    return _or_own(fold_names(_text(frame["artist_name"])), frame)


def fold_names(names: pa.Array) -> pa.Array:
    """Names as keys: letters and digits in lower case without accents.

    A name made of symbols only ("!!!", "???") keeps them, or all such names would be one.
    """
    plain = pc.utf8_lower(pc.utf8_normalize(names, form="NFKD"))
    plain = pc.utf8_trim_whitespace(pc.replace_substring_regex(plain, r"\p{M}", ""))
    words = pc.replace_substring_regex(plain, r"[^\p{L}\p{N}]+", " ")
    words = pc.utf8_trim_whitespace(words)
    return pc.if_else(pc.equal(words, ""), plain, words)


def _or_own(keys: pa.Array, frame: pd.DataFrame) -> pa.Array:
    """The track's own id, marked as such, where a key is empty."""
    own = pc.binary_join_element_wise("?", _text(frame["track_id"]), "")
    return pc.if_else(pc.equal(keys, ""), own, keys)


def _text(column: pd.Series) -> pa.Array:
    return pc.fill_null(pa.array(column.astype(object), pa.string(), from_pandas=True), "")
