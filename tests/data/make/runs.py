"""Folders of runs as trackers and trainers leave them: settings, sparse CSVs, checkpoints."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

HEADER = "step,epoch,train_loss,train_perplexity,mode1_loss,mode1_ppl,learning_rate"


def train_loss(step: int, scale: float = 1.0) -> float:
    return scale * (2 + 3 / (1 + step / 10))


def sparse_csv(steps: int = 40, every: int = 10, scale: float = 1.0) -> str:
    """A row a step, and every tenth step a second row of it that has the evaluation and leaves training empty."""
    rows = [HEADER]
    for step in range(1, steps + 1):
        loss = train_loss(step, scale)
        rows.append(f"{step},{step // 20},{loss!r},{loss * 10!r},,,0.001")
        if step % every == 0:
            rows.append(f"{step},{step // 20},,,{loss / 2!r},{loss * 5!r},")
    return "\n".join(rows) + "\n"


def experiment(
    folder: Path,
    config: Mapping[str, object] | None = None,
    *,
    metrics: str = "logs/metrics.csv",
    scale: float = 1.0,
    checkpoints: tuple[int, ...] = (),
) -> Path:
    """One run: its settings, its metrics, its checkpoints."""
    (folder / metrics).parent.mkdir(parents=True, exist_ok=True)
    (folder / metrics).write_text(sparse_csv(scale=scale))
    if config is not None:
        (folder / "config.json").write_text(json.dumps(config))
    for step in checkpoints:
        (folder / "checkpoints").mkdir(exist_ok=True)
        (folder / "checkpoints" / f"checkpoint_{step}.pt").write_bytes(b"weights")
    return folder
