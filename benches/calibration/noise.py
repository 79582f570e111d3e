"""Series as training logs have them, with a truth that is known: losses, step times, spikes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter

Floats = npt.NDArray[np.float64]

SD = 0.05
# Enough for the slowest memory to forget how it began.
_BEFORE = 3_000


@dataclass(frozen=True)
class Noise:
    """Noise of unit spread: what its shocks look like, how long it remembers them, whether it fades along the run."""

    rho: float = 0.0
    shocks: str = "normal"
    # This share of the variance remembers, the rest is new at every step.
    slow: float = 1.0
    # The spread at the start over that at the end; their mean square is 1.
    fades: float = 1.0

    @property
    def long_run(self) -> float:
        """The variance of the mean of many values, times their number; at the end of the run where noise fades."""
        steady = (1 - self.slow) + self.slow * (1 + self.rho) / (1 - self.rho)
        return steady * self._levels(2)[-1] ** 2

    def draw(self, rng: np.random.Generator, n: int) -> Floats:
        drawn = math.sqrt(self.slow) * _remembered(rng, n, self.rho, self.shocks)
        if self.slow < 1:
            drawn = drawn + math.sqrt(1 - self.slow) * rng.standard_normal(n)
        return drawn * self._levels(n)

    def _levels(self, n: int) -> Floats:
        levels = np.linspace(self.fades, 1.0, n)
        whole = math.sqrt((self.fades**2 + self.fades + 1) / 3)
        return levels / whole


def _remembered(rng: np.random.Generator, n: int, rho: float, shocks: str) -> Floats:
    """First-order autoregression: each value keeps `rho` of the one before."""
    if rho == 0:
        return SHOCKS[shocks](rng, n)
    drawn = SHOCKS[shocks](rng, n + _BEFORE)
    filtered: Floats = lfilter([math.sqrt(1 - rho * rho)], [1.0, -rho], drawn)
    return filtered[_BEFORE:]


def _normal(rng: np.random.Generator, n: int) -> Floats:
    return rng.standard_normal(n)


def _heavy(rng: np.random.Generator, n: int) -> Floats:
    """Student's t with three degrees of freedom, whose variance is 3."""
    return rng.standard_t(3, n) / math.sqrt(3)


def _skewed(rng: np.random.Generator, n: int) -> Floats:
    """A gamma of shape 4: mean 4, spread 2, a long tail upwards."""
    return (rng.gamma(4.0, 1.0, n) - 4) / 2


def _spiky(rng: np.random.Generator, n: int) -> Floats:
    """One step in two hundred is ten spreads too high: mean 0.05, variance 1.4975."""
    drawn = rng.standard_normal(n) + 10.0 * (rng.random(n) < 0.005)
    return (drawn - 0.05) / math.sqrt(1 + 0.5 - 0.0025)


def _bursts(rng: np.random.Generator, n: int) -> Floats:
    """The spread itself wanders, by a third either way."""
    return rng.standard_normal(n) * np.exp(0.3 * _remembered(rng, n, 0.95, "normal") - 0.09)


SHOCKS = {"normal": _normal, "t3": _heavy, "skewed": _skewed, "spiky": _spiky, "bursts": _bursts}


def curve(n: int) -> Floats:
    """A loss that falls as a power of the step towards 2.6."""
    return 2.6 + 6.0 * (np.arange(1, n + 1) + 50.0) ** -0.35


def resumed(rng: np.random.Generator, noise: Noise, n: int, times: int) -> tuple[Floats, Floats]:
    """(step, loss) of a run that died and went on from a fiftieth earlier, with new noise."""
    steps, values = [], []
    start = 0
    for end in [*sorted(rng.integers(n // 10, n - n // 50, times).tolist()), n]:
        steps.append(np.arange(start + 1.0, end + 1.0))
        values.append(curve(n)[start:end] + SD * noise.draw(rng, n)[start:end])
        start = max(end - n // 50, 0)
    return np.concatenate(steps), np.concatenate(values)


def step_times(rng: np.random.Generator, n: int, *, stalls: float = 0.01, slow_start: int = 0) -> Floats:
    """Seconds a step: 0.7 with 2 % of jitter that remembers, some stalls, perhaps a start that is slow."""
    times = 0.7 * np.exp(0.02 * _remembered(rng, n, 0.5, "normal"))
    stalled = rng.random(n) < stalls
    times[stalled] *= 1.1 + 0.3 * rng.pareto(1.5, int(stalled.sum()))
    if slow_start:
        at = np.arange(n)
        times += 0.7 * np.exp(-at / (slow_start / 3)) * (at < slow_start)
        times[0] += 14.0
    return times


def spiked(rng: np.random.Generator, loss: Floats, count: int, *, height: float = 15.0) -> tuple[Floats, list[int]]:
    """A loss with spikes that die away over ten steps, and their places, never near one another or an end."""
    n = loss.size
    places = sorted(rng.choice(np.arange(300, n - 300, 200), count, replace=False).tolist())
    loss = loss.copy()
    for place in places:
        loss[place:] += SD * height * np.exp(-np.arange(n - place) / 10)
    return loss, places


def apart(n: int, onset: int, shape: str, size: float) -> Floats:
    """A difference that begins at `onset` and whose mean from there on is `size`."""
    since = np.clip(np.arange(n) - onset, 0.0, None)
    after = np.arange(n) >= onset
    if shape == "jump":
        return size * after
    grown = 2 * since / (n - onset) if shape == "ramp" else after * (1 - np.exp(-8 * since / (n - onset)))
    return size * grown * (1.0 if shape == "ramp" else 8 / 7)
