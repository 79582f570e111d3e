"""The stub says what the extension has."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

from fastlogs import _core

ROOT = Path(__file__).parents[2]


def test_stub() -> None:
    command = [sys.executable, "-m", "mypy.stubtest", "fastlogs._core", "--concise"]
    said = subprocess.run([*command, "--mypy-config-file", "pyproject.toml"], cwd=ROOT, capture_output=True, text=True)

    assert said.returncode == 0, said.stdout


def test_the_boundary_has_at_most_ten_names() -> None:
    # The version says what was built: nobody crosses the boundary by it.
    names = [n for n in _core.__all__ if n != "__version__" and not isinstance(getattr(_core, n), ModuleType)]

    assert len(names) <= 10
