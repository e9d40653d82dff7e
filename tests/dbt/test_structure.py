"""The rules of dbt-project-evaluator, checked on dbt's manifest.

Each rule yields its offences. Numbers are the evaluator's, in the order of its documentation; its
settings for folders and prefixes are in `dbt_project.yml`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
import yaml

from tests.dbt.conftest import PROJECT, Warehouse

Node = dict[str, Any]
KINDS = {"stg": "staging", "int": "intermediate", "ml": "ml"}
KINDS |= dict.fromkeys(["dim", "fct", "bridge", "mart"], "marts")
FOLDERS = {"intermediate": "conformed", "marts": "gold", "ml": "ml"}
STORED = {"table", "incremental"}
CALENDAR = "model.sonic.dim_date"  # tests/golden compares each of its days with DuckDB's
HARD_CODED = re.compile(r"\b(from|join)\s+[\[`\"']?\w+[\]`\"']?\.[\[`\"']?\w+", re.IGNORECASE)
SETTING = re.compile(r"dbt\.config\.get\([\"'](\w+)")  # dbt misses one inside an expression
SETTINGS = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())["vars"]
FANOUT = SETTINGS["dbt_project_evaluator"]["models_fanout_threshold"]
REJOINED = "3 nothing is joined back to what it came from"
EXCEPTIONS = {
    (REJOINED, "model.sonic.ml_track_index -> model.sonic.ml_recommendations"): (
        "The index is a file that the row only names: recommendations also need the catalogue and"
        " the ranker, and nothing else needs the index."
    ),
    (REJOINED, "model.sonic.int_play_matches -> model.sonic.int_plays_merged"): (
        "Each model of plays reads for itself which days it has to rebuild."
    ),
}


def folder(node: Node) -> list[str]:
    """Return the folders of a node's file, from the top."""
    folders: list[str] = node["original_file_path"].split("/")[:-1]
    return folders


class Project:
    """The models and sources of a manifest, and how they depend on each other."""

    def __init__(self, manifest: Node) -> None:
        nodes: dict[str, Node] = manifest["nodes"]
        self.models = {key: n for key, n in nodes.items() if n["resource_type"] == "model"}
        self.public = {key: n for key, n in self.models.items() if n["access"] == "public"}
        self.sources: dict[str, Node] = manifest["sources"]
        self.exposures: dict[str, Node] = manifest["exposures"]
        self.parents: dict[str, list[str]] = manifest["parent_map"]
        self.children = {
            key: [child for child in manifest["child_map"][key] if child in self.models]
            for key in [*self.models, *self.sources]
        }
        self.unit_tested = {
            parent
            for unit_test in manifest["unit_tests"].values()
            for parent in unit_test["depends_on"]["nodes"]
        }
        tests = [node for node in nodes.values() if node["resource_type"] == "test"]
        self.singular = [test for test in tests if not test.get("attached_node")]
        self.tests: dict[str, list[Node]] = {key: [] for key in self.models}
        for test in tests:
            self.tests.get(test.get("attached_node") or "", []).append(test)

    def kind(self, key: str) -> str:
        """Return the evaluator's type of a model, by its prefix; `source` or `seed` for those."""
        what, _, name = key.split(".", 2)
        return KINDS.get(name.split("_")[0], "other") if what == "model" else what

    def kinds_above(self, key: str) -> Counter[str]:
        """Count the direct parents of a model by type."""
        return Counter(self.kind(parent) for parent in self.parents[key])

    def models_of(self, kind: str) -> list[str]:
        """Return the models of a type."""
        return [key for key in self.models if self.kind(key) == kind]

    def views_in_a_row(self, key: str) -> int:
        """Return the length of the longest chain of views that ends here."""
        if key not in self.models or self.models[key]["config"]["materialized"] != "view":
            return 0
        return 1 + max(map(self.views_in_a_row, self.parents[key]), default=0)


def rejoined(p: Project) -> Iterator[str]:
    """Find models that read both A and B, where B also reads A and has no other reader."""
    for key in p.models:
        for between in set(p.parents[key]) & set(p.models):
            if set(p.parents[between]) & set(p.parents[key]) and p.children[between] == [key]:
                yield f"{between} -> {key}"


def without_primary_key(p: Project) -> Iterator[str]:
    for key, tests in p.tests.items():
        names = {(test["column_name"], test["test_metadata"]["name"]) for test in tests}
        unique = {column for column, name in names if name == "unique"}
        certain = {column for column, name in names if name == "not_null"}
        if not unique & certain and (None, "unique_combination") not in names:
            yield key


def misplaced(p: Project) -> Iterator[str]:
    for key, node in p.models.items():
        source = node["name"].removeprefix("stg_").split("__")[0]
        kind = p.kind(key)
        home = f"silver/{source}" if kind == "staging" else FOLDERS.get(kind, "")
        if f"/{home}/" not in f"{node['original_file_path']}":
            yield key


def unrelated(p: Project) -> Iterator[str]:
    """Find columns named like a key of a dimension without a test of the relationship."""
    for key, node in p.public.items():
        names = [(test["column_name"], test["test_metadata"]["name"]) for test in p.tests[key]]
        tested = {column for column, name in names if name in {"relationships", "unique"}}
        for column in set(node["columns"]) - tested:
            thing = column.removesuffix("_key").split("_")[-1]
            if column.endswith("_key") and f"model.sonic.dim_{thing}" in p.models:
                yield f"{key}.{column}"


def leaves_below(p: Project, key: str) -> int:
    return sum(not p.children[child] for child in p.children[key])


RULES: dict[str, Callable[[Project], Iterable[str]]] = {
    "1 staging reads no staging": lambda p: (
        key for key in p.models_of("staging") if p.kinds_above(key)["staging"]
    ),
    "2 a source has one reader": lambda p: (key for key in p.sources if len(p.children[key]) > 1),
    REJOINED: rejoined,
    "4 no model has a fan of leaves": lambda p: (
        key for key in p.models if leaves_below(p, key) >= FANOUT
    ),
    "5 only staging reads a source": lambda p: (
        key for key in p.models if p.kind(key) != "staging" and p.kinds_above(key)["source"]
    ),
    "6 nothing reads both models and sources": lambda p: (
        key for key in p.models if {"source"} < p.kinds_above(key).keys()
    ),
    "7 a table is one source": lambda p: (
        name
        for name, count in Counter(source["relation_name"] for source in p.sources.values()).items()
        if count > 1
    ),
    "8 no reference is hard-coded": lambda p: (
        key
        for key, node in p.models.items()
        if node["language"] == "sql" and HARD_CODED.search(node["raw_code"])
    ),
    "9 no model reads two sources": lambda p: (
        key for key in p.models if p.kinds_above(key)["source"] > 1
    ),
    "10 every model has a parent": lambda p: (key for key in p.models if not p.parents[key]),
    "11 staging reads nothing that is built on it": lambda p: (
        key for key in p.models_of("staging") if p.kinds_above(key).keys() - {"source"}
    ),
    "12 every source is read": lambda p: (key for key in p.sources if not p.children[key]),
    "13 at most six parents": lambda p: (key for key in p.models if len(p.parents[key]) > 6),
    "14 every model has a tested key": without_primary_key,
    "15 every source has a freshness": lambda p: (
        key
        for key, source in p.sources.items()
        if not (source["freshness"] or {}).get("warn_after", {}).get("count")
    ),
    "16 every model is tested": lambda p: (key for key, tests in p.tests.items() if not tests),
    "17-18 every model is described": lambda p: (
        key for key, node in p.models.items() if not node["description"]
    ),
    "19-20 every source and its tables are described": lambda p: (
        key
        for key, source in p.sources.items()
        if not source["description"] or not source["source_description"]
    ),
    "21 tests are in the folder of their models": lambda p: (
        test["name"]
        for key, tests in p.tests.items()
        for test in tests
        if folder(test) != folder(p.models[key])
    ),
    "22 every name has its type's prefix": lambda p: p.models_of("other"),
    "23 sources are in their own folders": lambda p: (
        key for key, source in p.sources.items() if folder(source)[-1] != source["source_name"]
    ),
    "24 models are in their type's folder": misplaced,
    "25 at most four views in a row": lambda p: (k for k in p.models if p.views_in_a_row(k) > 4),
    "26, 28 exposures read public tables": lambda p: (
        key for key in p.exposures if set(p.parents[key]) - set(p.public)
    ),
    "27 public models have contracts": lambda p: (
        key for key, node in p.public.items() if not node["config"]["contract"]["enforced"]
    ),
    "29 public columns are described": lambda p: (
        f"{key}.{name}"
        for key, node in p.public.items()
        for name, column in node["columns"].items()
        if not column["description"]
    ),
    "Gold is what is public, and tables": lambda p: (
        set(p.public).symmetric_difference(p.models_of("marts"))
        | {key for key, node in p.public.items() if node["config"]["materialized"] not in STORED}
    ),
    "every table of Gold has a unit test": lambda p: set(p.public) - p.unit_tested - {CALENDAR},
    "every key to a dimension is a tested relationship": unrelated,
    "every table of Gold is in an exposure": lambda p: (
        set(p.public) - {parent for key in p.exposures for parent in p.parents[key]}
    ),
    "an exposure has an owner, a URL and a maturity": lambda p: (
        key
        for key, node in p.exposures.items()
        if not (node["owner"].get("email") and node["url"] and node["maturity"])
    ),
    "dbt finds every setting that a Python model reads": lambda p: (
        f"{key}.{name}"
        for key, node in p.models.items()
        for name in SETTING.findall(node["raw_code"])
        if name not in node["config"]["config_keys_used"]
    ),
    "a singular test is a sentence": lambda p: (
        test["name"] for test in p.singular if not test["name"].startswith("assert_")
    ),
}


@pytest.fixture(scope="module")
def project(warehouse: Warehouse) -> Project:
    """Return the project as in dbt's manifest."""
    return Project(warehouse.manifest())


@pytest.mark.parametrize("rule", RULES)
def test_nothing_offends_against(rule: str, project: Project) -> None:
    """Each exception holds for one rule only, and is needed."""
    assert set(RULES[rule](project)) == {offence for of, offence in EXCEPTIONS if of == rule}


def test_few_exceptions_are_made_and_each_has_a_rule_and_a_reason() -> None:
    assert len(EXCEPTIONS) <= 2
    assert {rule for rule, _ in EXCEPTIONS} <= set(RULES)
    assert all(reason.endswith(".") for reason in EXCEPTIONS.values())
