-- The expected keys come from Python's hashlib; with other keys an engine's facts would not join to
-- the tables of the others.
with

vectors as (
    select
        case_name,
        nullif(natural_id, '(null)') as natural_id,
        nullif(second_part, '(null)') as second_part,
        expected_key,
        expected_composite_key
    from {{ ref('key_vectors') }}
),

results as (
    select
        case_name,
        expected_key,
        expected_composite_key,
        {{ hash_key('natural_id') }} as actual_key,
        {{ hash_key(composite_id(['natural_id', 'second_part'])) }} as actual_composite_key
    from vectors
)

select * from results
where actual_key <> expected_key or actual_composite_key <> expected_composite_key
