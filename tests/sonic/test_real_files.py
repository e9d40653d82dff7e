"""Real tracks in, fifteen recommendations out."""

from pathlib import Path

import pytest

from tests.sonic.runs import gold, sonic

pytestmark = pytest.mark.whole


def test_twenty_real_playlists_get_fifteen_real_tracks_each(shared: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = sonic(
        home,
        "run",
        *("--catalogue", str(shared / "data" / "tracks_features.csv.gz")),
        *("--playlists", str(shared / "data" / "playlists.csv.gz")),
        *("--listeners", "20", "--as-of", "2026-05-31"),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    shown = gold(
        home,
        """
        select next.user_key, tracks.track_id, tracks.track_name
        from gold.mart_discover_next as next inner join gold.dim_track as tracks using (track_key)
        """,
    )
    assert len(shown) == 20 * 15
    assert len({user for user, _, _ in shown}) == 20
    assert len({(user, track) for user, track, _ in shown}) == 20 * 15
    assert all(str(name)[:15] in done.stdout for _, _, name in shown)
