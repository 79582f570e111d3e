"""Draws the pictures of figures.md from runs of our own making: python docs/make_figures.py"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl
from fastlogs.plot import FIGURES, plot
from fastlogs.plot.drawn import find
from PIL import Image

FOLDER = Path(__file__).parent / "figures"
DPI = 72
COLOURS = 96


def wander(noise: np.random.Generator, steps: int, sd: float) -> np.ndarray:
    """Noise that remembers, as that of losses does."""
    white, out = noise.normal(0, sd, steps), np.zeros(steps)
    for i in range(1, steps):
        out[i] = 0.6 * out[i - 1] + white[i]
    return out


def run(
    path: Path, *, seed: int, final: float, steps: int = 3000, spike: bool = False, speed: float = 20_000.0
) -> Path:
    """A language model's run as CSV: losses, perplexities of three tasks, rate, norm, throughput, step time."""
    noise = np.random.default_rng(seed)
    step = np.arange(1, steps + 1)
    share = step / steps
    loss = final + 6.5 * np.exp(-14 * share) + 1.1 * np.exp(-3 * share) + wander(noise, steps, 0.04)
    if spike:
        loss[steps // 2 : steps // 2 + 15] += np.linspace(2, 0, 15)
    stalls = np.where(noise.random(steps) < 0.008, 3.0, 1.0) * np.where(step < 40, 6.0, 1.0)
    time = 8000 / speed * stalls * (1 + 0.02 * noise.normal(size=steps))
    evaluated = step % (steps // 24) == 0
    columns = {
        "step": step,
        "epoch": 1 + np.minimum(4 * (step - 1) // steps, 3),
        "train_loss": loss,
        "val_loss": np.where(evaluated, loss + 0.08 + 0.1 * share, np.nan),
        "ppl": np.exp(loss),
        "lr": 3e-4 * np.minimum(step / (0.03 * steps), 1) * (0.1 + 0.45 * (1 + np.cos(np.pi * share))),
        "grad_norm": 0.6 + 2.2 * np.exp(-10 * share) + np.abs(noise.normal(0, 0.18, steps)),
        "tok_s": 8000 / time,
        "step_time": time,
    }
    for task in range(1, 4):
        own = loss + 0.15 * task - (2.9 - final) * (0.4 * task - 0.5) * np.sqrt(share)
        columns[f"task{task}_loss"] = np.where(step % 10 == 0, own, np.nan)
        columns[f"task{task}_ppl"] = np.where(step % 10 == 0, np.exp(own), np.nan)
    path.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(columns).fill_nan(None).write_csv(path)
    return path


def sweep(folder: Path, runs: int = 120) -> Path:
    """Runs whose settings vary on purpose."""
    noise = np.random.default_rng(5)
    for at in range(runs):
        settings = {
            "learning_rate": float(10 ** noise.uniform(-5, -2.3)),
            "weight_decay": float(noise.choice([0.0, 0.01, 0.1])),
            "batch_size": int(noise.choice([32, 64, 128])),
            "dropout": round(float(noise.uniform(0.0, 0.4)), 3),
            "optimizer": str(noise.choice(["adamw", "lion", "sgd"])),
        }
        # The best rate of one optimiser is ten times that of the others.
        best = -3.8 + (settings["optimizer"] == "sgd")
        bowl = 0.35 * (np.log10(settings["learning_rate"]) - best) ** 2
        final = 2.6 + bowl + 0.6 * settings["dropout"] + 0.03 * noise.normal()
        place = folder / f"run{at:02d}"
        place.mkdir(parents=True)
        (place / "config.json").write_text(json.dumps(settings))
        step = np.arange(10, 810, 10)
        loss = final + 4 * np.exp(-step / 120) + 0.02 * noise.normal(size=step.size)
        time = settings["batch_size"] / 400 + 0.002 * noise.random(step.size)
        pl.DataFrame({"step": step, "train_loss": loss, "step_time": time}).write_csv(place / "metrics.csv")
    return folder


def given(name: str, base: Path, rotary: Path, folder: Path) -> list[Path]:
    """What each figure is drawn of."""
    if name in ("correlation", "parallel") or find(name).takes == "sweep":
        return [folder / "sweep"]
    if name == "seeds":
        return [folder / "before", folder / "after"]
    return [base] if find(name).takes == "run" else [base, rotary]


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        base = run(folder / "baseline.csv", seed=1, final=2.9)
        rotary = run(folder / "rotary.csv", seed=2, final=2.78, spike=True, speed=17_500.0)
        sweep(folder / "sweep")
        for arm, final in (("before", 2.9), ("after", 2.86)):
            for seed in range(5):
                nudge = 0.012 * np.random.default_rng(seed + len(arm)).normal()
                run(folder / arm / f"seed_{seed}.csv", seed=10 * seed + len(arm), final=final + nudge, steps=600)
        for name in sys.argv[1:] or FIGURES:
            path = FOLDER / f"{name}.png"
            plot(name, *map(str, given(name, base, rotary, folder)), output=path, dpi=DPI)
            Image.open(path).convert("RGB").quantize(COLOURS).save(path, optimize=True)
            sys.stdout.write(f"{path.stat().st_size / 1000:6.1f} kB  {name}\n")


if __name__ == "__main__":
    main()
