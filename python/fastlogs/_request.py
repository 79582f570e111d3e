"""A read as it was asked for: its sources and options, checked once, opened as often as needed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from fastlogs import _core
from fastlogs._coverage import Coverage, nothing_found
from fastlogs._definitions import joined
from fastlogs._formats import grammar
from fastlogs._metrics import wanted
from fastlogs._patterns import Triple, alone, triples
from fastlogs._sources import Given, Sources, resolve
from fastlogs.errors import NoMetricsFound, UsageError

if TYPE_CHECKING:
    import polars as pl

    from fastlogs._formats import Format

Layout: TypeAlias = Literal["wide", "long", "summary"]
Restarts: TypeAlias = Literal["stitch", "keep"]

# Columns that a table has beside its metrics.
CONTEXT = ("run", "step", "rank", "epoch", "attempt", "wall_time", "elapsed")


# Leading bytes in which definitions are looked for together.
_HEAD = 256 << 10


@dataclass(frozen=True)
class Request:
    """What to read and how; `options` are the engine's."""

    sources: Sources
    options: dict[str, Any] = field(default_factory=dict)
    strict: bool = False
    # Metrics as the caller named them, globs and roles too.
    named: tuple[str, ...] = ()
    line_hook: Callable[[str], dict[str, Any] | None] | None = None

    @property
    def layout(self) -> str:
        return str(self.options.get("layout", "wide"))

    def with_options(self, **options: Any) -> Request:
        return replace(self, options=self.options | options)

    def of(self, sources: Sources) -> Request:
        """The same of other sources."""
        return Request(sources, self.options, self.strict, self.named, self.line_hook)

    def open(self, *, streaming: bool = False, rearm: bool = False) -> _core.Stream:
        """Opens the sources and finds their format."""
        options = _core.Options(**self.options, streaming=streaming, rearm=rearm)
        return _core.open(self.sources.given(), options)


def ask(
    source: Given | Sources,
    *,
    format: str | os.PathLike[str] | Format | None = None,
    pattern: Any = None,
    metrics: str | Iterable[str] | None = None,
    layout: Layout = "wide",
    restarts: Restarts = "stitch",
    strict: bool = False,
) -> Request:
    """Checks what a caller asks for."""
    if format is not None and pattern is not None:
        raise UsageError("wanted format= or pattern=, found both")
    if layout not in ("wide", "long", "summary"):
        raise UsageError(f"wanted layout 'wide', 'long' or 'summary', found {layout!r}")
    if restarts not in ("stitch", "keep"):
        raise UsageError(f"wanted restarts 'stitch' or 'keep', found {restarts!r}")
    sources = resolve(source)
    options: dict[str, Any] = {"layout": layout, "restarts": restarts, "run_column": sources.many}
    options |= {"metrics": wanted(metrics), **grammar(format)}
    hook = pattern if callable(pattern) else None
    if pattern is not None and hook is None:
        options["patterns"] = _patterns(pattern, sources)
    named = (metrics,) if isinstance(metrics, str) else tuple(metrics or ())
    asked = Request(sources, options, strict, named, hook)
    return by_role(asked) if any(name.startswith("@") for name in named) else asked


def _patterns(pattern: Any, sources: Sources) -> list[Triple]:
    """A caller's patterns; definitions of one value each are joined as the first file's lines have them."""
    found = triples(pattern)
    head = sources.files[0].head(_HEAD) if len(found) > 1 and alone(pattern) and sources.files else None
    return found if head is None else joined(found, head.decode("utf-8", "replace").splitlines())


def by_role(request: Request) -> Request:
    """Roles as the names that a survey finds; a pipe cannot be surveyed and gets every name a role may have."""
    if not request.sources.repeatable or request.line_hook is not None:
        return request
    names = [name for name in columns_of(request) if name not in CONTEXT]
    return request.with_options(metrics=wanted(request.named, names))


def columns_of(request: Request) -> dict[str, dict[str, str]]:
    """Every column of the wide table, whatever was asked for, and what is known of it."""
    if request.sources.remote:
        # Objects are not surveyed: a survey reads all of them, and so does this.
        opened = request.with_options(metrics=None, layout="wide").open()
        return {name: {} for name in frame(opened, request).columns} | dict(opened.fields())
    with request.with_options(metrics=None, layout="wide").open(streaming=True) as stream, telling(stream, request):
        return dict(stream.fields())


@contextmanager
def telling(stream: _core.Stream, request: Request) -> Iterator[None]:
    """Raises what the engine meant where a consumer could only pass on its text."""
    try:
        yield
    except NoMetricsFound as raised:
        raise nothing_found(stream.coverage(), request.sources.label) from raised
    except BaseException as raised:
        meant = stream.failure()
        if isinstance(meant, NoMetricsFound):
            raise nothing_found(stream.coverage(), request.sources.label) from None
        if meant is None or meant is raised:
            raise
        raise meant from None


def frame(stream: _core.Stream, request: Request) -> pl.DataFrame:
    """The whole table of a stream."""
    import polars as pl

    with stream, telling(stream, request):
        return pl.DataFrame(stream)


def covered(stream: _core.Stream) -> Coverage:
    return Coverage(tuple(stream.coverage()))
