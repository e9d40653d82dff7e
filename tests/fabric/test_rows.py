"""Every model's T-SQL, transpiled, gives the rows of the model that DuckDB built, from its inputs.

Nothing is left out: sqlglot transpiles every construct but the key, which `test_keys` looks at.
"""

import math
from collections.abc import Sequence
from typing import Any

import pytest

from tests.dbt.conftest import PROJECT, Warehouse
from tests.fabric.compiled import Compiled
from tests.fabric.transpiled import to_duckdb
from tests.golden.world import DAY_1, DAY_2

Row = tuple[Any, ...]

TOLERANCE = 1e-12  # of floats, in proportion
MODELS = sorted(path.stem for path in (PROJECT / "models").rglob("*.sql"))
SENTENCES = sorted(path.stem for path in (PROJECT / "tests").glob("*.sql"))
EMPTY = {"stg_kaggle__files", "stg_sonic__capture_runs"}  # the golden world has no such rows


@pytest.fixture(scope="module")
def native(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Return a warehouse of the golden world, built at once as the T-SQL would build it."""
    warehouse = Warehouse(tmp_path_factory.mktemp("native"))
    for day in (DAY_1, DAY_2):
        day.into(warehouse.bronze)
    warehouse.build("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
    return warehouse


def test_every_model_is_compared(compiled: Compiled) -> None:
    assert sorted(compiled.models) == MODELS
    assert set(SENTENCES) <= compiled.tests.keys()


@pytest.mark.parametrize("name", MODELS)
def test_the_rows_are_those_of_the_native_model(
    name: str, compiled: Compiled, native: Warehouse
) -> None:
    node = compiled.models[name]
    database = "sonic_gold" if node["schema"] == "gold" else "sonic"
    table = f"{database}.{node['schema']}.{name}"
    columns = ", ".join(f'"{row[0]}"' for row in native.query(f"describe {table}"))
    expected = _sorted(native.query(f"select {columns} from {table}"))
    found = _sorted(native.query(f"select {columns} from ({to_duckdb(node['compiled_code'])})"))
    assert bool(expected) == (name not in EMPTY)
    assert len(found) == len(expected)
    assert [pair for pair in zip(found, expected, strict=True) if not _alike(*pair)] == []


@pytest.mark.parametrize("name", SENTENCES)
def test_the_sentence_holds_in_t_sql(name: str, compiled: Compiled, native: Warehouse) -> None:
    assert native.query(to_duckdb(compiled.tests[name]["compiled_code"])) == []


@pytest.mark.parametrize("other", [("x", 1.1), ("y", 1.0), ("x", None), ("x", True)])
def test_rows_that_differ_are_not_alike(other: Row) -> None:
    assert _alike(("x", 1.0), ("x", 1.0 + TOLERANCE / 2))
    assert not _alike(("x", 1.0), other)


def _sorted(rows: Sequence[Row]) -> list[Row]:
    """Sort rows by what they hold, floats last, since they may differ by a trifle."""
    return sorted(
        rows,
        key=lambda row: (
            [str(value) for value in row if type(value) is not float],
            [value for value in row if type(value) is float],
        ),
    )


def _alike(left: Row, right: Row) -> bool:
    return all(
        math.isclose(a, b, rel_tol=TOLERANCE) if type(a) is type(b) is float else _same(a, b)
        for a, b in zip(left, right, strict=True)
    )


def _same(a: Any, b: Any) -> bool:
    return a == b and isinstance(a, bool) == isinstance(b, bool)
