"""Download the catalogue by Kaggle's official client, once for each version of the data set."""

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
ELSE = f"or download {FILE} from kaggle.com/datasets/{DATASET} and set SONIC_CATALOGUE to it"


def newest_file(folder: Path, held_version: int | None) -> tuple[Path | None, int]:
    """Return the newest file of the data set in `folder`, and its version.

    It is downloaded unless it lies there already, and None where `held_version` is the newest.
    InputError without the client or a token that it takes, SourceError if Kaggle does not answer.
    """
    with _kaggle() as api:
        status = json.loads(api.dataset_status(DATASET, format="json(current_version_number)"))
        version = int(status["current_version_number"])
        if version == held_version:
            return None, version
        complete = folder / f"version-{version}"
        if not complete.exists():
            shutil.rmtree(folder, ignore_errors=True)  # older versions, and a download cut short
            part = folder / "part"
            part.mkdir(parents=True)
            api.dataset_download_file(f"{DATASET}/{version}", FILE, path=str(part), force=True)
            part.rename(complete)
    (file,) = complete.iterdir()  # Kaggle may zip it
    return file, version


@contextmanager
def _kaggle() -> Iterator[Any]:
    """Sign in and yield the client; what it prints is dropped, what it raises is one line."""
    with redirect_stdout(StringIO()):
        try:
            # Importing it signs in already, so that it is imported only when it is needed.
            api = importlib.import_module("kaggle").KaggleApi()
            api.authenticate()
            yield api
        except ImportError:
            raise InputError(
                f"Kaggle's client is not installed; call `{how_to_install('kaggle')}`, {ELSE}."
            ) from None
        except SystemExit:
            raise InputError(
                f"Kaggle wants a token; set KAGGLE_API_TOKEN to one from kaggle.com/settings/api, "
                f"{ELSE}."
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
            f"kaggle.com/settings/api, {ELSE}."
        )
    return SourceError(f"Kaggle cannot be read now: it answered {status}")
