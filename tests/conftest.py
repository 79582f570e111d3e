"""Small logs of our own making, as fixtures."""

from __future__ import annotations

import importlib.util
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

SEED = 7

# Tests in a training loop run where torch is, and are demanded where FASTLOGS_TORCH says so.
TORCH = importlib.util.find_spec("torch") is not None
if not TORCH and os.environ.get("FASTLOGS_TORCH") == "required":
    raise RuntimeError("torch is required and not there: python .ci/light_torch.py .torch requirements-torch.txt")
collect_ignore_glob = [] if TORCH else ["python/in_training/*.py"]


def nanogpt(steps: int = 100, *, seed: int = SEED, effect: float = 0.0) -> str:
    """A nanoGPT log: a line a step, an evaluation every 50; `effect` is added to its loss."""
    noise = random.Random(seed)
    lines = ["number of parameters: 123.59M"]
    for step in range(steps):
        loss = 3 + 8 / (step + 1) + noise.gauss(0, 0.01) + effect
        if step % 50 == 0:
            lines.append(f"step {step}: train loss {loss:.4f}, val loss {loss + 0.1:.4f}")
        lines.append(
            f"iter {step}: loss {loss:.4f}, time {130 + noise.random():.2f}ms, mfu 41.{noise.randrange(10, 99)}%"
        )
    return "\n".join(lines) + "\n"


@pytest.fixture(autouse=True, scope="session")
def _kept_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is kept of runs lies in a folder of the tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FASTLOGS_CACHE", str(tmp_path_factory.mktemp("kept")))
        yield


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A nanoGPT log of 100 steps."""
    path = tmp_path / "train.log"
    path.write_text(nanogpt())
    return path


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """A folder of three runs, a sub-folder each."""
    for seed in range(3):
        folder = tmp_path / "runs" / f"seed{seed}"
        folder.mkdir(parents=True)
        (folder / "train.log").write_text(nanogpt(40, seed=seed))
    return tmp_path / "runs"
