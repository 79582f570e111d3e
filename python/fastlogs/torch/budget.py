"""How often to measure so that it costs no more than a share of the training time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

# The most intervals that are left out: a slow first measurement does not end all measuring.
_LONGEST = 1024


class Budget:
    """Counts what measurements cost against what training takes, and says how many intervals to leave out.

    >>> ticks = iter([0.0, 1.0, 11.0, 12.0])
    >>> budget = Budget(0.01, clock=lambda: next(ticks))
    >>> with budget: pass
    >>> with budget: pass
    >>> budget.stride
    10
    """

    def __init__(
        self,
        share: float | None,
        *,
        clock: Callable[[], float] = time.perf_counter,
        agree: Callable[[float], float] = float,
    ) -> None:
        self.share = share
        self.clock = clock
        # All ranks have to measure at the same steps.
        self.agree = agree
        self.stride = 1
        self.seconds = 0.0
        self.overhead = 0.0
        self._ended: float | None = None
        self._began = 0.0

    def __enter__(self) -> Budget:
        self._began = self.clock()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and not issubclass(kind, Exception):
            # Interrupted: the other ranks may be, too, and agree on nothing any more.
            return
        now = self.clock()
        self.seconds = now - self._began
        if self._ended is not None:
            between = max(self._began - self._ended, 1e-9)
            self.overhead = self.seconds / (self.seconds + between)
            self._adapt(between / self.stride)
        self._ended = now

    def _adapt(self, interval: float) -> None:
        """As few intervals of that many seconds as keep the cost within its share."""
        if self.share is not None:
            needed = self.agree(self.seconds * (1 - self.share) / self.share / interval)
            self.stride = min(max(1, math.ceil(needed - 1e-9)), _LONGEST)
