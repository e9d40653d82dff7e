"""Open the address of the landing (SONIC_LANDING_URL), or report in one line why not."""

import os
from pathlib import Path

import fsspec
from fsspec.implementations.local import LocalFileSystem
from fsspec.spec import AbstractFileSystem
from fsspec.utils import get_protocol

from ingestion.errors import InputError
from ingestion.extras import how_to_install

EXTRAS = {"gs": "gcs", "gcs": "gcs", "abfs": "onelake", "abfss": "onelake", "az": "onelake"}


def open_address(url: str) -> tuple[AbstractFileSystem, str]:
    """Return the file system of an address and the path in it; raises InputError.

    Error messages do not repeat the address: it may hold a password.
    """
    scheme = get_protocol(url)
    try:
        fsspec.get_filesystem_class(scheme)
    except (ImportError, ValueError) as error:
        fix = "unknown kind of address; give a folder, gs://… or abfss://…"
        if scheme in EXTRAS:
            fix = f"a package is missing; run: {how_to_install(EXTRAS[scheme])}"
        elif isinstance(error, ImportError):
            fix = f"a package is missing ({error})"
        raise InputError(f"SONIC_LANDING_URL: {scheme}://…: {fix}.") from None
    try:
        file_system, root = fsspec.url_to_fs(url)
    except (ImportError, ValueError, OSError) as error:
        raise InputError(
            f"SONIC_LANDING_URL: {scheme}://…: it cannot be opened ({type(error).__name__}); "
            "check its credentials."
        ) from None
    return file_system, str(root)


def check_writable(url: str) -> None:
    """Check the address of the landing without writing and without a network call.

    Args:
        url: A folder, `gs://…` or `abfss://…`.

    Raises:
        InputError: The address cannot be opened, or is a local folder without write permission.
    """
    file_system, root = open_address(url)
    if not isinstance(file_system, LocalFileSystem):
        return
    folder = Path(root)
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    if not (existing.is_dir() and os.access(existing, os.W_OK)):
        raise InputError(
            f"SONIC_LANDING_URL: {folder}: cannot write there ({existing}); name a folder of yours."
        )
