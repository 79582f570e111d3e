"""Draws the critical values of `fastlogs.stats.divergence`: python benches/scan_limits.py prints the table it holds.

Independent normal bins without a difference, their spread estimated with `df` degrees of freedom; the largest
|mean| in standard errors over all suffixes (and over all stretches) of at least `least` bins; its 95 % point.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# bins, least length, degrees of freedom: what each number of bins leaves in four detrended quarters
CASES = ((64, 4, 56), (32, 2, 24), (16, 2, 8))
DRAWS, PART = 4_000_000, 20_000


def largest_suffix(bins: Floats, least: int) -> Floats:
    """The largest |mean| in standard errors over the suffixes of each row."""
    sums = np.cumsum(bins[:, ::-1], axis=1)[:, least - 1 :]
    lengths = np.arange(least, bins.shape[1] + 1)
    return np.abs(sums / np.sqrt(lengths)).max(axis=1)


def largest_stretch(bins: Floats, least: int) -> Floats:
    """The same over every stretch."""
    count = bins.shape[1]
    sums = np.concatenate([np.zeros((len(bins), 1)), np.cumsum(bins, axis=1)], axis=1)
    best = np.zeros(len(bins))
    for length in range(least, count + 1):
        stretches = np.abs(sums[:, length:] - sums[:, :-length]).max(axis=1)
        best = np.maximum(best, stretches / np.sqrt(length))
    return best


def limits(bins: int, least: int, df: int, *, draws: int = DRAWS, seed: int = 0) -> tuple[float, float]:
    """The 95 % points for suffixes and for stretches."""
    rng = np.random.default_rng(seed)
    suffixes, stretches = [], []
    for part in range(max(draws // PART, 1)):
        drawn = rng.standard_normal((PART, bins))
        spread = np.sqrt(rng.chisquare(df, PART) / df)
        suffixes.append(largest_suffix(drawn, least) / spread)
        if part % 8 == 0:  # eight times dearer, and only for description
            stretches.append(largest_stretch(drawn, least) / spread)
    both = (np.quantile(np.concatenate(values), 0.95) for values in (suffixes, stretches))
    return float(next(both)), float(next(both))


def main() -> None:
    for bins, least, df in CASES:
        suffix, stretch = limits(bins, least, df)
        print(f"    {bins}: ({least}, {suffix:.3f}, {stretch:.3f}),")


if __name__ == "__main__":
    main()
