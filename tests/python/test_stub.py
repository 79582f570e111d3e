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
    names = [name for name in _core.__all__ if not isinstance(getattr(_core, name), ModuleType)]

    assert len(names) <= 10
