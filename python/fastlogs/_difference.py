"""How a metric differs from its golden values: where first, where most, what is missing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, TypeAlias

from fastlogs._metrics import role_of
from fastlogs.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

# Of the two values and their difference.
_ROUNDING = 2.0**-52


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Values agree when they are no further apart than `absolute` + `relative` x the golden value."""

    relative: float = 0.0
    absolute: float = 0.0


# `"0.1%"` is relative, a number is in the metric's unit, a pair is (relative, absolute).
Allowed: TypeAlias = "str | float | tuple[float, float] | Tolerance"


@dataclass(frozen=True, slots=True)
class Tolerances:
    """A tolerance a metric: that of its own name, else of the first glob or `@role` that fits, else the default."""

    default: Tolerance = Tolerance()
    named: tuple[tuple[str, Tolerance], ...] = ()

    def of(self, metric: str) -> Tolerance:
        own = [allowed for name, allowed in self.named if name == metric]
        fitting = [allowed for name, allowed in self.named if _fits(name, metric)]
        return next(iter(own + fitting), self.default)

    def names(self, metric: str) -> bool:
        """Whether somebody spoke of this metric."""
        return any(_fits(name, metric) for name, _ in self.named)


def _fits(name: str, metric: str) -> bool:
    if name.startswith("@"):
        role = role_of(metric)
        return role is not None and role.name == name[1:].lower()
    return fnmatchcase(metric, name)


def tolerances(default: Tolerance, named: Mapping[str, Allowed] | None) -> Tolerances:
    """The tolerances as a caller gives them."""
    _require(default)
    return Tolerances(default, tuple((name, tolerance(allowed)) for name, allowed in (named or {}).items()))


def tolerance(allowed: Allowed) -> Tolerance:
    """One tolerance as a caller gives it; refused when negative or no number.

    >>> tolerance("0.5%"), tolerance(0.01)
    (Tolerance(relative=0.005, absolute=0.0), Tolerance(relative=0.0, absolute=0.01))
    """
    if isinstance(allowed, Tolerance):
        return _require(allowed)
    if isinstance(allowed, tuple):
        return _require(Tolerance(*allowed))
    text = str(allowed).strip()
    try:
        number = float(text.removesuffix("%"))
    except ValueError:
        raise UsageError(
            f"wanted a tolerance like 0.1% or 0.001, found '{text}'",
            help="'loss=0.1%' is relative, 'loss=0.001' in the metric's unit",
        ) from None
    return _require(Tolerance(relative=number / 100) if text.endswith("%") else Tolerance(absolute=number))


def _require(allowed: Tolerance) -> Tolerance:
    for number in (allowed.relative, allowed.absolute):
        if not (math.isfinite(number) and number >= 0):
            raise UsageError(f"wanted a tolerance of zero or more, found {number}")
    return allowed


@dataclass(frozen=True, slots=True)
class Point:
    """One step where a value was compared."""

    step: int
    golden: float
    found: float

    @property
    def off(self) -> float:
        """How far apart; infinite when only one is a finite number."""
        gap = abs(self.found - self.golden)
        return gap if math.isfinite(gap) else math.inf

    @property
    def share(self) -> float | None:
        """The same as a share of the golden value."""
        whole = math.isfinite(self.golden) and self.golden != 0 and math.isfinite(self.found)
        return abs(self.found - self.golden) / abs(self.golden) if whole else None


@dataclass(frozen=True, slots=True)
class Difference:
    """One metric beside its golden values; `first` and `worst` are None when all agree."""

    run: str
    metric: str
    golden_metric: str
    tolerance: Tolerance
    compared: int
    differing: int
    first: Point | None
    worst: Point | None
    # The largest share of a golden value that any common step is off by, tolerated or not.
    largest_share: float | None
    missing: tuple[int, ...]
    extra: tuple[int, ...]
    # Decimals that the run's values are printed with, when rounding to them explains every difference.
    decimals: int | None

    @property
    def agrees(self) -> bool:
        return self.differing == 0 and not self.missing and self.compared > 0


def difference(
    run: str, names: tuple[str, str], golden: pl.DataFrame, found: pl.DataFrame, allowed: Tolerance, *, holes: bool
) -> Difference:
    """Compares two series (`step`, `value`); the k-th value of an equal step is that of the k-th.

    A null golden value is not compared; with `holes` a golden NaN may be missing too. NaN equals NaN.
    """
    import polars as pl

    unknown = golden.filter(pl.col("value").is_null())["step"]
    left = _counted(golden.drop_nulls("value"))
    right = _counted(found.filter(~pl.col("step").is_in(unknown.implode())))
    both = left.join(right, on=["step", "nth"], how="full", coalesce=True, suffix="_found").sort("step", "nth")
    lacking = both.filter(pl.col("value_found").is_null())
    if holes:
        lacking = lacking.filter(pl.col("value").is_not_nan())
    common = both.drop_nulls()
    points = [Point(*row) for row in _apart(common, allowed).select("step", "value", "value_found").iter_rows()]
    return Difference(
        run=run,
        metric=names[0],
        golden_metric=names[1],
        tolerance=allowed,
        compared=common.height,
        differing=len(points),
        first=points[0] if points else None,
        worst=max(points, key=lambda p: p.off, default=None),
        largest_share=_largest_share(common),
        missing=tuple(lacking["step"]),
        extra=tuple(both.filter(pl.col("value").is_null())["step"]),
        decimals=_rounded(points),
    )


def _counted(table: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return table.select("step", pl.int_range(pl.len()).over("step").alias("nth"), "value")


def _apart(common: pl.DataFrame, allowed: Tolerance) -> pl.DataFrame:
    """The rows that do not agree."""
    import polars as pl

    golden, found = pl.col("value"), pl.col("value_found")
    # polars says that nan equals nan, as we do.
    same = golden.eq(found)
    finite = golden.is_finite() & found.is_finite()
    limit = allowed.absolute + allowed.relative * golden.abs()
    # 3.003 is within 0.1% of 3, whatever binary fractions make of it; exact stays exact.
    limit = pl.when(limit > 0).then(limit + _ROUNDING * (golden.abs() + found.abs())).otherwise(limit)
    near = (golden - found).abs() <= limit
    return common.filter(~(same | (finite & near)))


def _largest_share(common: pl.DataFrame) -> float | None:
    import polars as pl

    golden, found = pl.col("value"), pl.col("value_found")
    whole = common.filter(golden.is_finite() & found.is_finite() & (golden != 0))
    return whole.select(((golden - found).abs() / golden.abs()).max()).item() if whole.height else None


def _rounded(points: list[Point]) -> int | None:
    """Decimals of the found values, when each is its golden value rounded to so many."""
    few = points[:1000]
    if not few or not all(math.isfinite(p.found) and math.isfinite(p.golden) for p in few):
        return None
    decimals = _decimals(p.found for p in few)
    half = 0.5 * 10.0**-decimals * (1 + 1e-6)
    finer = _decimals(p.golden for p in few) > decimals
    return decimals if finer and all(p.off <= half for p in points) else None


def _decimals(values: Iterable[float]) -> int:
    exponents = (Decimal(repr(value)).normalize().as_tuple().exponent for value in values)
    return max((-e for e in exponents if isinstance(e, int) and e < 0), default=0)
