"""Tests that need torch: run where it is, demanded where FASTLOGS_TORCH says so."""

from __future__ import annotations

import importlib.util
import os

HERE = importlib.util.find_spec("torch") is not None
if not HERE and os.environ.get("FASTLOGS_TORCH") == "required":
    raise RuntimeError("torch is required and not there: python .ci/light_torch.py .torch requirements-torch.txt")
collect_ignore_glob = [] if HERE else ["*.py"]
