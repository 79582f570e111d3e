"""Logs in the shapes of the five reference documents, with the numbers that they print."""

from __future__ import annotations

import json
import math
import random
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Atlas:
    """An Atlas-MAG log: `rows` are (step, tokens in M, loss, ppl, grad norm, tok/s) as printed, `val` (loss, ppl)."""

    text: str
    rows: list[tuple[int, float, float, float, float, int]] = field(default_factory=list)
    val: list[tuple[float, float]] = field(default_factory=list)

    def column(self, at: int) -> list[float]:
        return [row[at] for row in self.rows]


def atlas(points: int = 300, *, seed: int = 0, effect: float = 0.0, mode: str = "MEMORY", val_every: int = 50) -> Atlas:
    """A line each 10 steps, a validation line behind every so many lines (0: never)."""
    noise = random.Random(seed)
    made = Atlas(f"Config: dim=512, layers=6, heads=8\nMode: {mode}\n")
    for k in range(1, points + 1):
        loss = 2.5 + 6 * (k + 10) ** -0.5 + noise.gauss(0, 0.03) + effect
        row = (10 * k, 0.2 * k, loss, math.exp(loss), 1 + noise.random(), 20_000 + noise.randrange(900))
        printed = (f"{row[0]}", f"{row[1]:.1f}", f"{row[2]:.4f}", f"{row[3]:.2f}", f"{row[4]:.2f}", f"{row[5]}")
        step, tokens, lm, ppl, norm, speed = printed
        made.text += (
            f"[Epoch 1/3] Step {step} | Tokens: {tokens}M | LM Loss: {lm} | Polar: 2.7497 | PPL: {ppl} | LR: 3.00e-04 | "
            f"GradNorm: {norm} | Gate std: 0.0838 | Tok/s: {speed}\n"
        )
        made.rows.append((int(step), float(tokens), float(lm), float(ppl), float(norm), int(speed)))
        if val_every and k % val_every == 0:
            pair = f"{loss + 0.1:.4f}", f"{math.exp(loss + 0.1):.2f}"
            made.text += f"  [Validation] Loss: {pair[0]}, PPL: {pair[1]}, Train/Val Gap: 1.11x\n"
            made.val.append((float(pair[0]), float(pair[1])))
    return made


@dataclass
class Timed:
    """A tt-train log: losses and step times (ms) as printed."""

    text: str
    losses: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)


def tt_train(
    steps: int = 300, *, seed: int = 0, ms: float = 700.0, one_line: bool = False, start: int = 1, effect: float = 0.0
) -> Timed:
    """The older shape of two lines a step, whose last has no time, or the newer of one; the first step compiles."""
    noise = random.Random(seed)
    made = Timed("")
    for k in range(start, start + steps):
        raw = 2.5 + 6 * (k + 10) ** -0.5 + noise.gauss(0, 0.05) + effect
        loss = f"{round(raw * 128) / 128:.8g}"
        time = f"{87_819.168 if k == start else ms + noise.gauss(0, 4):.3f}"
        made.losses.append(float(loss))
        if one_line:
            made.text += f"Step: {k}, Loss: {loss}, Time: {time} ms, cache entries: 42\n"
            made.times.append(float(time))
            continue
        made.text += f"dataloader step time 0.365 ms\nStep: {k}, Loss: {loss}\n"
        if k < start + steps - 1:
            made.text += f"Full step time {time} ms, cache entries: 91\n"
            made.times.append(float(time))
    return made


@dataclass
class Sparse:
    """A run folder with interleaved train and eval rows: (step, train loss), (step, eval loss) as written."""

    train: list[tuple[int, float]] = field(default_factory=list)
    evals: list[tuple[int, float]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def experiment(
    folder: Path,
    points: int = 200,
    *,
    seed: int = 0,
    factor: float = 1.0,
    place: str = "metrics.csv",
    config: dict[str, object] | None = None,
    modes: int = 5,
) -> Sparse:
    """Writes metrics.csv: an eval row every second point repeats the step and leaves the train columns empty."""
    noise = random.Random(seed)
    made = Sparse()
    names = [f"mode{k}_{what}" for k in range(1, modes + 1) for what in ("loss", "ppl")]
    lines = [",".join(["step", "epoch", "train_loss", "train_perplexity", *names, "time_elapsed_seconds"])]
    for k in range(1, points + 1):
        loss = (3 + 5 * (k + 5) ** -0.5) * factor + noise.gauss(0, 0.03)
        made.train.append((10 * k, loss))
        made.seconds.append(18.5 * k)
        lines.append(f"{10 * k},{1 + k // 100},{loss!r},{math.exp(loss)!r}{',' * len(names)},{18.5 * k}")
        if k % 2 == 0:
            at = [loss + 0.1 * mode for mode in range(1, modes + 1)]
            made.evals.append((10 * k, at[1]) if modes > 1 else (10 * k, loss))
            lines.append(f"{10 * k},{1 + k // 100},,," + ",".join(f"{v!r},{math.exp(v)!r}" for v in at) + ",")
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")
    if config is not None:
        (folder / "config.json").write_text(json.dumps(config))
    return made
