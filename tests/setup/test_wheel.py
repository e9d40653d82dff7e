"""The wheel, installed without a checkout: the commands work, the package is not written to."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.homes import FIRST_DAY, SmallDemo
from tests.sonic.runs import contents

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("dbt_sonic", "ingestion", "ml", "oauth", "simulator", "sonic")
FILES = (".env.example", "LICENSE", "Makefile", "README.md", "dbt_sonic_spark.py", "pyproject.toml")
WRITTEN = ("__pycache__", "logs", "target", ".user.yml")  # by Python, and by dbt in the checkout


class Installed:
    """An environment with the wheel and the packages of this one, but not the checkout."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.elsewhere = folder / "elsewhere"
        self.home = self.elsewhere / "data"
        self.elsewhere.mkdir()
        environment = folder / "environment"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
        self.bin = environment / "bin"
        (self.site,) = environment.glob("lib/python*/site-packages")
        # Plain paths: the .pth of the editable install over there is not followed.
        (self.site / "packages.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
        pip = [sys.executable, "-m", "pip", "--python", str(self.bin / "python")]
        done = subprocess.run(
            [*pip, "install", "--quiet", "--no-deps", "--ignore-installed", str(wheel)],
            env=self.environment(),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        for path in [self.site, *self.site.rglob("*")]:
            path.chmod(path.stat().st_mode & 0o555)
        self.before = self.files()

    def files(self) -> dict[str, int]:
        """Return when each installed file was last written; root may write read-only ones, too."""
        return {
            str(path.relative_to(self.site)): path.stat().st_mtime_ns
            for path in self.site.rglob("*")
        }

    def environment(self, **variables: str) -> dict[str, str]:
        """Return this process's environment without the checkout and its settings."""
        ours = ("COVERAGE", "PYTHONPATH", "SONIC_")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return clean | {"COLUMNS": "140"} | variables

    def call(self, *command: str, **variables: str) -> str:
        """Run a command in a folder elsewhere, and return what it printed."""
        done = subprocess.run(
            [str(self.bin / command[0]), *command[1:]],
            cwd=self.elsewhere,
            env=self.environment(**variables),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that `make wheel` builds, from a copy: a build writes beside the sources."""
    copy = tmp_path_factory.mktemp("wheel")
    for name in FILES:
        shutil.copy(ROOT / name, copy)
    for name in (*PACKAGES, "requirements"):
        shutil.copytree(
            ROOT / name, copy / name, symlinks=True, ignore=shutil.ignore_patterns(*WRITTEN)
        )
    built = [f"VENV={sys.prefix}", "-o", f"{sys.prefix}/build.done"]  # as it is, however old
    command = ["make", "wheel", *built]
    apart = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(command, cwd=copy, env=apart, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = copy.glob("dist/*.whl")
    assert done.stdout.split() == [f"dist/{path.name}"]
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return Installed(tmp_path_factory.mktemp("installed"), wheel)


def test_the_wheel_has_every_file_of_the_packages_but_their_readmes(wheel: Path) -> None:
    sources = {path.relative_to(ROOT) for name in PACKAGES for path in (ROOT / name).rglob("*.*")}
    shipped = {
        str(path)
        for path in sources
        if not set(WRITTEN) & set(path.parts) and str(path) != f"{path.parts[0]}/README.md"
    }
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
        assert held == shipped | {"dbt_sonic_spark.py"}
        assert "sonic-0.1.0.dist-info/licenses/LICENSE" in archive.namelist()
        assert all(archive.read(name) == (ROOT / name).read_bytes() for name in held)


def test_the_demo_runs_in_any_folder_with_the_rows_of_the_checkout(
    installed: Installed, small_demo: SmallDemo
) -> None:
    assert "sonic run" in installed.call("sonic", "run", "--help")
    assert "✓  dbt-core" in installed.call("sonic", "doctor")

    project = str(installed.site / "dbt_sonic")
    folders = {
        "DBT_LOG_PATH": str(installed.home / "dbt" / "logs"),
        "DBT_TARGET_PATH": str(installed.home / "dbt" / "target"),
    }
    dbt = ("python", "-c", "from dbt.cli.main import cli; cli()")  # no script of dbt is in there
    where = ("--project-dir", project, "--profiles-dir", project, "--target", "duckdb")
    installed.call(*dbt, "parse", *where, SONIC_HOME=str(installed.home), **folders)
    assert nodes(installed.home) == nodes(small_demo.first)

    installed.call("sonic", *small_demo.run(FIRST_DAY))
    assert contents(installed.home) == contents(small_demo.first)
    assert [path.name for path in installed.elsewhere.iterdir()] == ["data"]
    assert installed.files() == installed.before


def nodes(home: Path) -> set[str]:
    """Return the ids of all nodes that dbt parsed."""
    return set(json.loads((home / "dbt" / "target" / "manifest.json").read_text())["nodes"])


@pytest.mark.soak  # minutes, most of them pip's
def test_pip_alone_brings_all_that_the_demo_needs(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHONPATH", "SONIC_"))}
    for command in (
        ("pip", "install", "--quiet", str(wheel)),
        ("pip", "check"),
        ("sonic", "run", "--listeners", "1", f"--as-of={FIRST_DAY}"),
    ):
        done = subprocess.run(
            [str(environment / "bin" / command[0]), *command[1:]],
            cwd=tmp_path,
            env=clean,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert "Discover next" in done.stdout


def test_advice_is_for_a_wheel(installed: Installed) -> None:
    program = "from ingestion.extras import how_to_install; print(how_to_install('kaggle'))"
    said = installed.call("python", "-c", program)
    assert said == "pip install 'sonic-0.1.0-py3-none-any.whl[kaggle]'\n"
    program = "from sonic.settings import EXAMPLE; print(EXAMPLE.read_text())"
    assert "SONIC_HOME=./data" in installed.call("python", "-c", program)
