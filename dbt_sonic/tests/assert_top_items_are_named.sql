-- The kind of an item decides which of its two keys is known; a test of one column cannot check
-- that.
select
    top_item_key,
    item_kind,
    track_key,
    artist_key
from {{ ref('fct_top_item') }}
where
    (item_kind = 'track' and (track_key = -1 or artist_key <> -1))
    or (item_kind = 'artist' and (artist_key = -1 or track_key <> -1))
