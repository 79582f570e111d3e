"""Rules as other tools write them: SageMaker MetricDefinitions, Katib filters, Guild output-scalars."""

from __future__ import annotations

import re
from typing import Any

from fastlogs._infer import OTHER, Rule, escaped


def exported(rules: list[Rule], form: str) -> Any:
    """The rules as other tools write them: `sagemaker`, `katib` or `guild`."""
    return {"sagemaker": _sagemaker, "katib": _katib, "guild": _guild}[form](rules)


_PLAIN = r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?"


def _before(rule: Rule, at: int) -> str:
    """What must stand before a number: the text up to the number before, or more where that is not enough."""
    others = [p for k, p in enumerate(rule.pieces[:-1]) if k != at]
    own = rule.pieces[at]
    if own.strip() and not any(p.endswith(own.lstrip(" ,;|\t")) for p in others):
        return escaped(own.lstrip(" ,;|\t"))
    parts = [escaped(p) + (OTHER if k < at else "") for k, p in enumerate(rule.pieces[: at + 1])]
    return "".join(parts).replace("(?i:nan|inf)", "(?:nan|inf)")


def _sagemaker(rules: list[Rule]) -> list[dict[str, str]]:
    seen: dict[str, str] = {}
    for rule in rules:
        for at, role in rule.roles.items():
            if not role.startswith("@"):
                seen.setdefault(role, f"{_before(rule, at)}({_PLAIN})")
    return [{"Name": name, "Regex": regex} for name, regex in seen.items()]


def _katib(rules: list[Rule]) -> dict[str, Any]:
    """Filters of two groups, the name as printed and the value."""
    found: dict[str, None] = {}
    for rule in rules:
        for at, role in rule.roles.items():
            words = re.search(r"([^\W\d][\w./@-]*(?: [^\W\d][\w./@-]*)*)([\s:=]*)$", rule.pieces[at])
            if words and not role.startswith("@"):
                found[f"({escaped(words[1])}){escaped(words[2])}({_PLAIN})"] = None
    return {"source": {"filter": {"metricsFormat": list(found)}}}


def _guild(rules: list[Rule]) -> dict[str, Any]:
    """`output-scalars`: a regex a scalar, and the step that later scalars take."""
    found: dict[str, str] = {}
    for rule in rules:
        for at, role in rule.roles.items():
            name = "step" if role in ("@step", "@epoch") else role
            if not role.startswith("@") or name == "step":
                found.setdefault(name, _before(rule, at) + (r"(\step)" if name == "step" else r"(\value)"))
    return {"output-scalars": found}
