"""What a sweep keeps of a run beside its summary: the curve that decides, findings about it, the log's last words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from fastlogs._cloud import side_by_side
from fastlogs._findings import Finding
from fastlogs._labels import is_packed
from fastlogs._sources import Source
from fastlogs._sweep.last_words import last_words

if TYPE_CHECKING:
    from fastlogs._index import Floats
    from fastlogs._run import Run

# The end of a log that is looked at for what ended it.
_TAIL = 16 << 10
# What decides where nobody says.
DECIDING = ("@val_loss", "@loss")


@dataclass(frozen=True)
class Closer:
    """Looks at the curves of the metrics named, and at the ends of logs."""

    metrics: tuple[str, ...] = DECIDING

    def curve(self, metric: str, x: Floats, y: Floats) -> str:
        """Findings about one curve, as text; `findings` has them back."""
        from fastlogs._health import of_series

        return json.dumps([asdict(one) for one in of_series("", metric, x, y)])

    def ends(self, runs: Sequence[Run]) -> list[str]:
        """The end of each run's logs where it says how the run ended; those of objects are fetched side by side."""
        logs = [log for run in runs for log in run.request.sources.files]
        remote = any(log.path is None and log.repeatable for log in logs)
        ends = iter(side_by_side(_tail, logs) if remote else [_tail(log) for log in logs])
        tails = ("\n".join(next(ends) for _ in run.request.sources.files) for run in runs)
        return [tail if tail and last_words(tail) is not None else "" for tail in tails]


def findings(text: str, run: str) -> tuple[Finding, ...]:
    """The findings that were kept, as those of a run.

    >>> findings("[]", "a")
    ()
    """
    return tuple(Finding(**{**one, "run": run, "lines": tuple(one["lines"])}) for one in json.loads(text))


def _tail(log: Source) -> str:
    """The last words of a log; none of a compressed one, whose end cannot be had without its beginning."""
    if is_packed(log.name):
        return ""
    try:
        return log.tail(_TAIL).decode("utf-8", "replace")
    except OSError:
        # That it could not be read is told by whoever read the table.
        return ""
