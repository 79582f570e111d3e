"""`compare`: arms of runs against a baseline, with verdicts that can be believed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fastlogs._compare.arms import Arm, Given, arms_of, by_setting
from fastlogs._compare.choice import named_as
from fastlogs._compare.comparison import Comparison, Pair
from fastlogs._compare.options import Axis, Options
from fastlogs._metrics import Goal
from fastlogs.errors import TooFew, UsageError

__all__ = ["Arm", "Comparison", "Options", "Pair", "compare"]


def compare(
    *arms: Given,
    baseline: Given | None = None,
    metric: str | Iterable[str] | None = None,
    labels: Sequence[str] | None = None,
    margin: float | str | None = None,
    x: Axis = "step",
    goal: Goal | None = None,
    seed_std: float | None = None,
    paired: bool = False,
    warmup_steps: int | None = None,
    max_steps: int | None = None,
    smooth: int | None = None,
    by: str | None = None,
) -> Comparison:
    """Compares arms with a baseline: the first, or `baseline=` (a name of `labels` or `by=`, or another arm).

    An arm is a run (a path, a `Run`, a frame) or several seeds (a folder, `Runs`, a list). `metric` decides (name,
    glob or `@role`; by default the val loss when logged often, else the train loss), `margin` is what is negligible
    ("0.5%" of the baseline, or in the metric's unit, 0 for off). `seed_std` is the known spread between seeds, `paired`
    says that both arms share their seeds in order. `by` makes an arm of the runs of each value of a setting.
    Refuses (`TooFew`) fewer than two arms.

    >>> fastlogs.compare("base.log", "new.log").verdict
    'better'
    """
    given = ([baseline] if baseline is not None and not _is_name(baseline, labels, by) else []) + list(arms)
    options = Options(
        metrics=(metric,) if isinstance(metric, str) else tuple(metric or ()),
        margin=margin,
        x=x,
        goal=goal,
        seed_std=seed_std,
        paired=paired,
        warmup_steps=warmup_steps,
        max_steps=max_steps,
        smooth=smooth,
    )
    made = arms_of(given, labels, x) if by is None else by_setting(given, by, x)
    if len(made) < 2:
        raise TooFew(f"wanted two arms or more, found {len(made)}", help="name a baseline and a candidate")
    first = _chosen(made, baseline) if isinstance(baseline, str) and _is_name(baseline, labels, by) else made[0]
    return Comparison(first, tuple(named_as(first, arm) for arm in made if arm is not first), options)


def _is_name(baseline: Given, labels: Sequence[str] | None, by: str | None) -> bool:
    """Whether a baseline names one of the arms instead of being one."""
    return isinstance(baseline, str) and (by is not None or baseline in (labels or ()))


def _chosen(arms: Sequence[Arm], name: str) -> Arm:
    found = next((arm for arm in arms if name in (arm.name, arm.name.partition("=")[2])), None)
    if found is None:
        raise UsageError(f"no arm '{name}'", help="the arms are " + ", ".join(arm.name for arm in arms))
    return found
