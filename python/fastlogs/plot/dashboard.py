"""One run on one page: its curves, its speed, its epochs and its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fastlogs._compare.facts import facts
from fastlogs._compare.series import Curves
from fastlogs._metrics import role_of
from fastlogs.errors import TooFew
from fastlogs.plot import axes, data, palette, panel
from fastlogs.plot.drawn import figure
from fastlogs.plot.epochs import boxes
from fastlogs.plot.panel import Panel
from fastlogs.plot.words import fitted, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from fastlogs.plot.look import Look
    from fastlogs.stats.floats import Floats

# What people look for first.
_SETTINGS = (
    "model_config", "model", "model_type", "arch", "dataset_name", "dataset", "optimizer", "learning_rate", "lr",
    "batch_size", "gradient_accumulation_steps", "num_epochs", "epochs", "weight_decay",
    "warmup_steps", "dropout", "seed",
)  # fmt: skip
_LINES = 14


@figure("run")
def dashboard(run: Curves, look: Look) -> Figure:
    """One run on one page, with its settings."""
    if not run.metrics or not run.table.height:
        raise TooFew(f"{run.name} has no metric", help="fastlogs summary PATH shows what was read")
    sheet = axes.canvas(look, (15.0, 9.6))
    grid = sheet.add_gridspec(3, 3)
    loss = run.of_role("loss") or run.of_role("val_loss")
    places = [grid[0, :2], grid[1, :2], grid[1, 2], grid[2, 0], grid[2, 1]]
    shown = [
        Panel("Loss", loss, run.of_role("val_loss")),
        Panel("Perplexity", data.ppl(run), data.val_ppl(run), log=True),
        Panel("Learning rate", run.of_role("lr"), log=_spans(run, run.of_role("lr")), raw=True),
        Panel("Gradient norm", run.of_role("grad_norm")),
        Panel("Throughput", run.of_role("throughput")),
    ]
    for place, one in zip(places, _filled(shown, run, look), strict=True):
        panel.draw(axes.frame(sheet.add_subplot(place)), run, one, look)
    boxes(axes.frame(sheet.add_subplot(grid[2, 2])), run, loss or _most_logged(run)[0], look)
    _box(sheet.add_subplot(grid[0, 2]), run, loss)
    axes.headline(sheet, look.titled(fitted(run.name, 80)))
    return sheet


def _filled(shown: list[Panel], run: Curves, look: Look) -> list[Panel]:
    """A panel that the run has nothing for shows what it logged most instead."""
    taken = {name for one in shown for name in (one.train, one.val)}
    spare = iter([name for name in _most_logged(run) if name not in taken])
    return [
        one if panel.has(run, one, look) or (name := next(spare, None)) is None else Panel(fitted(name, 40), name)
        for one in shown
    ]


def _most_logged(run: Curves) -> list[str]:
    """The metrics, of most values first, those of a known role before them and counters and constants last."""

    def rank(name: str) -> tuple[bool, bool, int]:
        y = run.series(name).y
        return _counts(y), role_of(name) is None, -y.size

    return sorted(run.metrics, key=rank)


def _counts(y: Floats) -> bool:
    """Whether values tell nothing of how a run went: a constant, or whole numbers that never fall."""
    return bool(y.size < 2 or np.ptp(y) == 0 or ((np.diff(y) >= 0).all() and (y == np.floor(y)).all()))


def _spans(run: Curves, metric: str | None) -> bool:
    """Whether a schedule spans more than two decades, warm-up left out."""
    y = run.series(metric or "").y
    y = y[y > 0]
    return bool(y.size and y.max() > 100 * y[y.size // 10 :].min())


def _box(ax: Axes, run: Curves, loss: str | None) -> None:
    """What the run came to, and its settings, as far as there is room."""
    ax.set_axis_off()
    rows = [*_came_to(run, loss), ("", ""), *_settings(run)]
    head = {"va": "top", "fontsize": axes.PLAIN + 0.5, "fontweight": "bold", "color": palette.TEXT}
    axes.say(ax, 0.0, 1.0, "Run", **head)
    for row, (key, value) in enumerate(rows[:_LINES]):
        y = 0.88 - row * 0.93 / _LINES
        axes.say(ax, 0.0, y, fitted(key, 26), va="top")
        axes.say(ax, 0.52, y, fitted(value, 26), va="top", color=palette.TEXT)


def _came_to(run: Curves, loss: str | None) -> list[tuple[str, str]]:
    told = facts(run)
    y = run.series(loss or "").y
    epochs = data.epoch_of(run, run.places)
    rows = [
        ("steps", None if told.total_steps is None else f"{told.total_steps:,}"),
        ("epochs", None if epochs is None or not epochs.size else f"{np.unique(epochs).size:,}"),
        ("duration", None if told.duration_hours is None else _hours(told.duration_hours)),
        ("tokens", None if told.total_tokens_m is None else f"{told.total_tokens_m:,.6g} M"),
        (f"first {loss}", short(float(f"{y[0]:.5g}")) if y.size else None),
        (f"last {loss}", short(float(f"{y[-1]:.5g}")) if y.size else None),
        (f"lowest {loss}", short(float(f"{y.min():.5g}")) if y.size else None),
        ("best validation", None if told.best_val_loss is None else short(float(f"{told.best_val_loss:.5g}"))),
    ]
    return [(key, value) for key, value in rows if value is not None]


def _hours(hours: float) -> str:
    return f"{hours:,.2f} h" if hours >= 1 else f"{60 * hours:.1f} min"


def _settings(run: Curves) -> list[tuple[str, str]]:
    """Settings, those that people ask for first."""
    known = dict(run.run.config)
    first = [key for wanted in _SETTINGS for key in known if key == wanted or key.endswith(f".{wanted}")]
    return [(key, str(known[key])) for key in [*first, *(k for k in known if k not in first)]]
