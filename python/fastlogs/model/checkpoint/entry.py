"""A tensor in a file: where its numbers are, read in pieces when they are asked for."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from fastlogs.errors import DamagedFile

# numpy has no bfloat16: its bits are read as whole numbers, which the kernel knows.
DTYPES: dict[str, np.dtype[Any]] = {
    "float64": np.dtype("<f8"),
    "float32": np.dtype("<f4"),
    "float16": np.dtype("<f2"),
    "bfloat16": np.dtype("<u2"),
}
# Numbers read at a time.
PIECE = 1 << 22


@dataclass(frozen=True, slots=True)
class Entry:
    """A tensor's type and shape, and the bytes of a file that hold it; strides count numbers, none means row by row."""

    path: str
    offset: int
    dtype: str
    shape: tuple[int, ...]
    strides: tuple[int, ...] | None = None

    @property
    def size(self) -> int:
        """How many numbers there are."""
        return math.prod(self.shape)

    @property
    def is_float(self) -> bool:
        """Whether it can be measured."""
        return self.dtype in DTYPES

    def pieces(self) -> Iterator[Any]:
        """Its numbers as flat arrays, one after another; of bfloat16 their bits."""
        if self.strides is not None and not _row_major(self.shape, self.strides):
            flat = self.array().reshape(-1)
            yield from (flat[at : at + PIECE] for at in range(0, len(flat), PIECE))
            return
        kind = DTYPES[self.dtype]
        with open(self.path, "rb") as file:
            file.seek(self.offset)
            for start in range(0, self.size, PIECE):
                yield self._read(file, kind, min(PIECE, self.size - start))

    def array(self) -> Any:
        """All its numbers in their shape."""
        kind = DTYPES[self.dtype]
        strides = self.strides if self.strides is not None else row_major(self.shape)
        spanned = 1 + sum((n - 1) * s for n, s in zip(self.shape, strides, strict=True)) if self.size else 0
        with open(self.path, "rb") as file:
            file.seek(self.offset)
            flat = self._read(file, kind, spanned)
        return np.lib.stride_tricks.as_strided(flat, self.shape, [s * kind.itemsize for s in strides], writeable=False)

    def _read(self, file: Any, kind: np.dtype[Any], count: int) -> Any:
        values = np.fromfile(file, dtype=kind, count=count)
        if len(values) < count:
            raise DamagedFile(f"a tensor of {self.size:,} numbers ends early in {self.path}", path=self.path)
        return values


def row_major(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The strides of a tensor that lies row by row.

    >>> row_major((2, 3))
    (3, 1)
    """
    return tuple(math.prod(shape[at + 1 :]) for at in range(len(shape)))


def _row_major(shape: tuple[int, ...], strides: tuple[int, ...]) -> bool:
    wanted = row_major(shape)
    return all(s == w or n == 1 for n, s, w in zip(shape, strides, wanted, strict=True)) or 0 in shape
