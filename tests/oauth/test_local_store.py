from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from oauth.local_store import LocalTokenStore
from oauth.tokens import Connection, TokenState, TokenStoreError

ANNA = Connection(
    user_id="anna/ü",
    display_name=None,
    time_zone="Europe/Berlin",
    client_id="app-1",
    connected_at=datetime(2026, 5, 1, 6, tzinfo=UTC),
    refresh_token="planted-refresh-token",
)


def test_a_saved_connection_is_read_back_unchanged(tmp_path: Path) -> None:
    LocalTokenStore(tmp_path).save(ANNA)
    store = LocalTokenStore(tmp_path)
    assert store.get("anna/ü") == ANNA
    assert list(store.user_ids()) == ["anna/ü"]


def test_nothing_secret_is_readable_on_disk_or_in_a_repr(tmp_path: Path) -> None:
    LocalTokenStore(tmp_path).save(ANNA)
    for path in tmp_path.iterdir():
        assert b"planted" not in path.read_bytes()
        assert "anna" not in path.name
        assert path.stat().st_mode & 0o077 == 0
    assert "planted" not in repr(ANNA)


def test_a_mark_changes_only_the_state(tmp_path: Path) -> None:
    store = LocalTokenStore(tmp_path)
    store.save(ANNA)
    store.mark("anna/ü", TokenState.SIGN_IN_AGAIN)
    assert store.get("anna/ü").state is TokenState.SIGN_IN_AGAIN
    assert store.get("anna/ü").refresh_token == ANNA.refresh_token


def test_a_token_is_usable_for_six_months_unless_it_is_marked() -> None:
    assert ANNA.is_usable(ANNA.connected_at + timedelta(days=180))
    assert not ANNA.is_usable(ANNA.connected_at + timedelta(days=182))
    assert not replace(ANNA, state=TokenState.SIGN_IN_AGAIN).is_usable(ANNA.connected_at)


def test_a_deleted_listener_is_gone_and_deleting_again_is_no_error(tmp_path: Path) -> None:
    store = LocalTokenStore(tmp_path)
    store.save(ANNA)
    store.delete("anna/ü")
    store.delete("anna/ü")
    with pytest.raises(KeyError):
        store.get("anna/ü")


def test_the_error_of_another_key_is_one_clear_message(tmp_path: Path) -> None:
    LocalTokenStore(tmp_path).save(ANNA)
    with pytest.raises(TokenStoreError, match="SONIC_TOKEN_KEY"):
        LocalTokenStore(tmp_path, Fernet.generate_key().decode()).get("anna/ü")
    with pytest.raises(TokenStoreError, match="not a Fernet key"):
        LocalTokenStore(tmp_path, "short")
