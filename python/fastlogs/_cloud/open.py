"""Objects as open binary files: small ones are fetched before they are asked for, large ones a window at a time."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeGuard

from fastlogs._cloud.object import THREADS, Came, Gathered, Object
from fastlogs.errors import FastlogsError

# Larger ones are read in windows of this size, of which two are under way while one is read.
WINDOW = 4 << 20
_WINDOWS = 2
# What is fetched before anybody asks: so many objects, and so many bytes.
_AHEAD, _AHEAD_BYTES = 64, 32 << 20


def opened(objects: Sequence[Object | Gathered]) -> list[Any]:
    """Each object as a file that is read once, from its beginning; nothing is fetched before the first is read."""
    ahead = Ahead(objects)
    return [Windows(one) if _is_large(one) else Small(ahead, at) for at, one in enumerate(objects)]


def _is_large(one: Object | Gathered) -> TypeGuard[Object]:
    return isinstance(one, Object) and one.size > WINDOW


class Ahead:
    """The bytes of small objects, fetched in the order in which they will be asked for."""

    def __init__(self, objects: Sequence[Object | Gathered]) -> None:
        self._objects = objects
        self._fetched: dict[int, Future[Came]] = {}
        self._next = 0
        self._held = 0
        self._lock = threading.Lock()
        # Its threads end with it: nobody else holds it.
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="fastlogs-cloud")

    def __getitem__(self, at: int) -> Object | Gathered:
        return self._objects[at]

    def take(self, at: int) -> Came:
        """The bytes of one, which are nobody else's from here on."""
        with self._lock:
            self._next = max(self._next, at)
            if at not in self._fetched:
                self._fetch(at)
            self._fill()
            mine = self._fetched.pop(at)
        try:
            return mine.result()
        finally:
            with self._lock:
                self._held -= self._objects[at].size

    def _fill(self) -> None:
        """Asks for those that come next, as many as may be held."""
        while self._next < len(self._objects) and len(self._fetched) < _AHEAD and self._held < _AHEAD_BYTES:
            if self._next not in self._fetched and not _is_large(self._objects[self._next]):
                self._fetch(self._next)
            self._next += 1

    def _fetch(self, at: int) -> None:
        self._held += self._objects[at].size
        self._fetched[at] = self._pool.submit(_come, self._objects[at])


def _come(one: Object | Gathered) -> Came:
    return one.upto(0, one.size) if isinstance(one, Object) and one.size else Came(one.whole())


class Far(ABC):
    """An object as a file that is read once; when its server breaks off, what came before is read first."""

    # What the engine keeps the rows of.
    far = True

    def __init__(self) -> None:
        self._rest = memoryview(b"")
        self._broke: FastlogsError | None = None

    def read1(self, size: int = -1) -> bytes:
        """The next bytes; none at the end."""
        if not self._rest and self._broke is None:
            data, self._broke = self._next()
            self._rest = memoryview(data)
        if not self._rest and self._broke is not None:
            raise self._broke
        end = len(self._rest) if size < 0 else size
        given, self._rest = bytes(self._rest[:end]), self._rest[end:]
        return given

    read = read1

    @abstractmethod
    def _next(self) -> Came:
        """What comes next; nothing at the end."""

    @abstractmethod
    def again(self) -> Far:
        """The same from its beginning."""


class Small(Far):
    """A file of few bytes, there when it is first read."""

    def __init__(self, ahead: Ahead, at: int) -> None:
        super().__init__()
        self._ahead: Ahead | None = ahead
        self._at = at
        self._object = ahead[at]

    def _next(self) -> Came:
        ahead, self._ahead = self._ahead, None
        return Came(b"") if ahead is None else ahead.take(self._at)

    def again(self) -> Small:
        return Small(Ahead([self._object]), 0)


class Windows(Far):
    """A file of any size, of which a few windows are held."""

    def __init__(self, found: Object) -> None:
        super().__init__()
        self._object = found
        self._asked = 0
        self._coming: list[Future[Came]] = []
        self._pool: ThreadPoolExecutor | None = None

    def _next(self) -> Came:
        """The next window, and those behind it asked for."""
        pool = self._pool = self._pool or ThreadPoolExecutor(_WINDOWS, thread_name_prefix="fastlogs-cloud")
        while len(self._coming) <= _WINDOWS and self._asked < self._object.size:
            end = min(self._asked + WINDOW, self._object.size)
            self._coming.append(pool.submit(self._object.upto, self._asked, end))
            self._asked = end
        return self._coming.pop(0).result() if self._coming else Came(b"")

    def again(self) -> Windows:
        return Windows(self._object)
