"""Safetensors: a length, a JSON header, then the numbers of every tensor."""

from __future__ import annotations

import json
import math
import os
from typing import Any

from fastlogs.errors import DamagedFile
from fastlogs.model.checkpoint.entry import Entry

# What the format allows a header to be.
_LONGEST = 100_000_000
_NAMES = {"F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16"}
_BITS = {"F64": 64, "F32": 32, "F16": 16, "BF16": 16}


def entries(path: str) -> dict[str, Entry]:
    """The tensors of a file by name; refuses a header that does not fit the file."""
    size = os.path.getsize(path)
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if size < 8 or length > min(_LONGEST, size - 8):
            raise DamagedFile(f"no safetensors header in {path}", path=path, offset=0)
        header = _parsed(file.read(length), path)
    start = 8 + length
    return {name: _entry(path, name, told, start, size) for name, told in header.items() if name != "__metadata__"}


def _parsed(text: bytes, path: str) -> dict[str, Any]:
    try:
        header = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DamagedFile(f"the safetensors header of {path} is no JSON: {error}", path=path, offset=8) from error
    if not isinstance(header, dict):
        raise DamagedFile(f"the safetensors header of {path} is no object", path=path, offset=8)
    return header


def _entry(path: str, name: str, told: Any, start: int, size: int) -> Entry:
    try:
        shape = tuple(int(n) for n in told["shape"])
        begin, end = (int(at) for at in told["data_offsets"])
        kind = str(told["dtype"])
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedFile(f"tensor '{name}' of {path} is described in no known way", path=path) from error
    if not 0 <= begin <= end <= size - start or min(shape, default=0) < 0:
        raise DamagedFile(f"tensor '{name}' lies outside of {path}", path=path)
    if kind in _BITS and math.prod(shape) * _BITS[kind] != 8 * (end - begin):
        raise DamagedFile(f"tensor '{name}' of {path} has {end - begin} bytes for {kind} {list(shape)}", path=path)
    return Entry(path, start + begin, _NAMES.get(kind, kind.lower()), shape)
