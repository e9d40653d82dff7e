-- An item's kind decides which of its two keys is known, so no test of one column can see that it
-- is the wrong one.
select
    top_item_key,
    item_kind,
    track_key,
    artist_key
from {{ ref('fct_top_item') }}
where
    (item_kind = 'track' and (track_key = -1 or artist_key <> -1))
    or (item_kind = 'artist' and (artist_key = -1 or track_key <> -1))
