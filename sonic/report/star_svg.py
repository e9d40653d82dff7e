"""Draws the star schema of Gold as SVG: `python -m sonic.report.star_svg MANIFEST FILE`."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import chain
from pathlib import Path
from textwrap import wrap

from sonic.report.star import BRIDGE, FACT, MART, Key, Star, read

WIDTH, EDGE, TOP = 940, 20, 64
FACT_WIDTH, SIDE_WIDTH, GAP = 276, 172, 44  # of boxes, and the space between those of a column
FACT_X, RIGHT_X = (WIDTH - FACT_WIDTH) / 2, WIDTH - EDGE - 36 - SIDE_WIDTH
HEAD, LINE, ROW, PAD = 26, 16, 24, 8  # heights: of a box's title, of a line, of a key, at the end
GRAIN_LETTERS = 42  # of a line in a fact's box
MART_X, MART_KEYS_X, MART_ROW, MART_LETTERS = 192, 416, 36, 36
FACT_COLOURS = ("#b45309", "#7c3aed", "#be185d", "#4d7c0f")
SIDE_COLOUR, BRIDGE_COLOUR = "#0f766e", "#475569"
TEXT, FAINT, PAPER, CARD, RULE = "#1e293b", "#475569", "#f8fafc", "#ffffff", "#cbd5e1"


@dataclass(frozen=True)
class Box:
    """Where a table is, and in which colour."""

    x: float
    y: float
    width: float
    height: float
    colour: str

    def row(self, number: int, lines: int) -> float:
        """The middle of a row of keys, which are below the title and the lines of text."""
        return self.y + HEAD + PAD / 2 + lines * LINE + (number + 0.5) * ROW


def draw(star: Star) -> str:
    """Return the picture: facts between their dimensions, and a table of the marts below."""
    left, right = star.sides()
    sides = {table: (EDGE, place) for place, table in enumerate(left)}
    sides |= {table: (RIGHT_X, place) for place, table in enumerate(right)}
    side_height = HEAD + 2 * LINE + PAD
    boxes = {
        table: Box(
            x,
            TOP + place * (side_height + GAP),
            SIDE_WIDTH,
            side_height,
            BRIDGE_COLOUR if table.startswith(BRIDGE) else SIDE_COLOUR,
        )
        for table, (x, place) in sides.items()
    }
    bottom = max(box.y + box.height for box in boxes.values())
    facts = _place_facts(star, bottom)
    marts_top = bottom + 84
    parts = chain(
        _heading("Star", "facts and their dimensions; an arrow is a key that a test relates", 34),
        _side_keys(star, right, boxes),
        _fact_keys(star, facts, boxes),
        *(_side(star, table, box) for table, box in boxes.items()),
        _role_note(bottom + 32),
        _heading("Marts", "ready answers, and their keys to the dimensions", marts_top),
        _marts(star, [*left, *right], marts_top + 22),
    )
    height = marts_top + 22 + HEAD + len(star.tables(MART)) * MART_ROW + EDGE
    return "\n".join([*_frame(height), *parts, "</svg>\n"])


def _place_facts(star: Star, bottom: float) -> dict[str, Box]:
    """Return the boxes of the facts, spread over the height of the columns beside them."""
    facts = star.tables(FACT)
    heights = [
        HEAD + len(_lines(star, fact)) * LINE + max(map(len, _by_side(star, fact))) * ROW + PAD
        for fact in facts
    ]
    space, y, boxes = (bottom - TOP - sum(heights)) / (len(facts) + 1), float(TOP), {}
    for number, (fact, height) in enumerate(zip(facts, heights, strict=True)):
        colour = FACT_COLOURS[number % len(FACT_COLOURS)]
        boxes[fact] = Box(FACT_X, y + space, FACT_WIDTH, height, colour)
        y += space + height
    return boxes


def _lines(star: Star, table: str) -> list[str]:
    grain = f"one row per {star.grains[table]}"
    return [star.primary_keys.get(table, ""), *wrap(grain, GRAIN_LETTERS)]


def _by_side(star: Star, fact: str) -> list[list[Key]]:
    """Return the keys of a fact to the left and to the right, from the top."""
    keys = star.keys_of(fact)
    return [[key for table in side for key in keys if key.to == table] for side in star.sides()]


def _fact_keys(star: Star, facts: dict[str, Box], boxes: dict[str, Box]) -> Iterator[str]:
    arrivals = [key for fact in facts for key in star.keys_of(fact)]
    for fact, box in facts.items():
        lines = _lines(star, fact)
        yield from _card(fact, box, lines)
        for is_right, keys in enumerate(_by_side(star, fact)):
            start, inner = (box.x + box.width, -10) if is_right else (box.x, 10)
            for number, key in enumerate(keys):
                y, to = box.row(number, len(lines)), boxes[key.to]
                end = to.x if is_right else to.x + to.width
                others = [each for each in arrivals if each.to == key.to]
                end_y = to.y + to.height * (others.index(key) + 1) / (len(others) + 1)
                yield _curve(start, y, end, end_y, box.colour)
                anchor = "end" if is_right else "start"
                yield _text(start + inner, y + 4, key.column, 12, anchor, bold=key.is_role)


def _side(star: Star, table: str, box: Box) -> Iterator[str]:
    yield from _card(table, box, _lines(star, table))


def _side_keys(star: Star, right: list[str], boxes: dict[str, Box]) -> Iterator[str]:
    """Draw the keys between the tables on the right: down or up to the next one, or around it."""
    for key in (key for table in right for key in star.keys_of(table)):
        box, to = boxes[key.table], boxes[key.to]
        down = to.y > box.y
        if abs(right.index(key.table) - right.index(key.to)) == 1:
            x = box.x + box.width / 2
            y, end = (box.y + box.height, to.y) if down else (box.y, to.y + to.height)
            yield _path(f"M{x:g} {y:g} V{end:g}", box.colour)
            yield _text(x + 8, (y + end) / 2 + 4, key.column, 12, bold=key.is_role)
        else:
            x, around = box.x + box.width, WIDTH - EDGE - 18
            y, end = box.y + box.height / 2, to.y + to.height / 2
            yield _path(f"M{x:g} {y:g} H{around:g} V{end:g} H{x:g}", box.colour)
            turn = f'transform="rotate(90 {around + 5:g} {(y + end) / 2:g})"'
            yield _text(around + 5, (y + end) / 2, key.column, 12, "middle", turn, key.is_role)


def _marts(star: Star, order: list[str], y: float) -> Iterator[str]:
    """Draw a table: a row for each mart, a column for each dimension that a mart refers to."""
    marts = star.tables(MART)
    used = [
        table for table in order if any(key.to == table for m in marts for key in star.keys_of(m))
    ]
    step = (WIDTH - EDGE - MART_KEYS_X) / max(len(used), 1)
    columns = {table: MART_KEYS_X + step * (place + 0.5) for place, table in enumerate(used)}
    height = HEAD + len(marts) * MART_ROW
    yield _rectangle(EDGE, y, WIDTH - 2 * EDGE, height, CARD, f'rx="8" stroke="{RULE}"')
    for table, x in columns.items():
        yield _text(x, y + 18, table, 12, "middle", f'fill="{SIDE_COLOUR}"', bold=True)
    for number, mart in enumerate(marts):
        top = y + HEAD + number * MART_ROW
        yield _path(f"M{EDGE} {top:g} H{WIDTH - EDGE}", RULE, is_arrow=False)
        yield _text(EDGE + 10, top + 22, mart, 12, bold=True)
        lines = wrap(f"per {star.grains[mart]}", MART_LETTERS)
        for line, text in enumerate(lines):
            offset = top + 22 + (line - (len(lines) - 1) / 2) * 14
            yield _text(MART_X, offset, text, 11, attributes=f'fill="{FAINT}"')
        for key in star.keys_of(mart):
            yield _text(columns[key.to], top + 22, key.column, 12, "middle", bold=key.is_role)


def _heading(title: str, text: str, y: float) -> Iterator[str]:
    yield _text(EDGE, y, title, 17, bold=True)
    yield _text(EDGE + 11 * len(title) + 8, y, text, 13, attributes=f'fill="{FAINT}"')


def _role_note(y: float) -> Iterator[str]:
    text = "Bold: a role-playing key, whose name differs from that of the dimension's key."
    yield _text(WIDTH / 2, y, text, 12, "middle", f'fill="{FAINT}"')


def _card(title: str, box: Box, lines: list[str]) -> Iterator[str]:
    """Draw a box with a title in its colour, and lines of small text: the key comes first."""
    yield _rectangle(
        box.x, box.y, box.width, box.height, CARD, f'rx="8" stroke="{box.colour}" stroke-width="2"'
    )
    yield _text(
        box.x + box.width / 2, box.y + 19, title, 14, "middle", f'fill="{box.colour}"', True
    )
    for number, line in enumerate(lines):
        y = box.y + HEAD + (number + 0.75) * LINE
        colour = FAINT if number else TEXT
        yield _text(box.x + box.width / 2, y, line, 12, "middle", f'fill="{colour}"')


def _curve(x: float, y: float, to_x: float, to_y: float, colour: str) -> str:
    bend = (to_x - x) / 2
    path = f"M{x:g} {y:g} C{x + bend:g} {y:g} {to_x - bend:g} {to_y:g} {to_x:g} {to_y:g}"
    return _path(path, colour)


def _path(path: str, colour: str, is_arrow: bool = True) -> str:
    end = f' marker-end="url(#{_marker(colour)})"' if is_arrow else ""
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.5"{end}/>'


def _marker(colour: str) -> str:
    return f"arrow-{colour[1:]}"


def _rectangle(
    x: float, y: float, width: float, height: float, fill: str, attributes: str = ""
) -> str:
    place = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
    return f'<rect {place} fill="{fill}" {attributes}/>'


def _text(
    x: float,
    y: float,
    text: str,
    size: int,
    anchor: str = "start",
    attributes: str = "",
    bold: bool = False,
) -> str:
    weight = ' font-weight="bold"' if bold else ""
    fill = "" if "fill=" in attributes else f' fill="{TEXT}"'
    style = f'font-size="{size}" text-anchor="{anchor}"{weight}{fill} {attributes}'.rstrip()
    return f'<text x="{x:g}" y="{y:g}" {style}>{escape(text)}</text>'


def _frame(height: float) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}"'
        ' font-family="Helvetica, Arial, sans-serif" role="img"'
        ' aria-label="The star schema of Gold">'
    )
    for colour in (*FACT_COLOURS, SIDE_COLOUR, BRIDGE_COLOUR):
        yield (
            f'<marker id="{_marker(colour)}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7"'
            f' markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="{colour}"/></marker>'
        )
    yield _rectangle(0, 0, WIDTH, height, PAPER, 'rx="12"')


if __name__ == "__main__":
    manifest, picture = map(Path, sys.argv[1:])
    picture.write_text(draw(read(json.loads(manifest.read_text()))))
