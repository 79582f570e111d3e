"""One object: its URL, and what a listing says of it; read whole, by its end, or from any place on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from fastlogs._cloud.store import opened_store, split, telling

_Asked = TypeVar("_Asked")
_Given = TypeVar("_Given")
# So many are asked for at once.
THREADS = 16
# An unended last line of a file within a folder of metrics, as the engine marks it.
_OPEN = b" ...\n"


@dataclass(frozen=True, slots=True)
class Object:
    """An object as a listing has it; its `tag` changes with its bytes."""

    url: str
    size: int
    tag: str = ""
    # Seconds since 1970.
    written: float = 0.0

    def __str__(self) -> str:
        return self.url

    def part(self, begin: int, end: int) -> bytes:
        """Some of its bytes; refused when it is no longer what the listing said."""
        root, path = split(self.url)
        with telling(self.url):
            import obstore

            asked: Any = {"range": (begin, end)} if (begin, end) != (0, self.size) else {}
            if self.tag:
                asked["if_match"] = self.tag
            return bytes(obstore.get(opened_store(root), path, options=asked).bytes())

    def whole(self) -> bytes:
        """All its bytes."""
        return self.part(0, self.size) if self.size else b""

    def head(self, size: int) -> bytes:
        """Its first bytes."""
        return self.part(0, min(size, self.size)) if self.size else b""

    def tail(self, size: int) -> bytes:
        """Its last bytes, without those before."""
        return self.part(max(self.size - size, 0), self.size) if self.size else b""


@dataclass(frozen=True, slots=True)
class Gathered:
    """A folder that is one log or one file of settings: its objects by their names in it."""

    url: str
    members: tuple[tuple[str, Object], ...]

    def __str__(self) -> str:
        return self.url

    @property
    def size(self) -> int:
        return sum(found.size for _, found in self.members)

    @property
    def written(self) -> float:
        return max((found.written for _, found in self.members), default=0.0)

    @property
    def tag(self) -> str:
        return "\n".join(f"{name} {found.size} {found.tag}" for name, found in self.members)

    def parts(self) -> list[tuple[str, bytes]]:
        """The bytes of each, read side by side."""
        names, objects = [name for name, _ in self.members], [found for _, found in self.members]
        return list(zip(names, side_by_side(Object.whole, objects), strict=True))

    def whole(self) -> bytes:
        """Each under its name, as the engine reads a folder of metrics."""
        text = b""
        for name, data in self.parts():
            plain = next((name.removesuffix(end) for end in (".tsv", ".csv", ".txt") if name.endswith(end)), name)
            text += (b"" if not text or text.endswith(b"\n") else _OPEN) + f"==> {plain} <==\n".encode() + data
        return text

    def head(self, size: int) -> bytes:
        """Its first bytes."""
        return self.whole()[:size]

    def tail(self, _size: int) -> bytes:
        """Nothing: a folder has no end."""
        return b""


def side_by_side(ask: Callable[[_Asked], _Given], asked: Iterable[_Asked]) -> list[_Given]:
    """The answer to each, in order; while one waits for its server, others do too."""
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(ask, asked))
