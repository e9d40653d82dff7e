"""Microsoft's own compiler, in the checker beside the project."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.fabric.compiled import Compiled


class Binder:
    """The checker, and a folder for its input."""

    def __init__(self, check: Path, folder: Path) -> None:
        self._check = check
        self._folder = folder

    def __call__(self, compiled: Compiled, nodes: dict[str, Any]) -> str:
        """Return the checker's output for some nodes, taken as models."""
        manifest = self._written("manifest", {"nodes": nodes})
        tables = self._written("tables", compiled.tables)
        command = [str(self._check), "--manifest", manifest, "--tables", tables]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
        assert done.returncode < 2, done.stderr
        return done.stdout

    def _written(self, name: str, content: dict[str, Any]) -> str:
        path = self._folder / f"{name}.json"
        path.write_text(json.dumps(content))
        return str(path)
