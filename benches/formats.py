"""How fast each format of the catalogue is read, on a log made of its own examples over and over.

python benches/formats.py [MEGABYTES]
"""

from __future__ import annotations

import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import fastlogs


def examples(format: fastlogs.Format) -> bytes:
    """The example lines as one stretch of a log."""
    said = tomllib.loads(format.toml).get("example", [])
    lines = [line for example in said for line in example.get("lines", [example.get("line", "")])]
    return "".join(f"{line}\n" for line in lines).encode()


def measured(format: fastlogs.Format, size: int) -> str:
    """The smallest of three: rows, and megabytes a second of CPU."""
    once = examples(format)
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        log.write(once * max(1, size // max(1, len(once))))
        log.flush()
        taken = [read(log.name, format) for _ in range(3)]
        seconds, rows = min(taken)
        return f"{format.name:24} {Path(log.name).stat().st_size / 1e6 / seconds:8.0f} {rows:10,}"


def read(path: str, format: fastlogs.Format) -> tuple[float, int]:
    # Examples begin again and again, which is a restart; kept long, that costs nothing.
    begun = time.process_time()
    rows = sum(len(batch) for batch in fastlogs.stream(path, format=format.name, layout="long", restarts="keep"))
    return time.process_time() - begun, rows


def lines(size: int) -> Iterator[str]:
    yield f"{'format':24} {'MB/cpu s':>8} {'rows':>10}"
    for format in fastlogs.formats():
        try:
            yield measured(format, size)
        except fastlogs.FastlogsError as refused:
            yield f"{format.name:24} {str(refused).splitlines()[0][:80]}"


if __name__ == "__main__":
    for line in lines(int(float(sys.argv[1] if len(sys.argv) > 1 else 16) * 1e6)):
        print(line, flush=True)
