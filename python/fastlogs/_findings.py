"""Findings: what was observed about runs, each with its evidence."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, get_args

from fastlogs.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

Severity: TypeAlias = Literal["info", "warning", "error"]
# From the least to the worst.
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
_INKS = {"info": "#56B4E9", "warning": "#E69F00", "error": "#D55E00"}
# What kinds of a comparison with golden values begin with.
GOLDEN = "golden_"


@dataclass(frozen=True, slots=True)
class Finding:
    """One observation: what, how bad, where, and the evidence in plain words."""

    kind: str
    severity: Severity
    evidence: str
    run: str = ""
    metric: str | None = None
    first_step: int | None = None
    last_step: int | None = None
    value: float | None = None
    lines: tuple[int, ...] = ()
    help: str = ""

    @property
    def where(self) -> str:
        """`loss, steps 510-540`: as much of it as is known."""
        return ", ".join(part for part in (self.metric or "", self._steps) if part)

    @property
    def _steps(self) -> str:
        if self.first_step is None:
            return ""
        single = self.last_step is None or self.last_step == self.first_step
        return f"step {self.first_step}" if single else f"steps {self.first_step}-{self.last_step}"


class Check(NamedTuple):
    """What was looked for, found or not."""

    run: str
    kind: str
    metric: str


@dataclass(frozen=True)
class Findings:
    """What `check` found, the worst first, and what it looked for; empty when all is well.

    >>> fastlogs.check("train.log").fails("error")
    False
    """

    found: tuple[Finding, ...] = ()
    checks: tuple[Check, ...] = ()
    runs: tuple[str, ...] = ()
    # Comparisons with golden values, the metrics that agree too.
    differences: tuple[Any, ...] = ()

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)

    def __getitem__(self, at: int) -> Finding:
        return self.found[at]

    @property
    def worst(self) -> Severity | None:
        """The severity of the worst finding; None when there is none."""
        return max((f.severity for f in self.found), key=SEVERITIES.index, default=None)

    def filter(
        self,
        *,
        severity: Severity | None = None,
        kind: str | None = None,
        metric: str | None = None,
        run: str | None = None,
    ) -> Findings:
        """Those at least that severe, of that kind, metric and run; the last three may be globs."""
        least = 0 if severity is None else _rank(severity)
        kept = (f for f in self.found if _rank(f.severity) >= least and _fits(kind, f.kind))
        found = tuple(f for f in kept if _fits(metric, f.metric or "") and _fits(run, f.run))
        return Findings(found, self.checks, self.runs, self.differences)

    def fails(self, *fail_on: str) -> bool:
        """Whether a finding is at least that severe, or of that kind; a golden mismatch always fails.

        `never` looks at golden values only.
        """
        return any(is_failure(finding, fail_on or ("error",)) for finding in self.found)

    @property
    def table(self) -> pl.DataFrame:
        """A row a finding."""
        import polars as pl

        text, whole = pl.String, pl.Int64
        schema: dict[str, Any] = {"run": text, "kind": text, "severity": text, "metric": text}
        schema |= {"first_step": whole, "last_step": whole, "value": pl.Float64, "evidence": text}
        schema |= {"lines": pl.List(whole), "help": text}
        return pl.DataFrame([asdict(f) for f in self.found], schema=schema)

    def to_dict(self) -> dict[str, Any]:
        """The same as data for JSON: numbers that JSON has no word for are words."""
        return {
            "schema": "fastlogs.check/1",
            "runs": list(self.runs),
            "worst": self.worst,
            "counts": {severity: self._count(severity) for severity in reversed(SEVERITIES)},
            "findings": [_plain(asdict(f)) for f in self.found],
            "golden": [_plain(asdict(d)) for d in self.differences],
            "checks": [check._asdict() for check in self.checks],
        }

    def _count(self, severity: Severity) -> int:
        return sum(f.severity == severity for f in self.found)

    def words(self) -> list[str]:
        """How many of what, then each finding with its evidence."""
        return [self.headline, *(line for f in self.found for line in _lines(f, many=len(self.runs) > 1))]

    @property
    def headline(self) -> str:
        """`2 errors, 1 warning in 3 runs`."""
        counted = [counts(self._count(s), s) for s in reversed(SEVERITIES) if self._count(s)]
        where = f"in {counts(len(self.runs), 'run')}" if len(self.runs) != 1 else f"in {self.runs[0]}"
        return f"{', '.join(counted) or 'nothing found'} {where}"

    def __repr__(self) -> str:
        lines = [f"<Findings: {self.headline}>", *(f"  {_short(f)}" for f in self.found[:20])]
        lines += [f"  ... and {len(self) - 20:,} more"] if len(self) > 20 else []
        return "\n".join(line if len(line) <= 80 else line[:77] + "..." for line in lines)

    def _repr_html_(self) -> str:
        """The headline, where along the run the findings are, a line a finding."""
        from fastlogs._svg import paragraph, strip, table

        columns = ("severity", "kind", "run", "where", "evidence")
        rows = [(f.severity, f.kind, f.run, f.where, f.evidence) for f in self.found]
        spans = [(f, f.first_step, f.last_step or f.first_step) for f in self.found if f.first_step is not None]
        end = max((high for _, _, high in spans), default=0)
        marks = strip(((_INKS[f.severity], max(low, 0), high) for f, low, high in spans), end)
        return f"{paragraph(self.headline)}{marks}{table(columns, rows) if rows else ''}"


def gathered(findings: list[Finding], **rest: Any) -> Findings:
    """Findings in order: the worst first, then by run as given, then by step."""
    runs = {name: at for at, name in enumerate(rest.get("runs", ()))}
    order = sorted(findings, key=lambda f: (-_rank(f.severity), runs.get(f.run, len(runs)), f.first_step or 0))
    return Findings(tuple(order), **rest)


def is_failure(finding: Finding, fail_on: tuple[str, ...]) -> bool:
    """Whether one finding fails a check: by severity, by kind, or by golden values."""
    severities = [name for name in fail_on if name in SEVERITIES]
    if finding.kind.startswith(GOLDEN) and finding.severity == "error":
        return True
    return any(_rank(finding.severity) >= _rank(s) for s in severities) or finding.kind in fail_on


def short(findings: list[Finding]) -> str:
    """Kinds and how often, for a cell of a table: `loss_spike x2, nan`."""
    counted = Counter(f.kind for f in findings)
    return ", ".join(kind if n == 1 else f"{kind} x{n}" for kind, n in counted.items())


def counts(n: int, word: str) -> str:
    """`1 error`, `2 errors`, `3 info`."""
    return f"{n:,} {word}" if n == 1 or word == "info" else f"{n:,} {word}s"


def _rank(severity: str) -> int:
    if severity not in SEVERITIES:
        raise UsageError(f"wanted severity 'info', 'warning' or 'error', found {severity!r}")
    return [*SEVERITIES].index(severity)


def _fits(glob: str | None, name: str) -> bool:
    return glob is None or fnmatchcase(name, glob)


def _short(finding: Finding) -> str:
    return f"{finding.severity:<7}  {finding.kind}  {finding.evidence}"


def _lines(finding: Finding, *, many: bool) -> list[str]:
    """One finding for people: head, evidence, what to do."""
    head = "  ".join(part for part in (finding.run if many else "", finding.kind, finding.where) if part)
    said = [f"{finding.severity:<7}  {head}", f"         {finding.evidence}"]
    at = ", ".join(f"{line:,}" for line in finding.lines[:5])
    said += [f"         at line{'s' if len(finding.lines) > 1 else ''} {at}"] if at else []
    return said + ([f"         help: {finding.help}"] if finding.help else [])


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")
    return [_plain(inner) for inner in value] if isinstance(value, tuple | list) else value
