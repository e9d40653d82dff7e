"""The index file: named by its hash, complete or rebuilt, and close to exact search."""

import hashlib
import os
from pathlib import Path
from time import time

import numpy as np
import pytest

from ml.retrieval.index import HOUR, KEPT_FILES, open_index


@pytest.fixture
def vectors() -> np.ndarray:
    return np.random.default_rng(3).normal(size=(2_000, 12)).astype(np.float32)


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_the_same_vectors_give_the_same_file(vectors: np.ndarray, tmp_path: Path) -> None:
    first, second = (open_index(vectors, tmp_path / name) for name in ("a", "b"))
    assert first.sha256 == second.sha256 == hashlib.sha256(first.path.read_bytes()).hexdigest()
    assert files(tmp_path / "a") == files(tmp_path / "b") == [first.path.name]


def test_nearly_all_exact_neighbours_are_found(vectors: np.ndarray, tmp_path: Path) -> None:
    index = open_index(vectors, tmp_path)
    found = []
    for point in vectors[:50]:
        exact = np.argsort(((vectors - point) ** 2).sum(axis=1))[:100]
        found.append(np.isin(exact, index.neighbours(point, 300)).mean())
    assert np.mean(found) > 0.9


def test_an_existing_file_is_not_built_again(vectors: np.ndarray, tmp_path: Path) -> None:
    written = open_index(vectors, tmp_path).path.stat()
    again = open_index(vectors.copy(), tmp_path).path.stat()
    assert (again.st_ino, again.st_mtime_ns) == (written.st_ino, written.st_mtime_ns)


def test_a_file_of_other_settings_is_not_used(
    vectors: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = open_index(vectors, tmp_path)
    monkeypatch.setattr("ml.retrieval.index.TREES", 3)
    assert open_index(vectors, tmp_path).path.stat().st_size < before.path.stat().st_size


@pytest.mark.parametrize("damage", ["absent", "cut", "changed", "empty"])
def test_an_incomplete_file_is_built_again(
    vectors: np.ndarray, tmp_path: Path, damage: str
) -> None:
    file = open_index(vectors, tmp_path).path
    content = file.read_bytes()
    if damage == "absent":
        file.unlink()
    else:
        changed = bytes([content[0] ^ 1]) + content[1:]
        file.write_bytes({"cut": content[:-8], "changed": changed, "empty": b""}[damage])
    assert open_index(vectors, tmp_path).neighbours(vectors[7], 1).tolist() == [7]
    assert file.read_bytes() == content


def test_a_complete_file_of_other_vectors_is_not_used(vectors: np.ndarray, tmp_path: Path) -> None:
    """Not even if only one vector differs."""
    open_index(vectors, tmp_path)
    moved = vectors.copy()
    moved[7] += 9
    assert open_index(moved, tmp_path).neighbours(moved[7], 1).tolist() == [7]
    assert len(files(tmp_path)) == 2


def test_outdated_and_unfinished_files_are_removed(vectors: np.ndarray, tmp_path: Path) -> None:
    for name, age in ((".1.unfinished", 2 * HOUR), (".2.unfinished", 0)):
        (tmp_path / name).write_bytes(b"half an index")
        os.utime(tmp_path / name, (time() - age,) * 2)
    for rows in range(10, 15):
        open_index(vectors[:rows], tmp_path)
    first, *others = files(tmp_path)
    assert first == ".2.unfinished"
    assert len(others) == KEPT_FILES
