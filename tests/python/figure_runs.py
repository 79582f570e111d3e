"""Runs to draw, of known shape, and the obvious versions of the kernels that figures use."""

from __future__ import annotations

import numpy as np
import polars as pl


def frame(steps: int = 400, *, seed: int = 0, final: float = 2.5, every: int = 20, modes: int = 0) -> pl.DataFrame:
    """A run with everything that figures show: losses, perplexity, rate, norm, speed, clock, epochs."""
    noise = np.random.default_rng(seed)
    step = np.arange(1, steps + 1)
    loss = final + 5 * np.exp(-6 * step / steps) + 0.05 * noise.normal(size=steps)
    val = np.where(step % every == 0, loss + 0.1, np.nan)
    columns = {
        "step": step,
        "epoch": 1 + 3 * (step - 1) // steps,
        "train_loss": loss,
        "val_loss": val,
        "ppl": np.exp(loss),
        "val_ppl": np.exp(val),
        "lr": 3e-4 * np.minimum(step / 20, 1) * (1.1 - step / steps),
        "grad_norm": 1 + 0.2 * noise.random(steps),
        "tok_s": 20_000 * (1 + 0.01 * noise.normal(size=steps)),
        "step_time": np.where(step < 30, 5.0, 0.5) * (1 + 0.02 * noise.random(steps)),
    }
    for mode in range(1, modes + 1):
        columns[f"mode{mode}_loss"] = loss + 0.1 * mode
        columns[f"mode{mode}_ppl"] = np.exp(loss + 0.1 * mode)
    table = pl.DataFrame(columns)
    return table.with_columns(pl.col("val_loss", "val_ppl").fill_nan(None))


def thin(x, y, columns):
    """Column by column, by hand."""
    if len(x) <= 2 * columns:
        return list(range(len(x)))
    edges = x[0] + (x[-1] - x[0]) * (np.arange(1, columns) / columns)
    column = np.searchsorted(edges, x, side="right")
    kept = {0, len(x) - 1}
    for number in np.unique(column):
        places = np.flatnonzero(column == number)
        finite = places[np.isfinite(y[places])]
        if finite.size:
            kept |= {int(finite[y[finite].argmin()]), int(finite[y[finite].argmax()])}
        else:
            kept.add(int(places[0]))
    return sorted(kept)


def mean_around(y, weight):
    """Each value's weighted mean over all that are finite, their ranks being their distance."""
    finite = np.flatnonzero(np.isfinite(y))
    means = np.array(y, dtype=float)
    for at, place in enumerate(finite):
        weights = weight ** np.abs(np.arange(finite.size) - at)
        means[place] = (weights * y[finite]).sum() / weights.sum()
    return means
