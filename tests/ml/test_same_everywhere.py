"""The same model, index and tracks on any processor, whatever its settings for NumPy."""

import os
import platform
import shutil
import subprocess
import sys

import pytest

pytestmark = pytest.mark.whole

EMULATOR = "qemu-x86_64"  # version 8 or newer, for Debian 12 from its backports: 7.2 fails at AVX2
PROGRAM = """
from pathlib import Path
from tempfile import TemporaryDirectory

from ml.retrieval.index import build_track_index
from ml.serving.recommend import recommend
from ml.training.train import train_ranker
from tests.ml import worlds

catalogue = worlds.with_albums(worlds.catalogue(300))
signal = worlds.school_fans(catalogue, tracks=12)
ranker = train_ranker(catalogue, signal, worlds.AS_OF).to_pandas()
with TemporaryDirectory() as folder:
    frames = {"catalogue": catalogue, "ranker": ranker, "folder": Path(folder)}
    track_index = build_track_index(**frames)
    users = worlds.users("fan0", "nobody")
    shown = recommend(**frames, signal=signal, listeners=users, as_of=worlds.AS_OF)
print(ranker["model_text"][0], ranker["calibration"][0], track_index.to_pylist(), shown.to_pylist())
"""
OTHER_MACHINE = {  # without `ml/__init__.py` they would give another model
    "OPENBLAS_CORETYPE": "Nehalem",
    "OPENBLAS_NUM_THREADS": "4",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4",
}


def output_on(machine: dict[str, str], emulator: tuple[str, ...] = ()) -> str:
    process = subprocess.run(
        [*emulator, sys.executable, "-c", PROGRAM],
        env=os.environ | machine,
        capture_output=True,
        text=True,
        check=True,
    )
    return process.stdout


@pytest.fixture(scope="module")
def output_here() -> str:
    return output_on({})


def test_another_machines_settings_for_numpy_are_overridden(output_here: str) -> None:
    assert output_on(OTHER_MACHINE) == output_here


@pytest.mark.soak
@pytest.mark.skipif(platform.machine() != "x86_64", reason="it emulates x86-64")
@pytest.mark.parametrize("processor", ["Haswell", "EPYC-Rome"])
def test_an_emulated_processor_gives_the_same(processor: str, output_here: str) -> None:
    """Three minutes each. The processors have other instructions than this one.

    Some instructions may approximate, and each maker does it differently; the emulator is exact.
    """
    assert shutil.which(EMULATOR), f"{EMULATOR} is missing: Debian's qemu-user has it"
    assert output_on({}, emulator=(EMULATOR, "-cpu", processor)) == output_here
