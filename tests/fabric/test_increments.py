"""The T-SQL of increments, with fixed answers in place of dbt's queries of the database.

The answers are that each table exists, and that all its rows were loaded since the last build. So
an increment rebuilds all rows of the model.
"""

import shutil

import pytest

from tests.dbt.conftest import PROJECT, Warehouse
from tests.fabric.binder import Binder
from tests.fabric.compiled import Compiled, Node
from tests.fabric.conftest import compile_in
from tests.fabric.inferred import Inferred, findings_by_type, models, types
from tests.fabric.native import Native
from tests.fabric.rows import alike
from tests.fabric.rules import RULES

ANSWERS = {
    "is_incremental()": "execute and model.config.materialized == 'incremental'",
    "watermark()": "\"cast('1970-01-01' as \" ~ dbt.type_timestamp() ~ ')'",
    "first_day_to_rebuild()": "\"cast('1970-01-01' as date)\"",
    "if_replaced(relation)": "'1 = 1'",
}
ONLY_CHANGED = "differs_from_stored("  # leaves out rows that the model has already


@pytest.fixture(scope="module")
def increments(tmp_path_factory: pytest.TempPathFactory, compiled: Compiled) -> dict[str, Node]:
    """Return the models whose increment and first build are different statements."""
    home = tmp_path_factory.mktemp("increments")
    project = shutil.copytree(PROJECT, home / "project", ignore=shutil.ignore_patterns("target"))
    for signature, answer in ANSWERS.items():
        (file,) = (project / "macros").rglob(f"{signature.partition('(')[0]}.sql")
        file.write_text(f"{{% macro {signature} %}}{{{{ return({answer}) }}}}{{% endmacro %}}")
    only_models = ("--select", "resource_type:model")
    answered = compile_in(Warehouse(home), "--project-dir", str(project), *only_models)
    return {
        name: node
        for name, node in answered.models.items()
        if node["compiled_code"] != compiled.models[name]["compiled_code"]
    }


def test_the_increments_bind(increments: dict[str, Node], compiled: Compiled, bind: Binder) -> None:
    """The binder is older than `is not distinct from`, which Fabric supports."""
    nodes = {
        f"increment_of_{name}": {
            **node,
            "alias": f"increment_of_{name}",
            "compiled_code": node["compiled_code"].replace("is not distinct from", "="),
        }
        for name, node in increments.items()
    }
    count = len(compiled.models) + len(compiled.tables) + len(nodes)
    assert bind(compiled, {**compiled.models, **nodes}) == f"{count} objects bind\n"


@pytest.mark.parametrize("rule", RULES)
def test_no_increment_offends_against(rule: str, increments: dict[str, Node]) -> None:
    found = {name: list(RULES[rule](node["compiled_code"])) for name, node in increments.items()}
    assert not {name: offences for name, offences in found.items() if offences}


def test_an_increment_has_the_columns_of_its_table(
    increments: dict[str, Node], compiled: Compiled
) -> None:
    tables = {
        f"{compiled.models[name]['schema']}.{name}": types(statement)
        for name, statement in models(compiled)
    }
    known = Inferred(compiled.tables | tables)
    for name, node in increments.items():
        statement = known.statement(node["compiled_code"])
        assert types(statement) == tables[f"{node['schema']}.{name}"], name
        assert list(findings_by_type(statement)) == [], name


def test_an_increment_of_all_days_gives_the_rows_of_the_model(
    increments: dict[str, Node], native: Native
) -> None:
    assert len(increments) > 20
    for name, node in increments.items():
        found, expected = native.computed(node), native.built(node)
        if ONLY_CHANGED in node["raw_code"]:
            expected = []
        assert len(found) == len(expected), name
        assert all(map(alike, found, expected)), name
