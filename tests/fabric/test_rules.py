"""No model breaks a rule that neither the binder nor a run on DuckDB checks."""

import pytest
import sqlglot
from dbt.adapters.fabric import FabricColumn

from tests.fabric.compiled import Compiled
from tests.fabric.inferred import Inferred, findings_by_type, models, types
from tests.fabric.rules import RULES

BAD = {
    "nothing is grouped by its number": ["select a, count(*) as n from t group by 1"],
    "nothing is ordered by its number": [
        "select top 1 a from t order by 1",
        "select rank() over (order by 1 desc) as place from t",
    ],
    "every type is one of Fabric's": [
        "select cast(a as nvarchar(10)) as a from t",
        "select cast(a as datetime) as a from t",
        "select cast(a as money) as a from t",
        "select convert(tinyint, a) as a from t",
        "select cast(a as datetime2) as a from t",
    ],
    "what needs an order has one": [
        "select row_number() over (partition by a) as place from t",
        "select lag(a) over (partition by b) as previous from t",
    ],
    "no CTE is within another": [
        "with x as (with y as (select 1 as a) select a from y) select a from x",
        "with x as (select 1 as a) select a from x -- along with others",
    ],
    "no CTE reads itself": [
        "with x as (select 1 as a union all select a + 1 as a from x where a < 9) select a from x",
    ],
    "every function is one of T-SQL's": [
        "select date_trunc('year', a) as a from t",
        "select greatest_of(a, b) as a from t",
        "select strpos(a, 'b') as a from t",
    ],
}
BAD_BY_TYPE = [
    "select max(a) as a from bronze.t where a = 1",
    "select avg(n) as n from bronze.t",
    "select n / 2 as half from bronze.t",
    "select sum(case when n > 1 then a end) as a from bronze.t",
]


@pytest.mark.parametrize("rule", RULES)
def test_no_model_offends_against(rule: str, compiled: Compiled) -> None:
    found = {
        name: list(RULES[rule](node["compiled_code"])) for name, node in compiled.models.items()
    }
    assert not {name: offences for name, offences in found.items() if offences}


@pytest.mark.parametrize(("rule", "sql"), [(rule, sql) for rule in RULES for sql in BAD[rule]])
def test_the_rule_finds_an_offence(rule: str, sql: str) -> None:
    sqlglot.parse_one(sql, dialect="tsql")
    assert list(RULES[rule](sql))


def test_no_type_makes_t_sql_compute_differently(compiled: Compiled) -> None:
    found = {name: list(findings_by_type(statement)) for name, statement in models(compiled)}
    assert not {name: offences for name, offences in found.items() if offences}


@pytest.mark.parametrize("sql", BAD_BY_TYPE)
def test_a_type_that_makes_a_difference_is_found(sql: str) -> None:
    known = Inferred({"bronze.t": {"a": "bit", "n": "int"}})
    assert list(findings_by_type(known.statement(sql)))


def test_every_contract_names_the_types_that_the_model_has(compiled: Compiled) -> None:
    """With other types the build of the model fails."""
    statements = dict(models(compiled))
    contracts = {
        name: {
            column: FabricColumn.translate_type(declared["data_type"]).lower().partition("(")[0]
            for column, declared in node["columns"].items()
        }
        for name, node in compiled.models.items()
        if node["config"]["contract"]["enforced"]
    }
    assert contracts
    for name, contract in contracts.items():
        assert types(statements[name]) == contract, name
