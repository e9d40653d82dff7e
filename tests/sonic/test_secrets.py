"""Secrets and personal data are only in the encrypted token store."""

import logging
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from oauth.spotify import Grant, SpotifyAuth
from sonic.home import opened
from sonic.job.import_history import import_history
from tests.exports import PLANTED, endsong, export, extended, plays_of
from tests.ingestion.worlds import World, world

pytestmark = pytest.mark.whole

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def issued(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Collect every token that is issued."""
    tokens: set[str] = set()
    token = SpotifyAuth._token

    def watched(self: SpotifyAuth, **form: str) -> Grant:
        grant = token(self, **form)
        tokens.update(filter(None, (grant.access_token, grant.refresh_token)))
        return grant

    monkeypatch.setattr(SpotifyAuth, "_token", watched)
    return tokens


def an_export(live: World, folder: Path) -> Path:
    plays = plays_of(live.simulator, live.simulator.listeners[0].user_id)
    name = f"endsong_{PLANTED[0]}.txt"
    files = {
        "Streaming_History_Audio_2026.json": [
            *extended(live.simulator, plays),
            {"ip_addr": PLANTED[0]},
        ],
        "endsong_0.json": endsong(live.simulator, plays),
    }
    path = export(folder / "my_spotify_data.zip", files)
    (folder / name).write_text(PLANTED[0])
    return path


def everything_written(home: Path) -> str:
    """Return the text of all files of a home, and of all rows of Bronze (a compressed file)."""
    texts = [
        path.read_bytes().decode(errors="replace")
        for path in home.rglob("*")
        if path.is_file() and path.parent != home / "tokens"
    ]
    with duckdb.connect(str(home / "sonic.duckdb"), read_only=True) as connection:
        for (table,) in connection.sql(
            "select table_name from duckdb_tables() where schema_name = 'bronze'"
        ).fetchall():
            texts.append(str(connection.sql(f'select * from bronze."{table}"').fetchall()))
    return "\n".join(texts)


def test_no_token_secret_or_address_is_written_or_printed(
    issued: set[str],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    home = tmp_path / "home"
    with world(home, as_of=NOON) as live, opened(home):
        secrets = {app.client_secret for app in live.simulator.apps}
        faults = live.simulator.faults
        faults.rate_401, faults.rate_5xx, faults.rate_truncated_json = 0.1, 0.1, 0.1
        faults.retry_after_s = 0
        path = an_export(live, tmp_path)
        import_history(live.settings, Console(), [path], "anna", "Europe/Berlin")
        live.poll()
        revoked = live.simulator.listeners[0].user_id
        faults.revoked.add(revoked)
        live.advance(hours=24)
        outcome = live.capture()
        live.load()
    assert "1 listener to sign in again" in outcome
    assert len(issued) > 4
    printed = "\n".join([*capfd.readouterr(), caplog.text])
    written = everything_written(home)
    assert "left for the next run" in written  # the log was searched as well
    for secret in (*issued, *secrets, *PLANTED):
        assert secret not in printed
        assert secret not in written
