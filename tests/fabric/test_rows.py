"""Every model's T-SQL, transpiled for DuckDB, gives the rows of the model that DuckDB built.

Nothing is left out: sqlglot transpiles every construct except the key, which `test_keys` checks.
"""

import pytest

from tests.dbt.conftest import PROJECT
from tests.fabric.compiled import Compiled
from tests.fabric.native import Native
from tests.fabric.rows import TOLERANCE, Row, alike

MODELS = sorted(path.stem for path in (PROJECT / "models").rglob("*.sql"))
SENTENCES = sorted(path.stem for path in (PROJECT / "tests").glob("*.sql"))
EMPTY = {"stg_kaggle__files", "stg_sonic__capture_runs"}  # the golden world has no such rows


def test_every_model_is_compared(compiled: Compiled) -> None:
    assert sorted(compiled.models) == MODELS
    assert set(SENTENCES) <= compiled.tests.keys()


@pytest.mark.parametrize("name", MODELS)
def test_the_rows_are_those_of_the_native_model(
    name: str, compiled: Compiled, native: Native
) -> None:
    found = native.computed(compiled.models[name])
    expected = native.built(compiled.models[name])
    assert bool(expected) == (name not in EMPTY)
    assert len(found) == len(expected)
    assert [pair for pair in zip(found, expected, strict=True) if not alike(*pair)] == []


@pytest.mark.parametrize("name", SENTENCES)
def test_the_sentence_holds_in_t_sql(name: str, compiled: Compiled, native: Native) -> None:
    assert native.offences(compiled.tests[name]) == []


@pytest.mark.parametrize("other", [("x", 1.1), ("y", 1.0), ("x", None), ("x", True)])
def test_rows_that_differ_are_not_alike(other: Row) -> None:
    assert alike(("x", 1.0), ("x", 1.0 + TOLERANCE / 2))
    assert not alike(("x", 1.0), other)
