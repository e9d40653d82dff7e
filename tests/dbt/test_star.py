"""docs/star.svg shows the tables of Gold and every tested key, as dbt's manifest has them."""

import xml.etree.ElementTree as ET
from itertools import combinations

import pytest

from sonic.report.star import Star, read
from sonic.report.star_svg import draw
from tests.dbt.conftest import PROJECT, Warehouse

PICTURE = PROJECT.parent / "docs" / "star.svg"
LETTER, BOLD_LETTER = 0.55, 0.6  # widths in Helvetica on average, of the font's size
Area = tuple[float, float, float, float]  # left, top, right, bottom


@pytest.fixture(scope="module")
def star(warehouse: Warehouse) -> Star:
    return read(warehouse.manifest())


def area(text: ET.Element) -> Area:
    size, x, y = (float(text.attrib[name]) for name in ("font-size", "x", "y"))
    letter = BOLD_LETTER if "font-weight" in text.attrib else LETTER
    width = letter * size * len(text.text or "")
    left = x - width * {"start": 0, "middle": 0.5, "end": 1}[text.attrib["text-anchor"]]
    return left, y - 0.75 * size, left + width, y + 0.2 * size


def overlap(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_the_picture_is_up_to_date(star: Star) -> None:
    assert draw(star) == PICTURE.read_text(), "call `make star`"


def test_the_star_is_that_of_gold(star: Star) -> None:
    models = (PROJECT / "models" / "gold").glob("*.sql")
    assert star.grains.keys() == star.primary_keys.keys() == {model.stem for model in models}
    assert all(star.grains.values())
    roles = {(key.table, key.column) for key in star.keys if key.is_role}
    assert ("fct_top_item", "snapshot_date_key") in roles
    assert ("fct_top_item", "user_key") not in roles


def test_every_table_and_key_is_in_the_picture_and_no_text_overlaps(star: Star) -> None:
    picture = ET.fromstring(draw(star))
    texts = list(picture.findall(".//{*}text"))
    written = [text.text for text in texts]
    assert star.grains.keys() <= set(written)
    assert sum(text in {key.column for key in star.keys} for text in written) >= len(star.keys)
    arrows = [path for path in picture.findall(".//{*}path") if "marker-end" in path.attrib]
    assert len(arrows) == sum(not key.table.startswith("mart_") for key in star.keys)

    areas = {text: area(text) for text in texts if "transform" not in text.attrib}
    assert not [
        (one.text, other.text)
        for one, other in combinations(areas, 2)
        if overlap(areas[one], areas[other])
    ]
    _, _, width, height = map(float, picture.attrib["viewBox"].split())
    assert all(min(a) > 0 and a[2] < width and a[3] < height for a in areas.values())
