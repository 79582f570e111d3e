"""The examples in the docstrings run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import fastlogs.stats
import numpy as np
import pytest

NAMES = sorted(f"fastlogs.stats.{module.name}" for module in pkgutil.walk_packages(fastlogs.stats.__path__))


@pytest.mark.parametrize("name", NAMES)
def test_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name), extraglobs={"np": np}).failed == 0
