"""How much memory a read holds beside what its imports took, whatever the size of the log.

python benches/memory.py stream|summary|read PATH
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

BASE_MB, THREAD_MB = 12, 2
# A kept table, for each byte of its Arrow columns.
KEPT = 1.15


def allowed_mb(table_mb: float = 0) -> float:
    return BASE_MB + THREAD_MB * (os.cpu_count() or 1) + KEPT * table_mb


def status_mb(what: str) -> float:
    text = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith(what)) / 1024


def consume(way: str, path: str) -> float:
    """Reads in one of the ways and gives the size of what it kept, in MB."""
    import fastlogs

    match way:
        case "stream":
            for _ in fastlogs.stream(path):
                pass
            return 0
        case "summary":
            return fastlogs.read(path, layout="summary").estimated_size() / 2**20
        case "read":
            return fastlogs.read(path).estimated_size() / 2**20
    raise SystemExit(__doc__)


def main(way: str, path: str) -> None:
    import polars  # noqa: F401  its import is not what is measured
    from fastlogs import _lazy, _read  # noqa: F401

    Path("/proc/self/clear_refs").write_text("5")
    before = status_mb("VmRSS")
    table_mb = consume(way, path)
    print(json.dumps({"above_mb": status_mb("VmHWM") - before, "table_mb": table_mb}))


if __name__ == "__main__":
    main(*sys.argv[1:])
