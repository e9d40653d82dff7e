"""`make setup` on machines that lack something: PATH has only the tools that a test puts there."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("sh", "sort", "tr", "git", "c++")
OWN_COMPILER = "import sysconfig; sysconfig.get_config_vars()['CXX'] = 'c++'\n"
PYTHONS = {  # what differs from a complete Python, as its sitecustomize
    "complete": OWN_COMPILER,
    "old": "import sys; sys.version_info = (3, 9, 2, 'final', 0)\n",
    "new": "import sys; sys.version_info = (3, 14, 0, 'final', 0)\n",
    "no venv": OWN_COMPILER + "import sys; sys.modules['ensurepip'] = None\n",
    "no headers": OWN_COMPILER + "sysconfig.get_path = lambda name: '/lacking/include'\n",
    "other compiler": "import sysconfig; sysconfig.get_config_vars()['CXX'] = 'lacking-c++ -O2'\n",
}
SYSTEMS = {
    "debian": "ID=debian\nVERSION_CODENAME=bookworm\n",
    "old debian": "ID=debian\nVERSION_CODENAME=bullseye\n",
    "ubuntu": 'ID=ubuntu\nID_LIKE=debian\nNAME="Ubuntu"\nVERSION_CODENAME=noble\n',
    "mint": 'ID=linuxmint\nID_LIKE="ubuntu debian"\nUBUNTU_CODENAME=jammy\n',
    "fedora": "ID=fedora\nVERSION_ID=43\n",
    "rocky": 'ID="rocky"\nID_LIKE="rhel centos fedora"\n',
    "arch": "ID=arch\n",
}
APT = "sudo apt-get update && sudo apt-get install"


class Machine:
    """A PATH with only the tools that are put there, and an os-release."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir()
        for tool in TOOLS:
            self.add(tool)
        self.add_python("python3")

    def add(self, tool: str) -> None:
        found = shutil.which(tool)
        assert found, f"this test needs {tool}"
        (self.bin / tool).symlink_to(found)

    def remove(self, *tools: str) -> None:
        for tool in tools:
            (self.bin / tool).unlink()

    def add_python(self, name: str, kind: str = "complete") -> None:
        custom = self.folder / kind / "sitecustomize.py"
        custom.parent.mkdir(exist_ok=True)
        custom.write_text(PYTHONS[kind])
        self.add_script(name, f'PYTHONPATH="{custom.parent}" exec "{sys.executable}" "$@"')

    def add_script(self, name: str, text: str) -> None:
        script = self.bin / name
        script.write_text(f"#!/bin/sh\n{text}\n")
        script.chmod(0o755)

    def check(self, system: str = "debian", python: str = "python3", **variables: str) -> list[str]:
        """Return the lines of the report; none if nothing is missing."""
        os_release = self.folder / "os-release"
        os_release.write_text(SYSTEMS[system])
        done = subprocess.run(
            ["/bin/sh", "requirements/check_system.sh", python, str(os_release)],
            cwd=ROOT,
            env={"PATH": str(self.bin)} | variables,
            capture_output=True,
            text=True,
        )
        lines = done.stderr.splitlines()
        assert done.returncode == bool(lines)
        assert not done.stdout
        return lines


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_machine_that_has_everything_gets_no_word(machine: Machine) -> None:
    assert machine.check() == []


def test_each_of_the_five_is_named_with_its_package(machine: Machine) -> None:
    machine.remove("git")
    assert machine.check() == [
        "This machine lacks what Sonic needs:",
        "  - git",
        f"Install it: {APT} git",
        "Then call: make setup",
    ]
    machine.add("git")

    machine.remove("c++")
    _, missing, command, _ = machine.check()
    assert missing == "  - a C++ compiler: c++, g++ and clang++ do not run"
    assert command == f"Install it: {APT} g++"
    machine.add("c++")

    machine.add_python("python3", "no venv")
    _, missing, command, _ = machine.check()
    assert missing == "  - venv: python3 cannot import ensurepip"
    assert command == f"Install it: {APT} python3-venv"

    machine.add_python("python3", "no headers")
    _, missing, command, _ = machine.check()
    assert missing == "  - Python's headers: /lacking/include/Python.h"
    assert command == f"Install it: {APT} python3-dev"

    machine.remove("python3")
    _, missing, command, last = machine.check()
    assert missing == "  - Python 3.11 to 3.13: python3 does not run (with venv and headers)"
    assert command == f"Install it: {APT} python3.11 python3.11-dev python3.11-venv"
    assert last == "Then call: make PYTHON=python3.11 setup"


INSTALL = {
    "debian": f"{APT} g++ git python3.11 python3.11-dev python3.11-venv",
    "ubuntu": f"{APT} g++ git python3.12 python3.12-dev python3.12-venv",
    "mint": f"{APT} g++ git python3.11 python3.11-dev python3.11-venv",
    "fedora": "sudo dnf install gcc-c++ git python3.13 python3.13-devel",
    "rocky": "sudo dnf install gcc-c++ git python3.12 python3.12-devel",
}


@pytest.mark.parametrize("system", INSTALL)
def test_one_command_installs_all_that_is_missing(machine: Machine, system: str) -> None:
    machine.remove("git", "c++", "python3")
    lines = machine.check(system)
    assert len([line for line in lines if line.startswith("  - ")]) == 3
    assert f"Install it: {INSTALL[system]}" in lines


def test_parts_of_a_named_python_are_packages_of_its_own(machine: Machine) -> None:
    machine.add_python("python3.12", "no headers")
    lines = machine.check(python="python3.12")
    assert lines[-2:] == [
        f"Install it: {APT} python3.12-dev",
        "Then call: make PYTHON=python3.12 setup",
    ]
    assert (
        machine.check("fedora", "python3.12")[-2] == "Install it: sudo dnf install python3.12-devel"
    )


def test_macos_gets_its_tools_from_apple_and_python_from_homebrew(machine: Machine) -> None:
    machine.add_script("uname", "echo Darwin")
    for stub in ("git", "c++"):  # as Apple's, before its tools are installed
        machine.remove(stub)
        machine.add_script(stub, "exit 1")
    assert "Install it: xcode-select --install" in machine.check()
    machine.add_python("python3", "old")
    assert machine.check()[-2:] == [
        "Install it: xcode-select --install && brew install python@3.13",
        "Then call: make PYTHON=python3.13 setup",
    ]


def test_an_unknown_system_gets_the_list_alone(machine: Machine) -> None:
    machine.remove("git", "c++")
    lines = machine.check("arch")
    assert lines[1:3] == ["  - a C++ compiler: c++, g++ and clang++ do not run", "  - git"]
    assert "Install it with your system's package manager." in lines


@pytest.mark.parametrize(("kind", "number"), [("old", "3.9"), ("new", "3.14")])
def test_a_python_of_another_version_is_refused(machine: Machine, kind: str, number: str) -> None:
    machine.add_python("python3", kind)
    lines = machine.check("old debian")
    assert lines[1].startswith(f"  - Python 3.11 to 3.13: python3 is {number}")
    assert "Your system may offer no such Python: python.org, uv and pyenv do." in lines

    machine.add_python("python3.12")
    assert machine.check("old debian")[1:] == [
        f"  - Python 3.11 to 3.13: python3 is {number}, but python3.12 fits",
        "Then call: make PYTHON=python3.12 setup",
    ]


def test_the_compiler_is_the_one_that_python_calls_or_that_cxx_names(machine: Machine) -> None:
    machine.add_python("python3", "other compiler")
    (_, missing, *_) = machine.check()
    assert missing == ("  - a C++ compiler: python3 calls lacking-c++; or use yours: make CXX=c++")
    assert machine.check(CXX="c++") == []
    assert machine.check(CXX="lacking")[1] == "  - a C++ compiler: CXX=lacking does not run"


def test_make_stops_before_anything_is_installed(machine: Machine, tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    machine.add("uname")
    make = shutil.which("make")
    assert make
    machine.remove("git")
    done = subprocess.run(
        [make, "setup", "PYTHON=python3"],
        cwd=tmp_path,
        env={"PATH": str(machine.bin)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "  - git\n" in done.stderr
    assert not done.stdout
    assert not (tmp_path / ".venv").exists()
