"""How a threshold is written in a key."""

from __future__ import annotations


def label(threshold: float) -> str:
    """One digit and an exponent, more digits only where one is not the whole number: no two thresholds share a label.

    >>> [label(t) for t in (0.0, 1e-6, 1.5e-6, 2e-6, 2.4e-6)]
    ['0e+00', '1e-06', '1.5e-06', '2e-06', '2.4e-06']
    """
    written = (f"{threshold:.{digits}e}" for digits in range(18))
    return next((text for text in written if float(text) == threshold), repr(threshold))
