"""Fabric's keys are Python's md5: without a server, their T-SQL is evaluated here."""

import csv
from collections.abc import Iterator

import pytest
import sqlglot
from sqlglot import exp

from tests.dbt.conftest import PROJECT
from tests.fabric.compiled import Compiled
from tests.fabric.key import evaluate, natural_id

TEST = "assert_keys_are_the_same_on_every_engine"
KEYS = {"actual_key": "expected_key", "actual_composite_key": "expected_composite_key"}
AS_WRITTEN = (
    "COALESCE(CONVERT(BIGINT, CONVERT(VARBINARY(8), '0' + LEFT(CONVERT(VARCHAR(32),"
    " HASHBYTES('MD5', CAST(natural_id AS VARCHAR(8000))), 2), 15), 2)), -1)"
)


def vectors() -> Iterator[dict[str, str | None]]:
    with (PROJECT / "seeds" / "key_vectors.csv").open() as file:
        for row in csv.DictReader(file):
            yield {name: None if value == "(null)" else value for name, value in row.items()}


@pytest.fixture(scope="module")
def keys(compiled: Compiled) -> dict[str, exp.Expr]:
    """Return the expressions in the project's own test of keys, by column."""
    statement = sqlglot.parse_one(compiled.tests[TEST]["compiled_code"], dialect="tsql")
    return {column.alias: column.this for column in statement.find_all(exp.Alias)}


def test_the_key_is_the_statement_that_is_evaluated(keys: dict[str, exp.Expr]) -> None:
    assert keys["actual_key"].sql("tsql") == AS_WRITTEN


@pytest.mark.parametrize("vector", list(vectors()), ids=lambda vector: vector["case_name"])
@pytest.mark.parametrize("column", KEYS)
def test_the_key_is_pythons(
    column: str, vector: dict[str, str | None], keys: dict[str, exp.Expr]
) -> None:
    assert str(evaluate(keys[column], vector)) == vector[KEYS[column]]


def test_every_key_of_every_model_is_written_so(
    compiled: Compiled, keys: dict[str, exp.Expr]
) -> None:
    """The run on DuckDB replaces this expression, for any natural id."""
    found = 0
    for node in compiled.models.values():
        for each in sqlglot.parse_one(node["compiled_code"], dialect="tsql").walk():
            if hashed := natural_id(each):
                key = keys["actual_key"].copy()
                column = natural_id(key)
                assert column
                column.replace(hashed.copy())
                assert key == each
                found += 1
    assert found > 30
