"""`sonic docs` leads each column of Gold back to its source, on pages that need no web."""

import json
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sonic.report.lineage import ROWS, Table, read
from tests.dbt.conftest import Warehouse
from tests.sonic.runs import sonic

WITHOUT_COLUMNS = {
    "fct_user_activity.activity_type": "a constant for each kind of action",
    "mart_listening_session.count_all_plays": "counts rows",
}
FROM_PYTHON = "mart_discover_next"  # all of it is ml_recommendations', which no SQL makes


class Assets(HTMLParser):
    """The addresses of what a page loads to be shown."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "link", "img", "iframe", "source"):
            self.found += [value or "" for name, value in attrs if name in ("src", "href")]


def origins(tables: dict[str, Table], column: str) -> set[str]:
    """The ends of a column's way: columns of sources and seeds, or rows where the way is lost."""
    found, waiting, met = set(), [column], {column}
    while waiting:
        name, _, part = (current := waiting.pop()).rpartition(".")
        table = tables[name]
        above = table.columns[part].origins if part != ROWS else []
        if part == ROWS and table.is_python:
            above = [f"{each}.{ROWS}" for each in table.inputs]
        elif part == ROWS or not table.id.startswith("model."):
            found.add(current)
        waiting.extend(set(above) - met)
        met |= set(above)
    return found


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


def test_the_site_is_two_pages_that_load_nothing_from_the_web(
    documented: Warehouse, pages: list[Path]
) -> None:
    site = documented.home / "docs"
    assert pages == [site / "index.html", site / "lineage.html"]
    for page in pages:
        assert not [each for each in Assets(page).found if each.startswith(("http", "//"))]
        assert "@import" not in page.read_text()
    assert "(lineage.html)" in pages[0].read_text()
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
    assert ends <= origins(tables, column)


def test_python_leads_to_the_tables_that_it_is_given(tables: dict[str, Table]) -> None:
    assert f"ml_listener_signal.{ROWS}" in origins(tables, f"{FROM_PYTHON}.confidence")


def test_every_column_of_gold_leads_to_a_source_but_those_that_cannot(
    tables: dict[str, Table],
) -> None:
    gold = {
        f"{name}.{column}"
        for name, table in tables.items()
        if table.layer == "gold"
        for column in table.columns
    }
    lost = {
        column
        for column in gold
        if all(end.endswith(f".{ROWS}") for end in origins(tables, column))
    }
    learned = {column for column in gold if column.startswith(f"{FROM_PYTHON}.")}
    assert learned
    assert lost == learned | set(WITHOUT_COLUMNS)
