"""Shards: the runs below a root dealt out to many machines, the same way on each, without a word between them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastlogs.errors import UsageError

if TYPE_CHECKING:
    from fastlogs._run import Run


@dataclass(frozen=True)
class Shard:
    """The k-th of n parts, from 1.

    >>> Shard.of("3/64")
    Shard(part=3, parts=64)
    """

    part: int
    parts: int

    @staticmethod
    def of(text: str) -> Shard:
        """A shard as people write it; refused when it is none of its parts."""
        found = re.fullmatch(r"(\d+)/(\d+)", text)
        shard = Shard(int(found[1]), int(found[2])) if found else Shard(0, 0)
        if not 1 <= shard.part <= shard.parts:
            raise UsageError(f"wanted a shard such as 3/64, from 1/64 to 64/64, found '{text}'")
        return shard

    def takes(self, run: Run) -> bool:
        """Whether a run is of this part: by its key alone, so that runs that come later move no other."""
        return zlib.crc32(key_of(run).encode("utf-8", "surrogateescape")) % self.parts == self.part - 1

    def among(self, runs: Iterable[Run]) -> list[Run]:
        """The runs of this part."""
        return [run for run in runs if self.takes(run)]


def key_of(run: Run) -> str:
    """What a run is called wherever its root lies: its path below that."""
    return run.place.key if run.place.key not in ("", ".") else run.name
