"""What metrics are for: roles and goals, from metrics.toml."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal, TypeAlias

from fastlogs.errors import UnknownMetric

Goal: TypeAlias = Literal["low", "high", "none"]

# Seconds in the units that logs print times in.
SECONDS = {
    "us": 1e-6, "ms": 1e-3, "s": 1.0, "sec": 1.0, "secs": 1.0, "seconds": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Role:
    """What some metrics are for, whatever a log calls them."""

    name: str
    goal: Goal
    names: tuple[str, ...]
    unit: str | None = None

    def fits(self, metric: str) -> bool:
        return any(fnmatchcase(metric.lower(), glob) for glob in self.names)


@cache
def roles() -> tuple[Role, ...]:
    """Every role, in the order they are tried."""
    import tomllib

    text = files("fastlogs").joinpath("metrics.toml").read_text(encoding="utf-8")
    return tuple(Role(r["name"], r["goal"], tuple(r["names"]), r.get("unit")) for r in tomllib.loads(text)["role"])


@lru_cache(maxsize=4096)
def role_of(metric: str) -> Role | None:
    """The role of a metric, or none.

    >>> role_of("lm_loss").name
    'loss'
    """
    return next((role for role in roles() if role.fits(metric)), None)


def goal_of(metric: str) -> Goal:
    """Whether a metric should be low, high or neither.

    >>> goal_of("val_ppl"), goal_of("tok_s"), goal_of("lr")
    ('low', 'high', 'none')
    """
    role = role_of(metric)
    return role.goal if role else "none"


def wanted(metrics: str | Iterable[str] | None, there: Sequence[str] | None = None) -> list[str] | None:
    """What to ask the engine for: names and globs as they are; for `@role` those of the names `there` that have it,
    or every name it may have when nobody knows what is there."""
    if metrics is None:
        return None
    given: Sequence[str] = [metrics] if isinstance(metrics, str) else list(metrics)
    return [glob for name in given for glob in (_of_role(name[1:], there) if name.startswith("@") else [name])]


def _of_role(name: str, there: Sequence[str] | None) -> Sequence[str]:
    role = _role(name)
    return role.names if there is None else [metric for metric in there if role_of(metric) == role]


def _role(name: str) -> Role:
    plain = name.strip().lower().replace(" ", "_").replace("-", "_")
    found = next((role for role in roles() if role.name == plain), None)
    if found is None:
        raise UnknownMetric(f"no role '@{name}'", help="roles are " + ", ".join(f"@{role.name}" for role in roles()))
    return found
