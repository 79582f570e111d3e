"""Holds the answers against the truth: a line a check, with its bound."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

SURE = ("better", "worse")
# Fewer answers than this say nothing of how answers are.
_FEW = 10
# A finding is of a spike when it begins this near to it.
_BEFORE, _SOON, _LATER = 3, 15, 80

Case = tuple[dict[str, Any], dict[str, Any]]


@dataclass(frozen=True)
class Check:
    """One bound on one setting; `low` and `high` already hold what chance adds."""

    setting: str
    what: str
    value: float
    low: float = -math.inf
    high: float = math.inf

    @property
    def holds(self) -> bool:
        return self.low <= self.value <= self.high

    def __str__(self) -> str:
        bounds = [f">= {self.low:.4g}"] * (self.low > -math.inf) + [f"<= {self.high:.4g}"] * (self.high < math.inf)
        said = "pass" if self.holds else "FAIL"
        return f"{said}  {self.setting:24} {self.what:36} {self.value:8.4g}   {' and '.join(bounds)}"


def most(setting: str, what: str, flags: Sequence[bool], share: float) -> Check:
    """A share that must not be above this, three standard errors aside."""
    return Check(setting, what, _share(flags), high=share + _three(share, len(flags)))


def least(setting: str, what: str, flags: Sequence[bool], share: float, spread: float | None = None) -> Check:
    """A share that must not be below this, three standard errors aside: those of the share, or of another."""
    return Check(setting, what, _share(flags), low=share - _three(share if spread is None else spread, len(flags)))


def _share(flags: Sequence[bool]) -> float:
    return float(np.mean(flags)) if len(flags) else math.nan


def _three(share: float, count: int) -> float:
    return 3 * math.sqrt(share * (1 - share) / max(count, 1))


def scored(root: Path) -> list[Check]:
    """Every check of the cases below a folder; a case without an answer counts as unanswered."""
    groups: dict[str, list[Case]] = {}
    for truth in json.loads((root / "truth.json").read_text()):
        groups.setdefault(truth["setting"], []).append((truth, _answer(root / truth["case"] / "out.json")))
    checks = [check for cases in groups.values() for check in _CHECKS[cases[0][0]["kind"]](cases)]
    alone = [case for cases in groups.values() for case in cases if case[0].get("seeds", 1) == 1]
    every = [case for cases in groups.values() for case in cases]
    return [*checks, *_silent(alone), *_pooled(groups.values()), _compared(every)]


def _answer(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text()) if path.exists() else {}


def _said(answer: dict[str, Any], *keys: str) -> Any:
    """What an answer says under keys; None where it does not."""
    for key in keys:
        answer = answer.get(key) if isinstance(answer, dict) else None  # type: ignore[assignment]
    return answer


def _verdict(answer: dict[str, Any], level: str = "run_level") -> str | None:
    return _said(answer, "metrics", "loss", level, "verdict")


def _name(cases: Sequence[Case]) -> str:
    return str(cases[0][0]["setting"])


def _is_null(cases: Sequence[Case]) -> bool:
    return cases[0][0]["kind"] == "loss" and not any(truth["effect"] for truth, _ in cases)


def _loss(cases: Sequence[Case]) -> Iterator[Check]:
    name = _name(cases)
    sure = [_verdict(answer) in SURE for _, answer in cases]
    if _is_null(cases):
        yield most(name, "false alarms", sure, 0.07)
    else:
        yield least(name, "differences found", sure, 0.80)
        wrong = [_verdict(a) == ("worse" if t["effect"] < 0 else "better") for t, a in cases]
        yield Check(name, "wrong direction", _share(wrong), high=0.005)
    answered = [case for case in cases if _verdict(case[1]) not in (None, "not_enough_evidence")]
    if len(answered) >= _FEW:
        yield least(name, "95 % intervals hold the truth", [_holds(case) for case in answered], 0.92, 0.95)
    if "0.99" not in name:
        yield Check(name, "answered", len(answered) / len(cases), low=0.95)


def _holds(case: Case) -> bool:
    truth, answer = case
    edges = _said(answer, "metrics", "loss", "estimate", "ci")
    return bool(edges) and None not in edges and edges[0] <= truth["effect"] <= edges[1]


def _seeds(cases: Sequence[Case]) -> Iterator[Check]:
    name = _name(cases)
    sure = [_verdict(answer, "method_level") in SURE for _, answer in cases]
    if cases[0][0]["seeds"] == 1:
        return
    if any(truth["effect"] for truth, _ in cases):
        yield least(name, "differences of methods found", sure, 0.85)
    else:
        yield most(name, "false alarms of methods", sure, 0.07)


def _silent(cases: Sequence[Case]) -> Iterator[Check]:
    """With one run in each arm nothing is claimed of the method."""
    claims = [_verdict(answer, "method_level") not in ("not_enough_evidence", None) for _, answer in cases]
    if claims:
        yield Check("all of one run each", "claims about the method", _share(claims), high=0.0)


def _compared(cases: Sequence[Case]) -> Check:
    return Check("all", "comparisons that failed", _share([not answer for _, answer in cases]), high=0.0)


def _equivalence(cases: Sequence[Case]) -> Iterator[Check]:
    given = [_verdict(answer) == "equivalent" for _, answer in cases]
    if any(truth["effect"] for truth, _ in cases):
        yield most(_name(cases), "called equivalent", given, 0.07)
    else:
        yield least(_name(cases), "called equivalent", given, 0.90)


def _speed(cases: Sequence[Case]) -> Iterator[Check]:
    name, true = _name(cases), cases[0][0]["ratio"]
    ratios = [found if (found := _said(a, "speed", "typical", "ratio")) else math.nan for _, a in cases]
    yield Check(name, "typical ratio / truth", float(np.median(ratios)) / true, 0.997, 1.003)
    sure = [_said(answer, "speed", "typical", "verdict") in ("faster", "slower") for _, answer in cases]
    yield most(name, "false alarms", sure, 0.08) if true == 1 else least(name, "differences found", sure, 0.95)


def _divergence(cases: Sequence[Case]) -> Iterator[Check]:
    name = _name(cases)
    told = [(truth, _said(answer, "metrics", "loss", "divergence") or {}) for truth, answer in cases]
    found = [(truth, answer) for truth, answer in told if answer.get("verdict") == "diverged"]
    flags = [answer.get("verdict") == "diverged" for _, answer in told]
    if cases[0][0]["onset"] is None:
        yield most(name, "false divergences", flags, 0.07)
        return
    yield least(name, "divergences found", flags, 0.90)
    off = [abs(answer["onset_step"] - truth["onset"]) / truth["steps"] for truth, answer in found]
    far = 0.10 if cases[0][0]["shape"] == "ramp" else 0.05
    yield Check(name, "median error of the onset / run", float(np.median(off)) if off else math.nan, high=far)
    held = [answer["interval"][0] <= truth["onset"] <= answer["interval"][1] for truth, answer in found]
    yield least(name, "intervals hold the onset", held, 0.85)


def _anomaly(cases: Sequence[Case]) -> Iterator[Check]:
    name = _name(cases)
    told = [(truth, _anomalies(answer)) for truth, answer in cases]
    places = [truth["spikes"] for truth, _ in told]
    starts = [[a["first_step"] for a in found if a["kind"] == "loss_spike"] for _, found in told]
    if any(places):
        hit = [_near(start, p, _SOON) for ps, start in zip(places, starts, strict=True) for p in ps]
        true = [any(_near([s], p, _LATER) for p in ps) for ps, ss in zip(places, starts, strict=True) for s in ss]
        yield Check(name, "spikes found", _share(hit), low=0.90)
        yield Check(name, "found that are spikes", _share(true), low=0.85)
    else:
        steps = sum(truth["steps"] for truth, _ in told)
        limit = 2 if "t3" in name or "skewed" in name else 1
        yield Check(name, "false spikes in 10,000 steps", 1e4 * sum(map(len, starts)) / steps, high=limit)
    exact = [all(_steps(found, kind) == truth[kind] for kind in ("nan", "inf")) for truth, found in told]
    yield Check(name, "exact steps of nan and inf", _share(exact), low=1.0)


def _anomalies(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Those of the candidate."""
    named = (_said(answer, "anomalies") or {}).items()
    return [anomaly for name, found in named if name.startswith("candidate") for anomaly in found]


def _near(starts: Iterable[int], place: int, late: int) -> bool:
    return any(-_BEFORE <= start - place <= late for start in starts)


def _steps(found: Iterable[dict[str, Any]], kind: str) -> list[int]:
    return sorted(s for a in found if a["kind"] == kind for s in range(a["first_step"], a["last_step"] + 1))


def _pooled(groups: Iterable[Sequence[Case]]) -> Iterator[Check]:
    """Over all nulls together the false alarms are near what was promised: neither more nor far fewer."""
    shares = [_share([_verdict(answer) in SURE for _, answer in cases]) for cases in groups if _is_null(cases)]
    if len(shares) > 1:
        yield Check("all nulls", "false alarms", float(np.mean(shares)), 0.015, 0.06)


_CHECKS: dict[str, Callable[[Sequence[Case]], Iterator[Check]]] = {
    "loss": _loss,
    "seeds": _seeds,
    "equivalence": _equivalence,
    "speed": _speed,
    "divergence": _divergence,
    "anomaly": _anomaly,
}
