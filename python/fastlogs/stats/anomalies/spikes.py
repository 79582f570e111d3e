"""Spikes of the loss and explosions of the gradient: points far above the running median that last."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from fastlogs.stats.anomalies.register import Anomaly, Series, detector
from fastlogs.stats.anomalies.samples import holding, log_noise, noise
from fastlogs.stats.bins import median, running_median
from fastlogs.stats.floats import MAD_TO_SD, Flags, Floats

_WIDTH, _WIDE = 51, 401  # points of the running median, and of the running scale
_HIGH, _RAISED, _BACK = 5.0, 2.5, 3.0  # scaled MADs: a spike's top, what its next points hold, where it is over
_NEXT, _LASTING = 5, 3  # of the next five points three are raised
_GAP = 20  # points between two events


def blips(y: Floats) -> int:
    """How many lone points stand out without lasting: counted, and no cause for worry.

    >>> y = np.random.default_rng(0).normal(3, 0.05, 500)
    >>> y[300] += 1
    >>> blips(y)
    1
    """
    z = _scores(y[np.isfinite(y)])[0]
    return int((_tops(z) & ~_lasting(z)).sum())


def _scores(y: Floats) -> tuple[Floats, Floats]:
    """How far each point is above the running median, in the spread around it and as it is.

    Mirrored ends make no false events.
    """
    if len(y) <= _WIDTH:
        return np.zeros(len(y)), np.zeros(len(y))
    off = y - running_median(y, _WIDTH, mirror=True)
    away = np.abs(off)
    local = running_median(away, min(_WIDE, len(y) // 4 * 2 + 1), mirror=True)
    # Where the noise seems to vanish (values that repeat), a quarter of the usual is still noise.
    np.maximum(local, 0.25 * median(away), out=local)
    local *= MAD_TO_SD
    local += 1e-300
    return np.divide(off, local, out=local), off


def _tops(z: Floats) -> Flags:
    """Points that stand out; the first have no median of their own and never do."""
    tops = z > _HIGH
    tops[:_WIDTH] = False
    return tops


def _lasting(z: Floats) -> Flags:
    raised = np.concatenate([[0], np.cumsum(z > _RAISED), np.zeros(_NEXT, dtype=int)])
    raised[len(z) + 1 :] = raised[len(z)]
    after: Flags = raised[1 + _NEXT :] - raised[1 : len(z) + 1] >= _LASTING
    return after


def _spikes(kind: str, x: Floats, y: Floats, z: Floats, tops: Flags) -> Iterator[Anomaly]:
    """Events among the points that stand out and last, near ones taken together."""
    places = np.flatnonzero(tops)
    if not len(places):
        return
    calm = _calm(z)
    starts = places[np.concatenate([[True], np.diff(places) > _GAP])]
    ends = np.concatenate([starts[1:], [len(z)]])
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        over = calm[np.searchsorted(calm, start)] if len(calm) and calm[-1] >= start else len(z)
        last = max(min(int(over), end) - 1, start)
        top = start + int(z[start : last + 1].argmax())
        recovered = float(x[over] - x[start]) if over < len(z) else None
        note = "" if recovered is not None else "not back by the end"
        yield Anomaly(kind, float(x[start]), float(x[last]), float(z[top]), float(y[top]), recovered, note)


def _calm(z: Floats) -> npt.NDArray[np.intp]:
    """Where five points in a row are back; a shorter rest at the end counts when all of it is."""
    low = np.concatenate([z < _BACK, np.ones(_NEXT - 1, dtype=bool)])
    rows = np.lib.stride_tricks.sliding_window_view(low, _NEXT).all(axis=1)
    return np.flatnonzero(rows)


def _spiked() -> Series:
    x, y = noise()
    y[600:] += 0.75 * np.exp(-np.arange(400) / 10)
    return x, y


def _blipped() -> Series:
    return holding(slice(600, 601), 5.0)


@detector("loss_spike", "loss", fires=_spiked, quiet=_blipped)
def _loss_spikes(x: Floats, y: Floats) -> Iterator[Anomaly]:
    z, _ = _scores(y)
    tops = _tops(z)
    if tops.any():
        yield from _spikes("loss_spike", x, y, z, tops & _lasting(z))


def _exploded() -> Series:
    x, y = log_noise()
    y[600:610] *= 100
    return x, y


def _tripled() -> Series:
    x, y = log_noise()
    y[600:610] *= 5
    return x, y


@detector("grad_explosion", "grad_norm", fires=_exploded, quiet=_tripled)
def _grad_explosions(x: Floats, y: Floats) -> Iterator[Anomaly]:
    """A spike of the log that is over ten times the running median."""
    there = y > 0
    x, y = (x, y) if there.all() else (x[there], y[there])
    z, off = _scores(np.log(y))
    tops = _tops(z)
    if tops.any():
        yield from _spikes("grad_explosion", x, y, z, tops & _lasting(z) & (off > np.log(10)))
