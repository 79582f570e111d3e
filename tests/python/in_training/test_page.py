"""The page about models and the docstrings of `fastlogs.torch`: every example runs."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import fastlogs
import fastlogs.torch
import pytest

PAGE = Path(__file__).parents[3] / "docs" / "model.md"


def test_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for code in re.findall(r"^```py(?:thon)?\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        exec(compile(code, str(PAGE), "exec"), names)


@pytest.mark.parametrize("name", [m.name for m in pkgutil.walk_packages(fastlogs.torch.__path__, "fastlogs.torch.")])
def test_docstrings(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(name)
    assert module.__doc__

    assert doctest.testmod(module, extraglobs={"fastlogs": fastlogs}).failed == 0


def test_exports_are_sorted_and_say_what_they_are_for() -> None:
    assert fastlogs.torch.__all__ == sorted(fastlogs.torch.__all__)
    assert all(getattr(fastlogs.torch, name).__doc__ for name in fastlogs.torch.__all__)
