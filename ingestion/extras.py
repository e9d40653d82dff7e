"""The command that installs Sonic, or an extra of it, into the environment that runs."""

from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]  # of the checkout, or site-packages


def in_checkout() -> bool:
    """Return whether Sonic runs from its sources; else it was installed from a wheel."""
    return (ROOT / "pyproject.toml").exists()


def how_to_install(extra: str = "") -> str:
    """Return the command for a person to call. Sonic is not on PyPI.

    Args:
        extra: One of the extras in pyproject.toml; without it, the command installs Sonic itself.

    Returns:
        A shell command, to be called in the checkout or in the folder of the wheel.
    """
    if in_checkout():
        own = {"": "make setup", "spark": "make setup-spark"}
        return own.get(extra, f".venv/bin/pip install -e '.[{extra}]'")
    wheel = f"sonic-{version('sonic')}-py3-none-any.whl"
    return f"pip install '{wheel}[{extra}]'" if extra else f"pip install {wheel}"
