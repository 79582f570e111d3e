"""The command line: `fastlogs PATH` and its verbs."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def main(args: Sequence[str] | None = None) -> None:
    """Runs a command line and exits: 0 done, 1 the answer is no, 2 could not, 130 interrupted."""
    # OpenBLAS else spins for a thirtieth of a second on every core after each long product.
    os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "4")
    from fastlogs._cli.app import run
    from fastlogs._cli.limits import guarded, is_limited

    given = sys.argv[1:] if args is None else list(args)
    sys.exit(guarded(lambda: run(given)) if is_limited() else run(given))
