"""Figures by name: ours, one file each, and those of other packages and of the caller's own."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from fastlogs.errors import TooFew, UsageError
from fastlogs.plot.look import Look

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from fastlogs._compare import Comparison
    from fastlogs._compare.arms import Given
    from fastlogs._sweep import Sweep
    from fastlogs.plot.data import NamedCurves

Takes: TypeAlias = Literal["run", "runs", "comparison", "sweep"]
# Packages name their figures in this group of entry points.
GROUP = "fastlogs.figures"

FIGURES: Mapping[str, str] = MappingProxyType(
    {
        "all_modes_overview": "Every family of metrics at a glance, baseline beside candidate.",
        "comparison_dashboard": "Loss, final losses, learning rate and throughput of several runs.",
        "correlation": "How settings and results of many runs go together.",
        "curves": "Loss, perplexity, learning rate and gradient norm of one run.",
        "dashboard": "One run on one page, with its settings.",
        "directions": "How the result goes along each setting of a sweep.",
        "family": "One family of metrics: values, loss, ratio, difference.",
        "forest": "Relative differences of all metrics with their intervals.",
        "importance": "How much each setting matters, beside what luck reaches.",
        "interaction": "The strongest interaction of two settings as a table of colours.",
        "leaderboard": "The best settings of a sweep with their intervals and tiers.",
        "loss_comparison": "Training loss of several runs, validation as dots.",
        "loss_landscape": "Loss with its epochs, and how it is spread in each.",
        "losses": "The deciding metric of every run.",
        "losses_diff": "The difference from the baseline with its band, margin and onset.",
        "optimization_dynamics": "Learning rate, gradient norm, throughput and time a step.",
        "parallel": "Settings and result of many runs as lines across axes.",
        "pareto": "Quality against cost, the front and its knee.",
        "ppl_comparison": "Perplexity of several runs on a log axis.",
        "ratio": "Candidate over baseline, and where one is twice the other.",
        "seeds": "A dot a seed, with each arm's mean and interval.",
        "step_time": "Time a step, warm-up greyed, and its distribution.",
        "sweep_curves": "The curves of all runs of a sweep, the failed ones too.",
        "sweep_parallel": "Settings and result of a sweep as lines across axes.",
        "throughput_comparison": "Throughput of several runs with their means.",
        "training_curves": "Every metric of one run, or the ones asked for.",
        "training_curves_comparison": "The metrics that several runs share.",
        "training_loss_comparison": "Training losses and their difference.",
    }
)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure's function, and whether it draws one `run`, several `runs` by name, a `comparison` or a `sweep`."""

    draw: Callable[[Any, Look], Figure]
    takes: Takes

    @property
    def name(self) -> str:
        return self.draw.__name__

    @property
    def about(self) -> str:
        return (self.draw.__doc__ or "").strip().split("\n")[0]

    def __call__(self, data: Any, look: Look | None = None) -> Figure:
        return self.draw(data, look or Look())


def figure(takes: Takes) -> Callable[[Callable[[Any, Look], Figure]], Drawing]:
    """Makes a figure of a function `(data, look) -> matplotlib.figure.Figure`.

    `data` is a run's `Curves`, a mapping of them by name, a `Comparison` or a `Sweep`.

    >>> @figure("runs")
    ... def mine(runs, look):
    ...     "Nothing at all."
    >>> mine.name, mine.takes, mine.about
    ('mine', 'runs', 'Nothing at all.')
    """
    return lambda draw: Drawing(draw, takes)


def find(name: str) -> Drawing:
    """The figure of a name: one of ours, else one of an installed package; refuses a name that is none."""
    from importlib import import_module

    if name in FIGURES:
        found: Drawing = getattr(import_module(f"fastlogs.plot.{name}"), name)
        return found
    theirs = others()
    if name not in theirs:
        raise UsageError(f"no figure '{name}'", help=_near(name, [*FIGURES, *theirs]))
    loaded = theirs[name].load()
    if not isinstance(loaded, Drawing):
        raise UsageError(f"the figure '{name}' of {theirs[name].value} is no function under @figure(...)")
    return loaded


def others() -> dict[str, Any]:
    """The figures that installed packages bring, by name; none is loaded."""
    from importlib.metadata import entry_points

    return {point.name: point for point in entry_points(group=GROUP) if point.name not in FIGURES}


def _near(name: str, names: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, names, n=3)
    return f"did you mean {', '.join(near)}" if near else "'fastlogs plot list' shows them all"


def plot(
    name: str | Drawing,
    *given: Given | Comparison | Sweep,
    output: str | os.PathLike[str] | None = None,
    labels: list[str] | None = None,
    **options: Any,
) -> Figure:
    """The figure of a name (or a `Drawing` of your own) of paths, runs, frames, a `Comparison` or a `Sweep`.

    Options are those of `Look`: metrics, title, prefix, smooth, log, validation, warmup_steps, max_steps, x, dpi.
    `output` writes it too, in the form its ending says. Refuses (`TooFew`) runs that have nothing it shows.

    >>> fastlogs.plot.plot("loss_comparison", "train.log", output="loss.png").axes[0].get_ylabel()
    'train_loss'
    """
    drawing = find(name) if isinstance(name, str) else name
    look = Look(**_listed(options))
    made = drawing.draw(_data(drawing, given, labels, look), look)
    if output is not None:
        from fastlogs.plot.write import save

        save(made, output, dpi=look.dpi)
    return made


def _listed(options: dict[str, Any]) -> dict[str, Any]:
    """With `metrics` (or `metric`) as a tuple, whether one or several were named."""
    asked = options.pop("metric", None) or options.get("metrics") or ()
    return {**options, "metrics": (asked,) if isinstance(asked, str) else tuple(asked)}


def _data(drawing: Drawing, given: tuple[Any, ...], labels: list[str] | None, look: Look) -> Any:
    from fastlogs._compare import Comparison

    if drawing.takes == "sweep":
        return _swept(given, look)
    ready = given[0] if len(given) == 1 and isinstance(given[0], Comparison) else None
    if drawing.takes == "comparison":
        return ready or _compared(given, labels, look)
    runs = dict(ready.runs) if ready else runs_of(given, labels, look)
    if drawing.takes == "runs":
        return runs
    if len(runs) != 1:
        raise UsageError(f"{drawing.name} shows one run, found {len(runs)}", help="name one of them")
    return next(iter(runs.values()))


def _swept(given: tuple[Any, ...], look: Look) -> Sweep:
    from fastlogs._sweep import Sweep, sweep

    if len(given) == 1 and isinstance(given[0], Sweep):
        return given[0]
    return sweep(list(given), metric=next(iter(look.metrics), None))


def _compared(given: tuple[Any, ...], labels: list[str] | None, look: Look) -> Comparison:
    from fastlogs._compare import compare

    asked = list(look.metrics) or None
    return compare(
        *given, labels=labels, metric=asked, x=look.x, warmup_steps=look.warmup_steps, max_steps=look.max_steps
    )


def runs_of(given: tuple[Any, ...], labels: list[str] | None, look: Look) -> NamedCurves:
    """Every run of what was given, by a name of its own."""
    from fastlogs._compare.arms import arms_of, named_runs

    if not given:
        raise TooFew("no run to draw", help="name a log, a run folder, or a folder of runs")
    return named_runs(arms_of(given, labels, look.x))
