"""`read`, `scan`, `stream`, `infer`: any log to a table."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastlogs import _core, _coverage, _memory
from fastlogs._formats import Format
from fastlogs._looks import look_at
from fastlogs._names import require_named
from fastlogs._request import Layout, Request, Restarts, ask, covered, frame
from fastlogs._sources import Given, Source, resolve
from fastlogs.errors import NoMetricsFound, UnknownFormat, UsageError

if TYPE_CHECKING:
    import polars as pl

    from fastlogs._coverage import Coverage

# Detection looks no further than this.
_HEAD = 4 << 20
# What is known of each column: unit, kind, printed name.
Fields = dict[str, dict[str, str]]
# Lets the command line draw a progress bar for the stream that is being read.
Watch = Callable[["_core.Stream"], AbstractContextManager[object]]


def read(
    source: Given,
    *,
    format: str | os.PathLike[str] | Format | None = None,
    pattern: Any = None,
    metrics: str | Iterable[str] | None = None,
    layout: Layout = "wide",
    restarts: Restarts = "stitch",
    strict: bool = False,
) -> pl.DataFrame:
    """The table of a log: one row a step (`wide`), one a value (`long`), or one a metric (`summary`).

    `source` is a path, folder, glob, list, `-`, `name=path` label or open binary file. `format` is a name, a
    `Format` or a TOML path. `pattern` is a regex with named groups, a list or dict of them, or a Python function
    `line -> dict | None` (slow: every line goes through Python). `metrics` are names, globs or roles (`@loss`).
    Warns with `LinesLeft` of what was left, `strict` raises it; raises `NoMetricsFound` when nothing matched (a long
    table has one schema and is then without rows, unless `strict`).

    >>> fastlogs.read("train.log").columns
    ['step', 'train_loss', 'val_loss', 'loss', 'time', 'mfu']
    """
    request = ask(
        source, format=format, pattern=pattern, metrics=metrics, layout=layout, restarts=restarts, strict=strict
    )
    table, _, coverage = table_of(request)
    _coverage.warn(coverage, request.sources.label, strict=strict, level=2)
    return table


def scan(
    source: Given,
    *,
    format: str | os.PathLike[str] | Format | None = None,
    pattern: Any = None,
    metrics: str | Iterable[str] | None = None,
    layout: Layout = "wide",
    restarts: Restarts = "stitch",
    strict: bool = False,
) -> pl.LazyFrame:
    """The same table, lazily: projection, filter and limit reach the parser, a metric not asked for is not parsed.

    >>> fastlogs.scan("train.log").filter(pl.col("step") > 10).select("step", "loss").collect().width
    2
    """
    from fastlogs._lazy import lazy

    request = ask(
        source, format=format, pattern=pattern, metrics=metrics, layout=layout, restarts=restarts, strict=strict
    )
    if request.line_hook is not None:
        raise UsageError("a Python function reads line by line", help="use fastlogs.read(..., pattern=function).lazy()")
    return lazy(request, whole=request.sources.remote or _memory.is_light(request))


def stream(
    source: Given,
    *,
    format: str | os.PathLike[str] | Format | None = None,
    pattern: Any = None,
    metrics: str | Iterable[str] | None = None,
    layout: Layout = "wide",
    restarts: Restarts = "stitch",
    strict: bool = False,
) -> _core.Stream:
    """The same table as Arrow batches in bounded memory: one pass, for anything that takes `__arrow_c_stream__`.

    Read it once; `.coverage()` is complete after the last batch (and never warned of: look at it).

    >>> sum(len(batch) for batch in fastlogs.stream("train.log"))
    100
    """
    request = ask(
        source, format=format, pattern=pattern, metrics=metrics, layout=layout, restarts=restarts, strict=strict
    )
    if request.line_hook is not None:
        raise UsageError("a Python function reads line by line", help="use fastlogs.read(..., pattern=function)")
    return request.open(streaming=True, rearm=True)


def infer(source: Given) -> Format:
    """The format of a log: the catalogue's, that with rules for the lines it leaves, or one written for the log.

    What is written reads the log as `read` does, its examples are lines of the log, and it passes its own checks; what
    it cannot say is counted in comments above it. Refuses with `UnknownFormat` where nothing is measured.

    >>> infer("train.log").name
    'nanogpt'
    """
    from fastlogs._infer import written

    for path, name, _ in recognise(source):
        if name.endswith(_coverage.UNREAD):
            raise UnknownFormat(f"{path} is a {name.removesuffix(_coverage.UNREAD)}, which is not read yet")
        if name:
            return written(path, ended(beginning(source)))
        raise UnknownFormat(f"nothing was measured in {path}", help="fastlogs formats detect says what it looks like")
    raise UsageError("wanted one source, found none")


def definitions(source: Given, form: str) -> tuple[Any, list[str]]:
    """A log's metrics as `sagemaker`, `katib` or `guild` definitions, and what those do not say, a line each.

    Refuses with `UnknownFormat` where no line of the log can be said by a pattern, as in a table.

    >>> definitions("train.log", "guild")[0]["output-scalars"]["loss"]
    ':\\\\s+loss\\\\s+(\\\\value)'
    """
    from fastlogs._infer import rules_of
    from fastlogs._infer.exports import exported, lost

    head = ended(beginning(source))
    rules = rules_of(head)
    if not rules:
        what = resolve(source).label
        raise UnknownFormat(f"no line of {what} can be said by a pattern", help="fastlogs infer writes its format")
    found = exported(rules, form, head)
    return found, lost(head, found, form, rules)


def recognise(source: Given) -> list[tuple[str, str, str]]:
    """(file, format, why) by the leading bytes of each file, as detection goes; no format is an empty name."""
    found = []
    for file in resolve(source).files:
        opened = _core.open([("", file.name, head(file))], _core.Options(layout="long", restarts="keep", rearm=False))
        rules = []
        try:
            sum(len(batch) for batch in opened)
        except NoMetricsFound:
            pass
        for coverage in opened.coverage():
            rules = [f"{lines:,} of {coverage.lines:,} lines by rule {rule}" for rule, lines in coverage.rules if lines]
            found.append((file.name, coverage.format, ", ".join(rules) or _nothing(coverage.source)))
    return found


def _nothing(path: str) -> str:
    looks = look_at(path)
    return f"nothing measured: it looks like {looks}" if looks else "nothing recognises it"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A format that claims lines of a log: how many of how many, by which rule the first of them, and that line."""

    format: str
    lines: int
    total: int
    rule: str
    line: str

    @property
    def score(self) -> float:
        """The share of the leading lines that it claims."""
        return self.lines / self.total if self.total else 0.0


def candidates(source: Given) -> list[tuple[str, list[Candidate]]]:
    """(file, the formats of text that claim some of its leading lines, the likeliest first).

    >>> candidates("train.log")[0][1][0].format
    'nanogpt'
    """
    found = []
    for file in resolve(source).files:
        opened = head(file)
        text = opened.getvalue() if isinstance(opened, io.BytesIO) else b""
        found.append((file.name, [Candidate(*one) for one in _core.candidates(text)]))
    return found


def beginning(source: Given) -> bytes:
    """The leading bytes of the first file of a source."""
    opened = head(resolve(source).files[0])
    return opened.read(_HEAD) if hasattr(opened, "read") else Path(opened).read_bytes()[:_HEAD]


def ended(text: bytes) -> bytes:
    """Whole lines: what stands at the very end of a log is doubted, and not by all readers alike."""
    return text if text.endswith((b"\n", b"\r")) else text + b"\n"


def head(file: Source) -> Any:
    """The beginning of a file, as much as detection may look at."""
    leading = file.head(_HEAD)
    return file.given() if leading is None else io.BytesIO(leading)


def table_of(request: Request, watch: Watch | None = None) -> tuple[pl.DataFrame, Fields, Coverage]:
    """The table, what is known of its columns, and what was left; the one place that waits for a whole table."""
    if request.line_hook is not None:
        from fastlogs._hook import hooked

        table, coverage = hooked(request)
        return table, {}, coverage
    _memory.caution(request)
    opened = request.open()
    with (watch or _unwatched)(opened):
        try:
            table, fields = frame(opened, request), dict(opened.fields())
        except NoMetricsFound:
            if request.layout != "long" or request.strict:
                raise
            table, fields = _empty_long(request), {}
        coverage = covered(opened)
    if table.is_empty() and (request.layout != "long" or request.strict):
        raise _coverage.nothing_found(coverage.sources, request.sources.label)
    require_named(request, table, fields)
    return table, fields, coverage


def _unwatched(_: _core.Stream) -> AbstractContextManager[object]:
    return nullcontext()


def _empty_long(request: Request) -> pl.DataFrame:
    """The long table has one schema, so that of a log without metrics is a table without rows."""
    import polars as pl

    run: dict[str, Any] = {"run": pl.Categorical} if request.sources.many else {}
    schema = run | {"kind": pl.String, "metric": pl.String, "step": pl.Int64, "epoch": pl.Float64}
    schema |= {"wall_time": pl.Datetime("us"), "elapsed": pl.Float64, "value": pl.Float64, "text": pl.String}
    return pl.DataFrame(schema=schema | {"attempt": pl.Int64, "rank": pl.Int64, "offset": pl.Int64})
