-- The expected elements come from Python's literal_eval; each engine parses in its own way.
{%- set plain = [
    "replace(replace(", ", '~', " ~ text_literal("'") ~ "), '^', " ~ text_literal('\\') ~ ")"
] %}

with

vectors as (
    select
        {{ plain | join('list_text') }} as list_text,
        {{ plain | join('expected_first') }} as expected_first
    from {{ ref('list_vectors') }}
),

results as (
    select
        list_text,
        expected_first,
        {{ first_of_list('list_text') }} as actual_first
    from vectors
)

select * from results
where coalesce(actual_first, '(null)') <> expected_first
