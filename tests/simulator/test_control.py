"""Controlling the simulation from another process."""

import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests

from simulator import Simulator
from simulator.__main__ import main
from tests.simulator.client import small


def test_the_clock_the_truth_the_calls_and_the_faults_can_be_reached() -> None:
    with Simulator(small()) as sim:
        base = f"{sim.url}/_simulator"
        overview = requests.get(base, timeout=5).json()
        user_id = overview["listeners"][0]["user_id"]
        assert overview["apps"][0]["client_secret"] == sim.apps[0].client_secret
        before = requests.get(f"{base}/truth/{user_id}", timeout=5).json()
        tomorrow = sim.clock + timedelta(days=1)
        requests.put(f"{base}/clock", json={"as_of": tomorrow.isoformat()}, timeout=5)
        assert sim.clock == tomorrow
        shown = requests.get(f"{base}/clock", timeout=5).json()["as_of"]
        assert datetime.fromisoformat(shown) == tomorrow
        after = requests.get(f"{base}/truth/{user_id}", timeout=5).json()
        assert len(after) == len(sim.truth(user_id)) > len(before)
        assert requests.get(f"{base}/truth/nobody", timeout=5).status_code == 404
        kept = requests.get(f"{base}/truth/{user_id}/library", timeout=5).json()
        assert [entry["track_id"] for entry in kept["saved"]] == [
            item.track_id for item in sim.saved(user_id)
        ]
        assert [entry["removed_at"] is None for entry in kept["followed"]] == [
            follow.removed_at is None for follow in sim.followed(user_id)
        ]
        assert kept["playlists"].keys() == sim.playlist_items(user_id).keys()
        assert requests.get(f"{base}/truth/nobody/library", timeout=5).status_code == 404
        sim.world.quota_used["developer"] = 3
        requests.delete(f"{base}/quota", timeout=5)
        assert not sim.world.quota_used
        answer = requests.put(
            f"{base}/faults", json={"rate_429": 1, "revoked": [user_id]}, timeout=5
        )
        assert answer.json() == requests.get(f"{base}/faults", timeout=5).json()
        assert (sim.faults.rate_429, sim.faults.revoked) == (1, {user_id})
        assert requests.get(f"{sim.url}/v1/me", timeout=5).status_code == 429
        assert requests.get(f"{base}/calls", timeout=5).json() == {"": {"/v1/me": 1}}
        requests.delete(f"{base}/calls", timeout=5)
        assert not sim.calls


@pytest.mark.parametrize(
    ("path", "body"),
    [("clock", {"as_of": "2026-11-22T20:00"}), ("clock", {}), ("faults", {"rate_42": 1})],
)
def test_invalid_bodies_are_refused(sim: Simulator, path: str, body: dict[str, object]) -> None:
    assert requests.put(f"{sim.url}/_simulator/{path}", json=body, timeout=5).status_code == 400


def test_a_clock_needs_a_time_zone(sim: Simulator) -> None:
    with pytest.raises(ValueError, match="time zone"):
        sim.set_clock(datetime(2026, 11, 23))
    with pytest.raises(ValueError, match="time zone"):
        small(as_of=datetime(2026, 11, 23))


def test_the_command_serves_a_simulation() -> None:
    command = [sys.executable, "-m", "simulator", "--catalogue-size", "500", "--listeners", "1"]
    process = subprocess.Popen(
        [*command, "--as-of", "2026-05-01"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(4)]
        url = re.findall(r"http://127\.0\.0\.1:\d+", lines[0])[0]
        assert lines[1] == "500 tracks, as of 2026-05-01 00:00 UTC\n"
        assert requests.get(f"{url}/_simulator", timeout=5).json()["seed"] == 7
    finally:
        process.terminate()
        assert process.wait(5) == 0


def test_the_command_reports_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    path = tmp_path / "tracks.csv"
    path.write_text("id,name\n1,2\n")
    with pytest.raises(SystemExit, match=f"^{path}: column 'artists' is missing$"):
        main(["--catalogue", str(path)])
