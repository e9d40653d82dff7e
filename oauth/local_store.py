"""A token store in local files, each encrypted with Fernet (AES-128-CBC and HMAC-SHA256)."""

import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from oauth.tokens import Connection, TokenState, TokenStoreError

logger = logging.getLogger(__name__)


class LocalTokenStore:
    """Keeps one encrypted file per listener; implements `oauth.tokens.TokenStore`.

    File names are hashes, so they do not show who the listeners are.

    Args:
        folder: Where the files are; it is created.
        key: The Fernet key (32 bytes, url-safe base64). If None, one is generated once and kept in
            the folder, readable by its owner only.

    Raises:
        TokenStoreError: `key` is not a Fernet key.
    """

    def __init__(self, folder: Path, key: str | None = None) -> None:
        self._folder = folder
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            self._fernet = Fernet(key or self._own_key())
        except ValueError:
            raise TokenStoreError(
                "SONIC_TOKEN_KEY is not a Fernet key: it must be 32 bytes in url-safe base64. "
                "Leave it empty to let Sonic generate one."
            ) from None

    def save(self, connection: Connection) -> None:
        """Add or replace the listener's connection; readers never see a part of it."""
        fields = asdict(connection) | {"connected_at": connection.connected_at.isoformat()}
        _write_private(
            self._path(connection.user_id), self._fernet.encrypt(json.dumps(fields).encode())
        )

    def get(self, user_id: str) -> Connection:
        """Return the listener's connection.

        Args:
            user_id: The listener's Spotify id.

        Raises:
            KeyError: There is none.
            TokenStoreError: It was written with another key.
        """
        return self._read(self._path(user_id), missing=user_id)

    def connections(self) -> Iterable[Connection]:
        """Return all connections, sorted by listener id.

        A file that is damaged or deleted meanwhile is skipped.

        Raises:
            TokenStoreError: No file can be read: they were written with another key.
        """
        found, damaged = [], []
        for path in self._folder.glob("*.token"):
            try:
                found.append(self._read(path, missing=path.stem))
            except TokenStoreError as error:
                logger.warning("%s cannot be read: that listener must sign in again", path)
                damaged.append(error)
            except KeyError:
                continue
        if damaged and not found:
            raise damaged[0]
        return sorted(found, key=lambda connection: connection.user_id)

    def user_ids(self) -> Iterable[str]:
        """Return the sorted ids of all listeners with a connection."""
        return [connection.user_id for connection in self.connections()]

    def mark(self, user_id: str, state: TokenState) -> None:
        """Set the state of the listener's token; raises KeyError if there is no connection."""
        self.save(replace(self.get(user_id), state=state))

    def delete(self, user_id: str) -> None:
        """Delete the listener's connection; no error if there is none."""
        self._path(user_id).unlink(missing_ok=True)

    def _path(self, user_id: str) -> Path:
        return self._folder / f"{hashlib.sha256(user_id.encode()).hexdigest()[:32]}.token"

    def _own_key(self) -> bytes:
        path = self._folder / "key"
        if not path.exists():
            _write_private(path, Fernet.generate_key())
        return path.read_bytes()

    def _read(self, path: Path, missing: str) -> Connection:
        try:
            fields = json.loads(self._fernet.decrypt(path.read_bytes()))
        except FileNotFoundError:
            raise KeyError(missing) from None
        except InvalidToken:
            raise TokenStoreError(
                f"The tokens in {self._folder} were written with another key. Set SONIC_TOKEN_KEY "
                "to that key, or remove the folder and let the listeners sign in again."
            ) from None
        fields["connected_at"] = datetime.fromisoformat(fields["connected_at"])
        fields["state"] = TokenState(fields["state"])
        return Connection(**fields)


def _write_private(path: Path, content: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)  # mode 0600
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(temporary).replace(path)
