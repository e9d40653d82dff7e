"""SQL: what a landed item of a history means, and which items are the same play.

`items` holds the items of one landed file, in the columns of `reading.FIELDS`. For a podcast or
an audiobook, `show_name` is the show or title, `episode_name` the episode or chapter, and
`episode_uri` the URI of that.
"""

from ingestion.rows import MAX_ITEM_CHARACTERS
from ingestion.streaming_history import BEFORE, SOURCE, TWICE
from ingestion.streaming_history.reading import FIELDS
from ingestion.tables import ORIGIN, STREAMING_HISTORY

TABLE = "streaming_history_plays"

# From here on a Unix time is in milliseconds (1973), below it in seconds (up to the year 5138).
FIRST_MILLISECONDS = 100_000_000_000

LAST_SECONDS = 2_145_916_799  # the end of 2037

# A readable time within Gold's calendar.
_TIME_TEXT = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*"
_PLAUSIBLE = (
    "between timestamptz '2006-01-01 00:00:00+00' and timestamptz '2037-12-31 23:59:59.999+00'"
)

# The item as it was landed, without nulls.
_PAIRS = ", ".join(f"'{name}': {name}" for name in FIELDS)
_ITEM = f"json_merge_patch('{{}}', to_json({{{_PAIRS}}}))"

_COLUMNS = f"""
    select
        position,
        item_type,
        {_ITEM} as item,
        coalesce(ts, endTime) as ended_text,
        case
            when regexp_full_match(ended_text, '{_TIME_TEXT}')
            then try_cast(ended_text as timestamptz)
        end as ended_at,
        coalesce(ms_played, msPlayed) as ms_text,
        case
            when regexp_full_match(ms_text, '-?[0-9]+([.]0+)?') then try_cast(ms_text as bigint)
        end as ms_played,
        nullif(spotify_track_uri, '') as track_uri,
        coalesce(
            nullif(spotify_episode_uri, ''),
            nullif(audiobook_chapter_uri, ''),
            nullif(audiobook_uri, '')
        ) as episode_uri,
        coalesce(nullif(master_metadata_track_name, ''), nullif(trackName, '')) as track_name,
        coalesce(
            nullif(master_metadata_album_artist_name, ''),
            nullif(artistName, ''),
            nullif(authorName, '')
        ) as artist_name,
        nullif(master_metadata_album_album_name, '') as album_name,
        coalesce(
            nullif(episode_name, ''),
            nullif(episodeName, ''),
            nullif(audiobook_chapter_title, ''),
            nullif(chapterName, '')
        ) as episode_name,
        coalesce(
            nullif(episode_show_name, ''),
            nullif(podcastName, ''),
            nullif(audiobook_title, ''),
            nullif(audiobookName, '')
        ) as show_name,
        concat(
            audiobook_title,
            audiobook_uri,
            audiobook_chapter_title,
            audiobook_chapter_uri,
            audiobookName
        ) <> '' as is_audiobook,
        reason_start,
        reason_end,
        try_cast(shuffle as boolean) as is_shuffle,
        try_cast(skipped as boolean) as is_skipped,
        try_cast(offline as boolean) as is_offline,
        try_cast(incognito_mode as boolean) as is_incognito,
        try_cast(offline_timestamp as bigint) as offline_number,
        conn_country as country,
        platform
    from items
"""

# `reason` says why an item is not a play; equal `play_id`s are the same play.
_PLAYS = f"""
    select
        * exclude (item_type, ended_text, ms_text, is_audiobook, offline_number),
        $number::bigint as number,
        $import_number::bigint as import_number,
        $user_id as user_id,
        $kind as kind,
        case
            when item_type <> 'OBJECT' then 'not an object'
            when ended_text is null then 'no time'
            when ended_at is null then 'time is not readable'
            when ended_at not {_PLAUSIBLE} then 'time is not from 2006 to 2037'
            when ms_text is null then 'no ms_played'
            when ms_played is null then 'ms_played is not a whole number'
            when ms_played < 0 then 'ms_played is negative'
        end as reason,
        case
            when track_uri is not null then 'track'
            when is_audiobook then 'audiobook'
            when coalesce(episode_uri, episode_name, show_name) is not null then 'episode'
            when track_name is not null then 'track'
            else 'unknown'
        end as content_type,
        nullif(regexp_extract(track_uri, '^spotify:track:([0-9A-Za-z]+)$', 1), '') as track_id,
        case
            when offline_number between {FIRST_MILLISECONDS} and {LAST_SECONDS}000
            then to_timestamp(offline_number / 1000)
            when offline_number between 1 and {LAST_SECONDS} then to_timestamp(offline_number)
        end as offline_at,
        md5(
            concat_ws(
                chr(31),
                $user_id,
                $family,
                epoch_ms(ended_at),
                ms_played,
                coalesce(
                    track_uri,
                    episode_uri,
                    concat_ws(
                        chr(31),
                        coalesce(artist_name, ''),
                        coalesce(album_name, ''),
                        coalesce(track_name, ''),
                        coalesce(show_name, ''),
                        coalesce(episode_name, '')
                    )
                )
            )
        ) as play_id
    from ({_COLUMNS})
"""

READ = f"""
    select number, import_number, position, play_id, reason, content_type, ended_at from ({_PLAYS})
"""

# Over the items of all files: the first of duplicate plays is kept, if Bronze does not have it.
DECIDE = f"""
    create temp table decided as
    select
        number, position, content_type, ended_at,
        case
            when reason is not null then reason
            when play_id in (from known) then '{BEFORE}'
            when first_value(import_number) over same_play < import_number then '{BEFORE}'
            when row_number() over same_play > 1 then '{TWICE}'
        end as reason
    from read
    window same_play as (partition by play_id order by number, position);
    drop table read
"""

COUNT = """
    select
        reason, count(*), count(*) filter (where content_type = 'episode'),
        min(ended_at), max(ended_at)
    from decided
    where number = $number
    group by reason
"""

_NAMES = ", ".join(name for name in STREAMING_HISTORY[TABLE].names if name not in ORIGIN)
KEPT = f"""
    select {_NAMES}
    from ({_PLAYS})
    semi join (from decided where number = $number and reason is null) using (position)
"""

QUARANTINED = f"""
    select
        '{SOURCE}' as source, '{SOURCE}' as data_type, user_id, reason, position,
        left(item, {MAX_ITEM_CHARACTERS}) as item
    from ({_PLAYS})
    where reason is not null
"""
