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
    """One encrypted file a listener in `folder`; implements `oauth.tokens.TokenStore`.

    The key is `key` (url-safe base64, 32 bytes) where given, else it is made once and kept beside
    the tokens, readable by the owner alone. File names are hashes, so they name no listener.
    """

    def __init__(self, folder: Path, key: str | None = None) -> None:
        self._folder = folder
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            self._fernet = Fernet(key or self._own_key())
        except ValueError:
            raise TokenStoreError(
                "SONIC_TOKEN_KEY is no Fernet key: it must be 32 bytes in url-safe base64. "
                "Leave it empty to let Sonic make one."
            ) from None

    def save(self, connection: Connection) -> None:
        """Write the connection; a reader sees the former one or this one, never a part."""
        fields = asdict(connection) | {"connected_at": connection.connected_at.isoformat()}
        _write_private(
            self._path(connection.user_id), self._fernet.encrypt(json.dumps(fields).encode())
        )

    def get(self, user_id: str) -> Connection:
        """Return the listener's connection; KeyError if there is none."""
        return self._read(self._path(user_id), missing=user_id)

    def connections(self) -> Iterable[Connection]:
        """Return all connections, in the order of the listeners' ids.

        One whose file is damaged, or deleted meanwhile, is left out; TokenStoreError if none can be
        read, which is what another key looks like.
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
        """Name the listeners that have a connection, in order."""
        return [connection.user_id for connection in self.connections()]

    def mark(self, user_id: str, state: TokenState) -> None:
        """Set the state of the listener's token."""
        self.save(replace(self.get(user_id), state=state))

    def delete(self, user_id: str) -> None:
        """Forget the listener's connection; no error if there is none."""
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
