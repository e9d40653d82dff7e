"""Download the catalogue with Kaggle's official client, once per version of the data set."""

import importlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import requests

from ingestion.errors import InputError, SourceError
from ingestion.extras import how_to_install

DATASET = "rodolfofigueroa/spotify-12m-songs"
FILE = "tracks_features.csv"
BY_HAND = f"or download {FILE} from kaggle.com/datasets/{DATASET} and set SONIC_CATALOGUE to it"


def newest_file(folder: Path, held_version: int | None) -> tuple[Path | None, int]:
    """Download the newest version of the data set, unless it is there already.

    Args:
        folder: Where downloads are kept; older versions in it are deleted.
        held_version: The version that Bronze holds; None for none.

    Returns:
        The file (CSV, or a zip of it) and the newest version. The file is None if `held_version`
        is the newest.

    Raises:
        InputError: Kaggle's client is not installed, or there is no valid token.
        SourceError: Kaggle cannot be reached, or answered with an error.
    """
    with _kaggle() as api:
        status = json.loads(api.dataset_status(DATASET, format="json(current_version_number)"))
        version = int(status["current_version_number"])
        if version == held_version:
            return None, version
        complete = folder / f"version-{version}"
        if not complete.exists():
            shutil.rmtree(folder, ignore_errors=True)  # older versions, incomplete downloads
            part = folder / "part"
            part.mkdir(parents=True)
            api.dataset_download_file(f"{DATASET}/{version}", FILE, path=str(part), force=True)
            part.rename(complete)
    (file,) = complete.iterdir()  # Kaggle may zip it
    return file, version


@contextmanager
def _kaggle() -> Iterator[Any]:
    """Sign in and yield the client; its output is dropped, its errors become one line."""
    with redirect_stdout(StringIO()):
        try:
            # The import itself signs in, so it happens only here.
            api = importlib.import_module("kaggle").KaggleApi()
            api.authenticate()
            yield api
        except ImportError:
            raise InputError(
                f"Kaggle's client is not installed; run: {how_to_install('kaggle')}, {BY_HAND}."
            ) from None
        except SystemExit:
            raise InputError(
                "Kaggle needs a token; set KAGGLE_API_TOKEN to one from kaggle.com/settings/api, "
                f"{BY_HAND}."
            ) from None
        except requests.HTTPError as error:
            raise _refused(error) from None
        except (requests.RequestException, OSError, ValueError, KeyError, TypeError) as error:
            raise SourceError(f"Kaggle cannot be read now: {type(error).__name__}") from None


def _refused(error: requests.HTTPError) -> InputError | SourceError:
    status = error.response.status_code
    if status in (401, 403):
        return InputError(
            f"Kaggle refuses the token ({status}); set KAGGLE_API_TOKEN to a new one from "
            f"kaggle.com/settings/api, {BY_HAND}."
        )
    return SourceError(f"Kaggle cannot be read now: it answered {status}")
