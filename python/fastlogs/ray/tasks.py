"""Parts as Ray tasks."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from fastlogs.errors import MissingExtra

_Given = TypeVar("_Given")
# Tasks that wait for each core: a core that is done finds its next one there.
_WAITING = 2


def started() -> Any:
    """Ray, connected to the cluster that RAY_ADDRESS names, else to one of this machine's own."""
    try:
        import ray
    except ModuleNotFoundError as missing:
        raise MissingExtra("this needs Ray", help="pip install 'fastlogs[ray]'") from missing
    if not ray.is_initialized():
        ray.init(include_dashboard=False)
    return ray


def over(function: Callable[[Any], _Given], parts: Iterable[Any]) -> Iterator[_Given]:
    """What the function makes of each part, in order; no more parts are under way than the cluster has use for."""
    ray = started()
    task = ray.remote(_called)
    most = _WAITING * max(int(ray.cluster_resources().get("CPU", 1)), 1)
    waiting: deque[Any] = deque()
    for part in parts:
        if len(waiting) >= most:
            yield _got(ray, waiting.popleft())
        waiting.append(task.remote(function, part))
    while waiting:
        yield _got(ray, waiting.popleft())


def _called(function: Callable[[Any], _Given], part: Any) -> _Given:
    return function(part)


def _got(ray: Any, reference: Any) -> Any:
    """What a task gave; its error as it was raised there."""
    try:
        return ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        raise error.cause from error
