"""ReccoBeats: the ids that it accepts, the tracks that it knows, its errors."""

from typing import Any

import numpy as np
import pytest
import requests

from simulator import Simulator
from simulator.world.ids import reccobeats_id, track_id_of
from tests.simulator.client import small


def ask(sim: Simulator, path: str, ids: list[str] | str) -> requests.Response:
    return requests.get(f"{sim.url}/reccobeats/v1/{path}", {"ids": ids}, timeout=5)


def hrefs(content: list[dict[str, Any]]) -> list[str]:
    return [record["href"].rsplit("/", 1)[1] for record in content]


def test_comma_separated_and_repeated_ids_are_the_same(sim: Simulator) -> None:
    ids = list(sim.catalogue.track_ids[:40])
    content = ask(sim, "track", ",".join(ids)).json()["content"]
    assert content == ask(sim, "track", ids).json()["content"]
    known = hrefs(content)
    assert set(known) < set(ids)
    assert known != [track_id for track_id in ids if track_id in known]  # no order is promised
    assert ask(sim, "track", ids[::-1]).json()["content"] == content


def test_every_kind_of_id_returns_the_features_of_the_catalogue(sim: Simulator) -> None:
    ids = list(sim.catalogue.track_ids[:40])
    for record in ask(sim, "audio-features", ids).json()["content"]:
        track_id = record["href"].rsplit("/", 1)[1]
        measured = sim.catalogue.features(track_id)
        assert measured is not None
        assert measured.items() <= record.items()
        assert track_id_of(record["id"]) == track_id
        for other in (record["id"], record["isrc"]):
            assert record in ask(sim, "audio-features", other).json()["content"]
        one = requests.get(
            f"{sim.url}/reccobeats/v1/track/{record['id']}/audio-features", timeout=5
        )
        assert one.json() == record


def test_an_isrc_can_mean_several_tracks(sim: Simulator) -> None:
    catalogue = sim.catalogue
    counts = [
        len(ask(sim, "track", catalogue.track(track_id).isrc).json()["content"])
        for track_id in catalogue.track_ids[-15:]  # the re-releases are last
    ]
    assert max(counts) == 2


def test_coverage_is_partial_and_low_for_the_current_year(sim: Simulator) -> None:
    catalogue, known = sim.catalogue, set()
    for start in range(0, len(catalogue), 40):
        content = ask(sim, "track", list(catalogue.track_ids[start : start + 40])).json()["content"]
        known |= set(hrefs(content))
    is_new = catalogue.frame["year"] == sim.clock.year
    is_known = catalogue.frame["id"].isin(known)
    assert 0.75 < np.mean(is_known) < 0.88
    assert is_known[is_new].mean() < 0.4 < is_known[~is_new].mean()


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("track", 400, 4001),
        ("audio-features?ids=", 400, 4001),
        ("track?ids=" + ",".join(["a"] * 41), 400, 4002),
        ("track/{spotify}/audio-features", 404, 4041),
        ("track/00000000-0000-0000-0000-000000000000/audio-features", 404, 4041),
        ("nothing", 404, 4042),
    ],
)
def test_refusals_have_a_code(sim: Simulator, path: str, status: int, code: int) -> None:
    path = path.replace("{spotify}", sim.catalogue.track_ids[0])
    answer = requests.get(f"{sim.url}/reccobeats/v1/{path}", timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (status, code)


def test_unknown_ids_are_omitted(sim: Simulator) -> None:
    assert ask(sim, "track", "nobody,00000000-0000-0000-0000-000000000000").json() == {
        "content": []
    }
    assert reccobeats_id("nobody") is None


def test_the_answer_can_be_a_bare_array(sim: Simulator) -> None:
    ids = list(sim.catalogue.track_ids[:40])
    with Simulator(small(reccobeats_shape="array")) as bare:
        assert ask(bare, "track", ids).json() == ask(sim, "track", ids).json()["content"]
