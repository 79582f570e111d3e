"""What can go wrong, each with the parent Python already has for it."""

from __future__ import annotations


class FastlogsError(Exception):
    """The parent of every error of ours; `help` says what to do next, `path`, `line` and `offset` where it was."""

    def __init__(
        self,
        message: str = "",
        *,
        help: str = "",
        path: str | None = None,
        line: int | None = None,
        offset: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.path = path
        self.line = line
        self.offset = offset

    def __str__(self) -> str:
        return f"{self.message}\nhelp: {self.help}" if self.help else self.message

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (type(self), self.__dict__)


def _again(kind: type[FastlogsError], state: dict[str, object]) -> FastlogsError:
    """An error as it was, in another process."""
    error = kind(str(state.get("message", "")))
    error.__dict__.update(state)
    return error


class DamagedFile(FastlogsError, OSError):
    """Framing or compression lost; `offset` says where."""


class FormatError(FastlogsError, ValueError):
    """A format file is wrong; `path` and `line` say where."""


class MissingExtra(FastlogsError, ImportError):
    """An optional dependency is not installed; `help` says the pip line."""


class NoMetricsFound(FastlogsError, ValueError):
    """The source holds nothing that looks like a metric; `help` says what its lines look like and what to type."""


class PatternError(FastlogsError, ValueError):
    """A pattern that cannot be used."""


class SourceError(FastlogsError, OSError):
    """A source that cannot be read, without an errno to say it by."""


class Forbidden(SourceError, PermissionError):
    """An object that the credentials may not read."""


class NoSuchObject(SourceError, FileNotFoundError):
    """Nothing lies at a URL; `help` says what lists the place."""


class StreamClosed(FastlogsError, ValueError):
    """A stream is read once, in the process that opened it."""


class TooFew(FastlogsError, ValueError):
    """A statistic needs more values."""


class UnknownFormat(FastlogsError, ValueError):
    """No format of that name, or none that recognises the source."""


class UnknownMetric(FastlogsError, LookupError):
    """No metric of that name."""


class UnknownRun(FastlogsError, LookupError):
    """No run of that name."""


class UsageError(FastlogsError, ValueError):
    """A request that contradicts itself."""


class LinesLeft(UserWarning):
    """A read left something behind, each kind of it counted by name in `counts`; raised under `strict=True`."""

    def __init__(self, message: str = "", counts: dict[str, int] | None = None) -> None:
        super().__init__(message)
        self.counts: dict[str, int] = dict(counts or {})
