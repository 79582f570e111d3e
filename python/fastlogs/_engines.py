"""Where parts of a task are done: in this process, or by an engine that is a wing of the house, called by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any, Literal, Protocol, TypeAlias, TypeVar

from fastlogs.errors import UsageError

Engine: TypeAlias = Literal["ray"]
# The wings that have an `over`.
ENGINES = ("ray",)

_Given = TypeVar("_Given")


class Over(Protocol):
    """Gives what a function makes of each part, in the order of the parts."""

    def __call__(self, function: Callable[[Any], _Given], parts: Iterable[Any]) -> Iterator[_Given]: ...


def here(function: Callable[[Any], _Given], parts: Iterable[Any]) -> Iterator[_Given]:
    """One part after the other.

    >>> list(here(len, ["a", "bc"]))
    [1, 2]
    """
    return map(function, parts)


def over(engine: Engine | None) -> Over:
    """The way of an engine; refused when there is none of that name.

    >>> over(None) is here
    True
    """
    if engine is None:
        return here
    if engine not in ENGINES:
        raise UsageError(f"wanted an engine among {', '.join(ENGINES)}, found {engine!r}")
    way: Over = import_module(f"fastlogs.{engine}").over
    return way
