"""One object: its URL, and what a listing says of it; read whole, by its end, or from any place on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from fastlogs._cloud.store import opened_store, split, telling
from fastlogs.errors import FastlogsError

_Asked = TypeVar("_Asked")
_Given = TypeVar("_Given")
# What comes at once is kept when the next does not come.
_PIECE = 64 << 10
# So many are asked for at once.
THREADS = 16
# An unended last line of a file within a folder of metrics, as the engine marks it.
_OPEN = b" ...\n"


class Came(NamedTuple):
    """The bytes that came, and why no more did."""

    data: bytes
    broke: FastlogsError | None = None

    def whole(self) -> bytes:
        """All that was asked for; raises what broke it off."""
        if self.broke is not None:
            raise self.broke
        return self.data


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
        return self.upto(begin, end).whole()

    def upto(self, begin: int, end: int) -> Came:
        """The same as far as they come: where the server breaks off it is asked once more for what is missing."""
        came = self._asked(begin, end)
        if came.broke is None or not came.data:
            return came
        rest = self._asked(begin + len(came.data), end)
        return Came(came.data + rest.data, rest.broke)

    def _asked(self, begin: int, end: int) -> Came:
        data = bytearray()
        root, path = split(self.url)
        try:
            with telling(self.url):
                import obstore

                asked: Any = {"range": (begin, end)} if (begin, end) != (0, self.size) else {}
                if self.tag:
                    asked["if_match"] = self.tag
                for piece in obstore.get(opened_store(root), path, options=asked).stream(_PIECE):
                    data += piece
        except FastlogsError as broke:
            return Came(bytes(data), broke)
        return Came(bytes(data))

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
