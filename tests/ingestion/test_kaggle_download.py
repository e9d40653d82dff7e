"""Kaggle's official client downloads the catalogue, from a stand-in for Kaggle's server."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingestion.errors import InputError, SourceError
from ingestion.kaggle.download import DATASET, FILE, newest_file
from sonic.job.context import Job
from sonic.job.stages import load_catalogue
from sonic.settings import load_settings
from tests.ingestion.catalogues import NOON, numbered, written
from tests.ingestion.kaggle_server import Kaggle, serving

CONTENT = "".join(f"{line}\n" for line in numbered(3)).encode()


def forget_client() -> None:
    for name in [name for name in sys.modules if name.split(".")[0] in ("kaggle", "kagglesdk")]:
        del sys.modules[name]


@pytest.fixture
def kaggle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kaggle]:
    """A server, and an environment in which the client finds only this server and its token."""
    for name in os.environ:
        if name.upper().startswith("KAGGLE_") or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    kaggle = Kaggle("planted", 3, FILE, CONTENT)
    forget_client()  # it reads the environment when it is imported
    with serving(kaggle) as address:
        monkeypatch.setenv("KAGGLE_API_ENVIRONMENT", "LOCALHOST")
        monkeypatch.setenv("KAGGLE_API_TOKEN", kaggle.token)
        monkeypatch.setenv("http_proxy", address)
        yield kaggle
    forget_client()


def test_the_file_is_downloaded_once_per_version(kaggle: Kaggle, tmp_path: Path) -> None:
    folder = tmp_path / "kaggle"
    file, version = newest_file(folder, None)
    assert file is not None
    assert (file.name, file.read_bytes(), version) == (FILE, CONTENT, 3)
    assert kaggle.requests[-1]["fileName"] == FILE
    assert "/".join((kaggle.requests[-1]["ownerSlug"], kaggle.requests[-1]["datasetSlug"])) == (
        DATASET
    )
    assert newest_file(folder, None) == (file, 3)
    assert newest_file(folder, 3) == (None, 3)
    assert kaggle.downloads() == 1
    kaggle.version = 4
    newer, version = newest_file(folder, 3)
    assert version == 4
    assert kaggle.downloads() == 2
    assert [path for path in folder.rglob("*") if path.is_file()] == [newer]


def test_a_run_loads_a_version_once_and_records_it(
    kaggle: Kaggle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    job = Job.open(load_settings(home=tmp_path, catalogue=Path("kaggle")), NOON, lambda: NOON)
    assert load_catalogue(job) == f"3 tracks from {FILE}"
    assert load_catalogue(job) == "3 tracks, as before"
    kaggle.version, kaggle.content = 4, "".join(f"{line}\n" for line in numbered(5)).encode()
    assert load_catalogue(job) == f"5 tracks from {FILE}"
    assert job.bronze.query(
        "kaggle", "select dataset_version, count_rows from kaggle_files order by loaded_at"
    ) == [(3, 3), (4, 5)]


def test_a_zipped_download_stays_a_zip(kaggle: Kaggle, tmp_path: Path) -> None:
    kaggle.file_name = f"{FILE}.zip"
    kaggle.content = written(tmp_path, *numbered(3), name="any.zip").read_bytes()
    file, _ = newest_file(tmp_path / "kaggle", None)
    assert file is not None
    assert file.name == f"{FILE}.zip"


def test_a_killed_download_is_repeated(kaggle: Kaggle, tmp_path: Path) -> None:
    folder = tmp_path / "kaggle"
    (folder / "part").mkdir(parents=True)
    (folder / "part" / FILE).write_bytes(CONTENT[:100])
    kaggle.status = 503
    with pytest.raises(SourceError, match="503"):
        newest_file(folder, None)
    assert not list(folder.glob("version-*"))
    kaggle.status = 200
    file, _ = newest_file(folder, None)
    assert file is not None
    assert file.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("status", "error", "message"),
    [
        (401, InputError, "refuses the token"),
        (403, InputError, "refuses the token"),
        (404, SourceError, "answered 404"),
        (500, SourceError, "answered 500"),
    ],
)
def test_a_refusal_is_one_line_without_the_token(
    status: int,
    error: type[Exception],
    message: str,
    kaggle: Kaggle,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    kaggle.status = status
    with pytest.raises(error, match=message) as raised:
        newest_file(tmp_path, None)
    assert "\n" not in str(raised.value)
    assert "planted" not in str(raised.value)
    assert capsys.readouterr() == ("", "")


def test_the_error_of_a_missing_or_unknown_token_says_how_to_get_one(
    kaggle: Kaggle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAGGLE_API_TOKEN", "unknown")
    with pytest.raises(InputError, match=r"kaggle\.com/settings/api, or download"):
        newest_file(tmp_path, None)
    monkeypatch.delenv("KAGGLE_API_TOKEN")
    with pytest.raises(InputError, match="Kaggle needs a token"):
        newest_file(tmp_path, None)


def test_without_a_network_it_is_a_source_error(
    kaggle: Kaggle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with pytest.raises(SourceError, match="cannot be read now: ProxyError"):
        newest_file(tmp_path, None)


def test_the_error_of_a_missing_client_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "kaggle", None)
    with pytest.raises(InputError, match=r"pip install .*\[kaggle\]"):
        newest_file(tmp_path, None)
