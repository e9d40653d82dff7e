"""The index file: named by its hash, whole or rebuilt, and near enough to exact search."""

from pathlib import Path

import numpy as np
import pytest

from ml.index import KEPT_FILES, open_index, write_index


@pytest.fixture
def vectors() -> np.ndarray:
    return np.random.default_rng(3).normal(size=(2_000, 12)).astype(np.float32)


def test_the_same_vectors_give_the_same_file(vectors: np.ndarray, tmp_path: Path) -> None:
    first, second = write_index(vectors, tmp_path / "a"), write_index(vectors, tmp_path / "b")
    assert first == second
    assert [file.name for file in (tmp_path / "a").iterdir()] == [f"{first}.ann"]


def test_nearly_all_exact_neighbours_are_found(vectors: np.ndarray, tmp_path: Path) -> None:
    index = open_index(vectors, tmp_path, None)
    found = []
    for point in vectors[:50]:
        exact = np.argsort(((vectors - point) ** 2).sum(axis=1))[:100]
        found.append(np.isin(exact, index.neighbours(point, 300)).mean())
    assert np.mean(found) > 0.9


@pytest.mark.parametrize("damage", ["absent", "cut", "changed", "empty"])
def test_a_file_that_is_not_whole_is_built_anew(
    vectors: np.ndarray, tmp_path: Path, damage: str
) -> None:
    sha256 = write_index(vectors, tmp_path)
    file = tmp_path / f"{sha256}.ann"
    content = file.read_bytes()
    if damage == "absent":
        file.unlink()
    else:
        changed = bytes([content[0] ^ 1]) + content[1:]
        file.write_bytes({"cut": content[:-8], "changed": changed, "empty": b""}[damage])
    assert open_index(vectors, tmp_path, sha256).neighbours(vectors[7], 1).tolist() == [7]
    assert file.read_bytes() == content


def test_a_whole_file_of_other_vectors_is_not_used(vectors: np.ndarray, tmp_path: Path) -> None:
    sha256 = write_index(vectors, tmp_path)
    turned = vectors[::-1].copy()
    assert open_index(turned, tmp_path, sha256).neighbours(turned[7], 1).tolist() == [7]


def test_old_files_are_removed(vectors: np.ndarray, tmp_path: Path) -> None:
    for rows in range(10, 15):
        write_index(vectors[:rows], tmp_path)
    assert len(list(tmp_path.iterdir())) == KEPT_FILES
