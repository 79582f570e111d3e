"""Logs written by somebody who had not seen the reader, with their truth; `held` was first scored when all was done.

A name like `'loss` asks only that the found name begins or ends so. Where a person could write down every drawing of a
bar or only its last, `OTHERS` has the second truth.
"""

from __future__ import annotations

from . import held, open, second
from .writer import LOGS, OTHERS, written

__all__ = ["LOGS", "OTHERS", "held", "open", "second", "written"]
