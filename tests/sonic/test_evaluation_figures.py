"""The model card's figures are the results of `sonic evaluate` on the real files."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sonic.evaluation.report import COLUMNS
from tests.sonic.runs import ROOT, started

CARD = ROOT / "docs" / "model.md"
HOUR = 3_600
TOLERANCE = 0.01  # about the effect of another seed; other library versions may differ as much


def figures(heading: str) -> dict[str, list[float | None]]:
    """Return the first table under a heading: each row's figures, without intervals."""
    section = CARD.read_text().split(f"\n### {heading}\n")[1].split("\n### ")[0].split("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("|")]
    return {
        name: [
            float(found[0]) if (found := re.findall(r"[\d.]+", cell)) else None for cell in cells
        ]
        for name, *cells in rows[2:]
    }


@pytest.fixture(scope="module")
def evaluated(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the JSON of the command on the real files, which takes a quarter of an hour."""
    data = shared / "data"
    files = (
        *("--catalogue", str(data / "evaluation_tracks.csv.gz")),
        *("--playlists", str(data / "playlists.csv.gz")),
    )
    process = started(tmp_path_factory.mktemp("home"), "sonic", "evaluate", *files, "--json")
    try:
        output, errors = process.communicate(timeout=HOUR)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    assert process.returncode == 0, errors
    result: dict[str, Any] = json.loads(output)
    return result


@pytest.mark.soak
def test_the_tables_of_the_card_match_the_command(evaluated: dict[str, Any]) -> None:
    card = {**figures("All artists"), **figures("New artists only")}
    assert {"all inputs", "acoustic + year", "same artist", "random"} < card.keys()
    for row, cells in card.items():
        metrics = evaluated["rows"][row]
        right = [metrics[name]["value"] if name in metrics else None for name in COLUMNS]
        assert [cell is None for cell in cells] == [figure is None for figure in right], row
        pairs = [pair for pair in zip(cells, right, strict=True) if pair[0] is not None]
        for cell, figure in pairs:
            assert cell == pytest.approx(figure, abs=TOLERANCE), row


@pytest.mark.soak
def test_the_recommender_reaches_its_targets(evaluated: dict[str, Any]) -> None:
    rows = evaluated["rows"]
    best = rows["all inputs"]
    assert best["ndcg"]["value"] >= 0.33
    assert best["auc"]["value"] >= 0.98
    assert rows["all inputs, new artists only"]["ndcg"]["value"] >= 0.12
    assert rows["acoustic + year"]["ndcg"]["value"] >= 0.045
    assert best["ndcg"]["low"] > max(
        rows[rule]["ndcg"]["high"] for rule in ("same artist", "nearest neighbours, all inputs")
    )
    assert rows["all inputs ÷ same artist"]["ndcg"]["value"] >= 1.5
    assert rows["all inputs ÷ same artist"]["ndcg"]["low"] > 1
    assert rows["all inputs, candidates only ÷ all inputs"]["ndcg"]["value"] >= 0.98
    assert rows["all inputs, candidates only"]["top_held"]["value"] >= 0.98
    assert best["calibration_error"]["value"] <= 0.02
    assert best["share_high"]["value"] >= 0.1
    assert best["liked_high"]["value"] >= 0.9
    assert rows["all inputs, as shown"]["shown_calibration_error"]["value"] <= 0.03
