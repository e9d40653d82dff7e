"""`sonic docs` leads each column of Gold back to its source, on pages that need no network."""

import json
import shutil
from base64 import b64encode
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from sonic.report.lineage import ROWS, Table, read
from tests.dbt.conftest import PYTHON_MODELS, Warehouse
from tests.sonic.runs import sonic

Declared = dict[str, dict[str, list[str]]]

MEASURES = [
    "acousticness", "danceability", "energy", "instrumentalness", "liveness", "loudness",
    "speechiness", "tempo", "valence",
]  # fmt: skip


class Assets(HTMLParser):
    """The addresses of what a page loads to be shown."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "link", "img", "iframe", "source"):
            self.found += [value or "" for name, value in attrs if name in ("src", "href")]


def upstream(tables: dict[str, Table], column: str) -> set[str]:
    """All columns that a column is computed from, and the tables whose rows it counts."""
    waiting, met = [column], {column}
    while waiting:
        name, _, part = waiting.pop().rpartition(".")
        above = set() if part == ROWS else set(tables[name].columns[part].origins)
        waiting.extend(above - met)
        met |= above
    return met - {column}


def sources(tables: dict[str, Table], column: str) -> set[str]:
    """The columns of sources and seeds that a column is computed from."""
    found = (each.rpartition(".") for each in upstream(tables, column))
    return {
        f"{name}.{part}"
        for name, _, part in found
        if part != ROWS and not tables[name].id.startswith("model.")
    }


def declared(node: dict[str, Any]) -> Declared:
    """What `derived_from` says of each column of a model, `*` for those that do not say it."""
    described = {"*": node, **node["columns"]}
    meta = {name: each["config"].get("meta", {}) for name, each in described.items()}
    return {name: each["derived_from"] for name, each in meta.items() if "derived_from" in each}


@pytest.fixture(scope="module")
def documented(golden: Path, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """Return a copy of the golden warehouse, in which `sonic docs` may write."""
    return Warehouse(shutil.copytree(golden / "day_1", tmp_path_factory.mktemp("docs") / "home"))


@pytest.fixture(scope="module")
def pages(documented: Warehouse) -> list[Path]:
    done = sonic(documented.home, "docs")
    assert done.returncode == 0, done.stderr
    return [Path(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def tables(documented: Warehouse, pages: list[Path]) -> dict[str, Table]:
    return read(documented.home / "dbt" / "target")


def test_the_site_is_two_pages_and_a_picture_and_needs_no_network(
    documented: Warehouse, pages: list[Path]
) -> None:
    site = documented.home / "docs"
    assert pages == [site / name for name in ("index.html", "lineage.html", "star.svg")]
    for page in pages[:2]:
        assert not [each for each in Assets(page).found if each.startswith(("http", "//"))]
        assert "@import" not in page.read_text()
    assert "(lineage.html)" in pages[0].read_text()
    picture = b64encode(pages[2].read_bytes()).decode()
    assert f"](data:image/svg+xml;base64,{picture})" in pages[0].read_text()
    manifest = json.loads((documented.home / "dbt" / "target" / "manifest.json").read_text())
    assert manifest["metadata"]["send_anonymous_usage_stats"] is False


def test_the_page_holds_every_table_and_says_who_reads_it(
    pages: list[Path], tables: dict[str, Table]
) -> None:
    _, _, rest = pages[1].read_text().partition('<script type="application/json" id="tables">')
    shown = json.loads(rest.partition("</script>")[0])
    assert list(shown) == sorted(tables)
    assert shown["fct_user_activity"]["readers"]
    assert shown["fct_user_activity"]["columns"]["ms_played"]["type"] == "BIGINT"


def test_each_layer_has_a_colour_on_which_white_text_is_legible(documented: Warehouse) -> None:
    colours: dict[str, set[str]] = {}
    for node in documented.manifest()["nodes"].values():
        if node["resource_type"] in ("model", "seed"):
            layer = node["name"].split("_")[0] if node["schema"] == "silver" else node["schema"]
            layer = "seed" if node["resource_type"] == "seed" else layer
            colours.setdefault(layer, set()).add(node["docs"]["node_color"])
    assert colours.keys() == {"seed", "stg", "int", "ml", "gold"}
    assert len(set().union(*colours.values())) == len(colours) == sum(map(len, colours.values()))
    assert min(contrast_to_white(colour) for (colour,) in colours.values()) >= 4.5


def contrast_to_white(colour: str) -> float:
    """The contrast ratio of WCAG, 1 to 21."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


@pytest.mark.parametrize(
    ("column", "ends"),
    [
        ("fct_user_activity.ms_played", {"streaming_history.plays.ms_played"}),
        ("dim_track.energy", {"reccobeats.audio_features.energy", "kaggle.tracks_features.energy"}),
        ("dim_time.day_part", {"day_parts.day_part"}),
    ],
)
def test_a_column_of_gold_leads_to_its_source(
    column: str, ends: set[str], tables: dict[str, Table]
) -> None:
    assert ends <= sources(tables, column)


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("figure", ["mean", "percentile"])
def test_an_acoustic_feature_never_leads_to_another(
    figure: str, measure: str, tables: dict[str, Table]
) -> None:
    above = upstream(tables, f"mart_audio_aura.{figure}_{measure}")
    assert f"kaggle.tracks_features.{measure}" in above
    names = {each.rpartition(".")[2] for each in above}
    assert not [each for each in names for other in MEASURES if other in each and other != measure]


def test_a_confidence_leads_through_the_python_models_to_bronze(tables: dict[str, Table]) -> None:
    column = "mart_discover_next.confidence"
    assert {
        "ml_recommendations.confidence",
        "ml_ranker.calibration",
        "ml_listener_signal.strength",
        "int_activities.is_counted_play",
        "ml_catalogue_features.energy",
    } <= upstream(tables, column)
    assert {
        "spotify.plays.track_id",
        "spotify.saved_tracks.track_id",
        "spotify.playlist_items.track_id",
        "streaming_history.plays.ms_played",
        "kaggle.tracks_features.energy",
    } <= sources(tables, column)
    assert sources(tables, "mart_discover_next.as_of") == {"sonic.run_clock.as_of"}


def test_every_python_model_declares_what_its_columns_are_derived_from(
    documented: Warehouse, tables: dict[str, Table]
) -> None:
    models = {key: node for key, node in documented.manifest()["nodes"].items() if is_python(node)}
    assert {node["name"] for node in models.values()} == set(PYTHON_MODELS)
    for node in models.values():
        derived_from = declared(node)
        assert "*" in derived_from or derived_from.keys() == node["columns"].keys()
        for inputs in derived_from.values():
            assert inputs.keys() <= set(tables[node["name"]].inputs)
            for name, columns in inputs.items():
                assert set(columns) <= {*tables[name].columns, ROWS}


def test_every_column_of_gold_leads_to_a_source_or_is_declared_to_count_or_generate(
    documented: Warehouse, tables: dict[str, Table]
) -> None:
    nodes = documented.manifest()["nodes"].values()
    generated = {
        f"{node['name']}.{column}"
        for node in nodes
        if node["resource_type"] == "model" and node["schema"] == "gold"
        for column, inputs in declared(node).items()
        if not {each for columns in inputs.values() for each in columns} - {ROWS}
    }
    gold = {
        f"{name}.{column}"
        for name, table in tables.items()
        if table.layer == "gold"
        for column in table.columns
    }
    assert {column for column in gold if not sources(tables, column)} == generated


def is_python(node: dict[str, Any]) -> bool:
    return node["resource_type"] == "model" and node["language"] == "python"
