"""Figures: what is on them, what they refuse, and that nothing is left behind."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import warnings
import xml.etree.ElementTree as ET
from functools import cache
from itertools import pairwise
from pathlib import Path

import fastlogs
import numpy as np
import polars as pl
import pytest
from conftest import nanogpt
from fastlogs.errors import TooFew, UnknownMetric, UsageError
from fastlogs.plot import FIGURES, Look, figure, figures, plot, run_figures, save
from fastlogs.plot import axes as frames
from fastlogs.plot import words as words_module
from fastlogs.plot.drawn import find, runs_of
from fastlogs.plot.ends import apart
from fastlogs.plot.lines import broken, pauses
from fastlogs.plot.smooth import smoothed
from fastlogs.plot.thin import thin
from fastlogs.plot.words import fitted, power, short, spelt_out
from figure_runs import frame, mean_around
from figure_runs import thin as plain_thin
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.text import Text
from swept_runs import counted

HOSTILE = [
    "$\\frac{a",
    "_hidden",
    "a\nb\tc\x00\x1b[31m",
    "\u202eevil",
    "<script>",
    "x" * 500,
    "",
    "損失🙂",
    "../../etc",
    "%s{}",
]


@cache
def pair() -> fastlogs.Comparison:
    return fastlogs.compare(frame(modes=2), frame(seed=1, final=2.4, modes=2), labels=["base", "new"])


@cache
def arms() -> fastlogs.Comparison:
    one, other = ([frame(200, seed=s + 10 * arm, final=2.5 - arm / 10) for s in range(4)] for arm in range(2))
    return fastlogs.compare(one, other, labels=["base", "new"])


def several(count: int, steps: int = 60) -> list[pl.DataFrame]:
    return [frame(steps, seed=seed, final=2.5 + 0.01 * seed, every=5) for seed in range(count)]


def words(made: Figure) -> list[str]:
    """Every text on a figure, legends and ticks too."""
    made.canvas.draw()
    return [text.get_text() for text in made.findobj(Text) if text.get_text() and text.get_visible()]


def given_for(name: str, tmp_path: Path) -> list[object]:
    """What a figure can be drawn of."""
    if name in ("correlation", "parallel"):
        return [str(sweep(tmp_path))]
    if find(name).takes == "sweep":
        return [counted("interacting" if name == "interaction" else "u_shaped")]
    if name == "seeds":
        return [arms()]
    if find(name).takes == "comparison":
        return [pair()]
    return [frame()] if find(name).takes == "run" else [frame(), frame(seed=1)]


def sweep(folder: Path, runs: int = 8) -> Path:
    for at in range(runs):
        run = folder / "sweep" / f"run{at}"
        run.mkdir(parents=True, exist_ok=True)
        settings = {"lr": 10.0 ** -(2 + at / 2), "width": 64 * (1 + at % 2), "opt": ["adam", "sgd"][at % 2], "seed": 1}
        (run / "config.json").write_text(json.dumps(settings))
        rows = "".join(f"{step},{2 + at / 10 + 3 / step}\n" for step in range(1, 30))
        (run / "metrics.csv").write_text("step,train_loss\n" + rows)
    return folder / "sweep"


# Of every figure.

# Those that draw runs by their curves, one or two of them.
CURVED = [n for n in FIGURES if n not in ("correlation", "parallel", "seeds") and find(n).takes != "sweep"]


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_drawn_and_says_what_it_shows(name: str, tmp_path: Path) -> None:
    made = plot(name, *given_for(name, tmp_path), prefix="Pre: ")

    assert isinstance(made, Figure)
    assert any(text.startswith("Pre: ") for text in words(made))
    shown = [ax for ax in made.axes if ax.axison]
    assert shown
    assert all(ax.lines or ax.images or ax.patches or ax.collections or ax.texts for ax in shown)
    assert find(name).about == FIGURES[name]


@pytest.mark.parametrize("name", FIGURES)
def test_the_same_figure_is_the_same_bytes(name: str, tmp_path: Path) -> None:
    given = given_for(name, tmp_path)
    # An SVG of a large page takes a second to write: one of each kind will do.
    for form in ("png", "svg") if name in ("losses", "losses_diff", "seeds") else ("png",):
        for twice in ("a", "b"):
            plot(name, *given, output=tmp_path / f"{twice}.{form}", dpi=50)

        assert (tmp_path / f"a.{form}").read_bytes() == (tmp_path / f"b.{form}").read_bytes()


@pytest.mark.parametrize("name", CURVED)
@pytest.mark.parametrize("steps", [1, 2, 5, 9])
def test_V07_few_rows_give_a_figure_or_a_reason(name: str, steps: int) -> None:
    rows = pl.DataFrame({"step": range(1, steps + 1), "train_loss": [5.0 - i / 4 for i in range(steps)], "lr": 1e-3})
    given = (rows,) if find(name).takes == "run" else (rows, rows.with_columns(pl.col("train_loss") + 0.1))
    try:
        made = plot(name, *given)
    except TooFew as refused:
        made = refused

    assert refused_or_drawn(made)


def refused_or_drawn(made: Figure | TooFew) -> bool:
    return bool(made.message) if isinstance(made, TooFew) else all(drawn(ax) for ax in made.axes if ax.axison)


def drawn(ax) -> bool:
    """Whether an axes shows data, or says why it does not."""
    data = [line for line in ax.lines if np.isfinite(np.asarray(line.get_ydata(), dtype=float)).any()]
    return bool(data or ax.patches or ax.collections or ax.texts)


@pytest.mark.parametrize("name", [name for name in CURVED if find(name).takes != "comparison"])
def test_V07_constant_and_unfinite_metrics_are_told(name: str) -> None:
    step = range(1, 61)
    odd = {
        "loss": 1.0,
        "ppl": [float("nan")] * 60,
        "lr": 0.0,
        "grad_norm": [1.0, float("inf")] * 30,
        "tok_s": 5.0,
        "step_time": 1.0,
    }
    table = pl.DataFrame({"step": step, **odd})
    if name == "ppl_comparison":
        with pytest.raises(TooFew, match="no perplexity"):
            plot(name, table)
    else:
        assert all(drawn(ax) for ax in plot(name, table).axes if ax.axison)


@pytest.mark.parametrize("name", CURVED)
def test_hostile_names_are_drawn_as_they_are_or_not_at_all(name: str, tmp_path: Path) -> None:
    renamed = {"train_loss": "$\\alpha_{loss", "mode1_ppl": "$mode1$_ppl"}
    tables = [frame(80, seed=at, modes=2).rename(renamed) for at in range(len(HOSTILE))]
    takes = find(name).takes
    given = tables[:1] if takes == "run" else tables
    labels = HOSTILE[: len(given)]
    for form in ("png", "pdf", "svg"):
        plot(name, *given, labels=labels, metrics=["*loss"], output=tmp_path / f"x.{form}", title="$\\frac{", dpi=40)
    ET.parse(tmp_path / "x.svg")


def test_nothing_is_left_open_and_pyplot_is_never_loaded(tmp_path: Path) -> None:
    code = "import sys, polars as pl; from fastlogs.plot import plot\n"
    code += "t = pl.DataFrame({'step': range(99), 'loss': [1.0] * 99})\n"
    code += "plot('curves', t, output='x.png'); print('matplotlib.pyplot' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)

    assert said.stdout == "False\n"


def test_the_users_own_settings_stay_and_do_not_matter(tmp_path: Path) -> None:
    import matplotlib

    before = dict(matplotlib.rcParams)
    plot("losses", frame(), output=tmp_path / "a.svg")

    assert dict(matplotlib.rcParams) == before


@pytest.mark.slow
def test_memory_is_flat_over_two_hundred_figures(tmp_path: Path) -> None:
    runs = runs_of((frame(), frame(seed=1)), None, Look())
    peaks = []
    for at in range(200):
        save(find("loss_comparison")(runs, Look(dpi=50)), tmp_path / "x.png")
        if at % 50 == 49:
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)

    # Kilobytes: a figure that stayed would weigh over a megabyte each.
    assert peaks[-1] - peaks[0] < 20_000


# How many runs can be read.


@pytest.mark.parametrize(
    ("count", "way"), [(1, "alone"), (2, "ends"), (6, "ends"), (12, "legend"), (20, "legend"), (60, "bands")]
)
def test_runs_are_named_at_their_ends_then_in_a_list_then_as_bands(count: int, way: str) -> None:
    names = [f"run-{at}" for at in range(count)]
    made = plot("losses", *several(count), labels=names)
    ax = made.axes[0]
    legend = ax.get_legend()

    assert (legend is not None) == (way == "legend")
    if way == "legend":
        assert sorted(text.get_text() for text in legend.get_texts()) == sorted(names)
    if way == "ends":
        assert {text.get_text() for text in ax.texts} >= set(names)
    if way == "bands":
        assert len(ax.collections) == 2
        told = {text.get_text() for text in ax.texts}
        best = sorted(range(60), key=lambda at: several(60)[at]["train_loss"][-6:].mean())
        assert {f"run-{at}" for at in (*best[:3], best[-1])} | {"median of 60"} <= told


@pytest.mark.slow
def test_three_hundred_runs() -> None:
    made = plot("losses", *several(300, 40))

    assert "300 runs: median, middle 50 % and 90 %" in words(made)


def test_colours_differ_for_twenty_eight_runs() -> None:
    from fastlogs.plot.palette import ink

    assert len({ink(at) for at in range(28)}) == 28


@given(st.lists(st.floats(0, 1), min_size=1, max_size=14).map(sorted), st.floats(0.01, 0.06))
def test_labels_lie_apart_and_within(places: list[float], least: float) -> None:
    moved = apart(places, least)

    assert all(b - a >= least - 1e-9 for a, b in pairwise(moved))
    assert moved[0] >= -1e-9
    assert moved[-1] <= 1 + 1e-9 or least * len(places) > 1


# What a pixel shows.


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0.01, 5), st.one_of(st.floats(-9, 9), st.sampled_from([np.nan, np.inf, -np.inf]))),
        max_size=300,
    ),
    st.integers(1, 40),
)
def test_thinning_keeps_the_extremes_of_each_column(rows: list[tuple[float, float]], columns: int) -> None:
    x, y = np.cumsum([row[0] for row in rows]), np.array([row[1] for row in rows])

    assert thin(x, y, columns).tolist() == plain_thin(x, y, columns)


@settings(deadline=None)
@given(st.lists(st.one_of(st.floats(-9, 9), st.sampled_from([np.nan, np.inf])), max_size=80), st.integers(2, 40))
def test_smoothing_is_the_weighted_mean_around(y: list[float], window: int) -> None:
    values = np.array(y)

    np.testing.assert_allclose(smoothed(values, window), mean_around(values, (window - 1) / (window + 3)), atol=1e-9)


def test_a_million_points_become_two_a_pixel() -> None:
    long = pl.DataFrame({"step": range(1_000_000), "loss": np.random.default_rng(0).normal(size=1_000_000)})
    ax = plot("losses", long).axes[0]
    (raw,), (bold,) = ax.collections, ax.lines
    corners = raw.get_paths()[0].vertices

    assert max(len(corners), len(bold.get_xdata())) <= 2 * 1350 + 5
    assert corners[:, 1].max() == long["loss"].max()
    assert corners[:, 1].min() == long["loss"].min()


def test_the_area_of_a_raw_curve_has_no_hole_where_the_curve_jumps() -> None:
    y = np.repeat([0.0, 1.0], 3000)
    ax = plot("losses", pl.DataFrame({"step": range(6000), "loss": y})).axes[0]

    across = [c[0] for c in ax.collections[0].get_paths()[0].to_polygons()[0] if c[1] == 1.0]

    # Where it is low up to the jump and high from there, the column of the jump is both.
    assert min(across) <= 3000
    assert max(across) > 5900


def test_a_pause_is_a_gap_and_a_change_of_rhythm_is_none() -> None:
    paused = np.concatenate([np.arange(100.0), np.arange(300.0, 400.0)])
    seldom = np.concatenate([np.arange(100.0), np.arange(100.0, 5000.0, 50.0)])
    x, y = broken(paused, np.ones(200))

    assert pauses(paused).tolist() == [99]
    assert pauses(seldom).size == 0
    assert np.isnan(y[100])
    assert x[100] == (99 + 300) / 2


def test_what_is_not_finite_is_marked_and_breaks_the_line() -> None:
    y = [3.0, 2.0, float("nan"), 2.0, float("inf"), 1.0]
    ax = plot("losses", pl.DataFrame({"step": range(6), "loss": y})).axes[0]
    line = next(line for line in ax.lines if not line.get_label().startswith("_unfinite"))
    marks = next(line for line in ax.lines if line.get_label() == "_unfinite")

    assert np.isnan(line.get_ydata()[[2, 4]]).all()
    assert marks.get_xdata().tolist() == [2.0, 4.0]


def test_a_value_far_off_is_told_and_does_not_squeeze_the_rest() -> None:
    y = np.linspace(3, 2, 100)
    y[50] = 1.3633944e15
    made = plot("losses", pl.DataFrame({"step": range(100), "loss": y}))

    assert made.axes[0].get_ylim()[1] < 5
    assert "↑ up to 1.36e+15" in words(made)


def test_a_log_axis_says_what_it_cannot_show() -> None:
    made = plot("losses", pl.DataFrame({"step": range(4), "loss": [10.0, 1.0, 0.0, -1.0]}), log=True)

    assert made.axes[0].get_yscale() == "log"
    assert "2 values of 0 or less are not on a log axis" in words(made)


def test_epochs_are_marked() -> None:
    ax = plot("curves", frame(60)).axes[0]
    dashed = [line for line in ax.lines if line.get_linestyle() == "--" and len(line.get_xdata()) == 2]

    assert [line.get_xdata()[0] for line in dashed] == [21, 41]


def test_restarts_are_marked_or_counted(tmp_path: Path) -> None:
    steps = [*range(30), *range(20, 50)]
    lines = [f"iter {step}: loss {3 + 5 / (step + 1):.4f}, time 130.00ms, mfu 41.00%" for step in steps]
    (tmp_path / "a.log").write_text("\n".join(lines) + "\n")
    kept = plot("curves", fastlogs.load(tmp_path / "a.log", restarts="keep")).axes[0]
    marks = next(line for line in kept.lines if line.get_label() == "_restart")

    assert marks.get_xdata().tolist() == [20.0]
    assert any("resumed 1 time" in text for text in words(plot("curves", tmp_path / "a.log")))


# Words.


@given(st.text(max_size=200), st.integers(3, 40))
def test_any_name_becomes_one_short_line(name: str, longest: int) -> None:
    said = fitted(name, longest)

    assert len(said) <= longest
    assert said.isprintable()


def test_letters_that_no_font_has_are_spelt_out_and_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fastlogs.plot.words._FILLING", ())
    for kept in (words_module.fonts, words_module._glyphs):
        kept.cache_clear()
    try:
        assert fitted("实验1") == "\\u5b9e\\u9a8c1"
        assert fitted("🚀 go") == ":rocket: go"
        assert fitted("ＡＢＣ") == "ABC"
        assert fitted("naïve Ω") == "naïve Ω"
        assert [spelt_out(name) for name in ("实验", "plain", "naïve")] == [True, False, False]
        told = "".join(
            str(block) for block in fastlogs.report(pl.DataFrame({"step": range(9), "loss": range(9)})).blocks
        )
        assert "No font" not in told
        compared = fastlogs.compare(frame(), frame(seed=2), labels=["基准", "🚀"])
        assert sum("No font of this system" in str(block) for block in fastlogs.report(compared).blocks) == 1
    finally:
        for kept in (words_module.fonts, words_module._glyphs):
            kept.cache_clear()


def test_a_font_of_the_system_fills_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fastlogs.plot.words._FILLING", ("No Such Font", "DejaVu Serif"))
    words_module.fonts.cache_clear()
    try:
        assert words_module.fonts() == ("DejaVu Sans", "DejaVu Serif")
    finally:
        words_module.fonts.cache_clear()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (9999, "9,999"),
        (12_500, "12.5k"),
        (2e6, "2M"),
        (3e9, "3B"),
        (0.00025, "0.00025"),
        (2.5e-5, "2.5e-05"),
        (-0.5, "−0.5"),
        (1e15, "1e+15"),
    ],
)
def test_short_numbers(value: float, said: str) -> None:
    assert short(value) == said


def test_powers() -> None:
    assert [power(v) for v in (1, 1000, 1e4, 1e-3, 5e-5, 0, -1)] == ["1", "1,000", "10⁴", "10⁻³", "5·10⁻⁵", "", ""]


def test_units_stand_on_the_axes(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(nanogpt(100))
    made = plot("training_curves", tmp_path / "a.log", metrics=["time", "mfu"])

    assert [ax.get_ylabel() for ax in made.axes] == ["time (ms)", "mfu (%)"]
    assert made.axes[0].get_xlabel() == "step"


# The rows of the originals.


def test_C05_the_figures_of_a_comparison_are_written(tmp_path: Path) -> None:
    made = dict(figures(pair()))
    for name, one in made.items():
        if not isinstance(one, str):
            save(one, tmp_path / name)
    written = {path.name: path.stat().st_size for path in tmp_path.iterdir()}

    expected = {
        "loss_comparison.png",
        "ppl_comparison.png",
        "throughput_comparison.png",
        "curves_base.png",
        "curves_new.png",
    }
    assert expected <= set(written)
    assert all(size > 5000 for size in written.values())
    curves = made["curves_base.png"]
    assert [ax.get_title(loc="left") for ax in curves.axes] == ["Loss", "Perplexity", "Learning rate", "Gradient norm"]
    assert curves.axes[1].get_yscale() == "log"


def test_C05_validation_is_dots_of_the_runs_colour() -> None:
    ax = plot("loss_comparison", frame(), frame(seed=1)).axes[0]
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    solid = {line.get_color() for line in ax.lines if line.get_linewidth() == 1.5}

    assert [len(line.get_xdata()) for line in dots] == [20, 20]
    assert {line.get_color() for line in dots} == solid


def test_C05_throughput_has_a_line_at_each_mean() -> None:
    one, other = frame(), frame(seed=1)
    ax = plot("throughput_comparison", one, other).axes[0]
    means = [line.get_ydata()[0] for line in ax.lines if line.get_linestyle() == "--"]

    assert means == pytest.approx([one["tok_s"].mean(), other["tok_s"].mean()])


def test_C06_fewer_rows_than_the_window(tmp_path: Path) -> None:
    path = (
        plot("curves", frame(8), smooth=50, output=tmp_path / "training_curves.png")
        and tmp_path / "training_curves.png"
    )

    assert path.stat().st_size > 5000


def test_C10_each_function_takes_title_output_window_scale_and_validation(tmp_path: Path) -> None:
    for name in ("loss_comparison", "ppl_comparison", "throughput_comparison", "training_curves"):
        made = plot(name, frame(), title="Mine", output=tmp_path / f"{name}.png", smooth=5, log=True, validation=False)

        assert "Mine" in words(made)
        assert (tmp_path / f"{name}.png").exists()
        assert all(line.get_marker() != "o" for line in made.axes[0].lines)
    assert plot("ppl_comparison", frame(), log=False).axes[0].get_yscale() == "linear"


def test_B04_the_difference_needs_two_runs() -> None:
    alone, two = frame(), pair()
    assert isinstance(plot("losses", alone, prefix="P "), Figure)
    assert isinstance(plot("step_time", alone), Figure)
    with pytest.raises(TooFew):
        plot("losses_diff", alone)
    made = plot("losses_diff", two, prefix="P ")

    assert "P Loss difference: new − base" in words(made)
    assert "verdict window" in words(made)
    assert "margin" in words(made)
    assert made.axes[0].get_ylabel() == "difference in train_loss"


def test_B04_the_difference_is_that_of_the_runs() -> None:
    one = frame()
    ax = plot("losses_diff", fastlogs.compare(one, one.with_columns(pl.col("train_loss") - 0.25))).axes[0]
    means = next(line for line in ax.lines if line.get_linewidth() == 1.6)

    assert np.asarray(means.get_ydata()) == pytest.approx(-0.25)


def test_B04_the_warm_up_of_step_times_is_grey() -> None:
    left, right = plot("step_time", frame()).axes
    grey = next(line for line in left.lines if line.get_color() == "#b0b0b0")

    assert left.get_ylabel() == "time a step (ms)"
    assert grey.get_xdata().max() == pytest.approx(31, abs=10)
    assert "share" in right.get_ylabel()


def test_D02_families_are_found_and_each_member_has_its_page() -> None:
    made = dict(figures(pair()))

    assert {
        "mode1_comparison.png",
        "mode2_comparison.png",
        "all_modes_overview.png",
        "training_loss_comparison.png",
    } <= set(made)
    page = made["mode1_comparison.png"]
    titles = [ax.get_title(loc="left") for ax in page.axes]
    assert titles == ["mode1_ppl, log axis", "mode1_loss", "mode1_ppl ÷ that of base", "mode1_ppl − that of base"]
    assert page.axes[0].get_yscale() == "log"


def test_D02_the_ratio_says_where_one_run_is_twice_the_other() -> None:
    one = frame()
    late = one.with_columns(
        pl.when(pl.col("step") >= 200).then(3.0).otherwise(1.0).mul(pl.col("train_loss")).alias("train_loss")
    )

    assert "twice the other from 200" in words(plot("ratio", fastlogs.compare(one, late)))


def test_V01_a_dashboard_without_a_usual_metric_shows_what_was_logged_most() -> None:
    logged = {f"custom/metric_{at}": [(at + step) / 7 for step in range(60)] for at in range(6)}
    rare = {"custom/rare": [1.0, *[None] * 59]}
    made = plot(
        "dashboard",
        pl.DataFrame({"step": range(60), "pid": [7.0] * 60, "count": [float(n) for n in range(60)], **rare, **logged}),
    )

    titles = [ax.get_title(loc="left") for ax in made.axes if ax.axison]
    assert titles == [*list(logged)[:5], "By tenth"]
    assert "no data" not in words(made)


def test_V01_the_dashboard_has_seven_panels_and_the_settings(tmp_path: Path) -> None:
    run = next(iter(sweep(tmp_path).iterdir()))
    (run / "metrics.csv").write_text(frame(100).write_csv())
    made = plot("dashboard", run)

    titles = [ax.get_title(loc="left") for ax in made.axes if ax.axison]
    assert titles == ["Loss", "Perplexity", "Learning rate", "Gradient norm", "Throughput", "By epoch"]
    assert {"Run", "steps", "100", "lr", "width"} <= set(words(made))


def test_V02_metrics_are_chosen_found_and_refused() -> None:
    table = frame().with_columns(own_thing=pl.col("step") * 1.0)
    titles = [ax.get_title(loc="left") for ax in plot("training_curves", table).axes if ax.axison]
    chosen = [ax.get_title(loc="left") for ax in plot("training_curves", table, metrics=["lr", "@grad_norm"]).axes]

    assert titles == ["train_loss", "ppl", "lr", "grad_norm", "tok_s", "step_time", "own_thing"]
    assert chosen == ["lr", "grad_norm"]
    with pytest.raises(UnknownMetric, match="no metric 'nope'"):
        plot("training_curves", table, metrics=["nope"])


def test_V03_the_landscape_has_a_box_an_epoch() -> None:
    made = plot("loss_landscape", frame())
    boxes = made.axes[1]

    assert [round(bar.get_x() + bar.get_width() / 2) for bar in boxes.patches] == [1, 2, 3]
    third = frame().filter(pl.col("epoch") == 3)["train_loss"]
    assert boxes.patches[2].get_y() == pytest.approx(third.quantile(0.25, "linear"))


def test_V04_the_dynamics_stand_infinite_norms() -> None:
    table = frame().with_columns(
        grad_norm=pl.when(pl.col("step") == 7).then(float("inf")).otherwise(pl.col("grad_norm"))
    )
    made = plot("optimization_dynamics", table)

    assert made.axes[0].get_yscale() == "log"
    assert any("1 value not finite" in text for text in words(made))
    assert sum(bar.get_height() for bar in made.axes[2].patches) == pytest.approx(397, abs=3)


def test_V05_fifty_runs_are_readable() -> None:
    runs = several(50)
    page, curves = plot("comparison_dashboard", *runs), plot("training_curves_comparison", *runs)

    assert "26 runs between" in words(page)
    assert "50 runs: median, middle 50 % and 90 %" in words(curves)
    assert len(page.axes[1].get_yticks()) == 24


def test_V06_every_figure_of_a_run_and_one_of_your_own(tmp_path: Path) -> None:
    @figure("runs")
    def own(runs: object, look: Look) -> Figure:
        """Mine."""
        sheet = frames.canvas(look)
        frames.panels(sheet, 1, 1)[0].plot([curves.steps.size for curves in runs.values()])
        return sheet

    made = {name: one for name, one in run_figures(runs_of((frame(),), ["mine"], Look())) if not isinstance(one, str)}

    assert set(made) == {
        "training_curves.png",
        *(f"{n}_mine.png" for n in ("dashboard", "training_curves", "loss_landscape", "optimization_dynamics")),
    }
    assert plot(own, frame(), frame(), output=tmp_path / "own.pdf").axes[0].lines[0].get_ydata().tolist() == [400, 400]
    assert (tmp_path / "own.pdf").read_bytes().startswith(b"%PDF")


def test_a_figure_of_another_package_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    packaged(monkeypatch, theirs="fastlogs.plot.losses:losses")

    assert isinstance(plot("theirs", frame()), Figure)


def packaged(monkeypatch: pytest.MonkeyPatch, **figures: str) -> None:
    """As if packages that bring these figures were installed."""
    from importlib.metadata import EntryPoint

    from fastlogs.plot.drawn import GROUP

    points = [EntryPoint(name, value, GROUP) for name, value in figures.items()]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: points if group == GROUP else [])


@figure("run")
def failing(run: object, look: Look) -> Figure:
    """Never."""
    raise ZeroDivisionError("by nought")


def test_V06_figures_of_other_packages_are_in_reports_and_their_faults_are_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    packaged(monkeypatch, theirs="fastlogs.plot.losses:losses", broken="test_plot:failing", gone="no_such_package:x")
    fastlogs.report(frame(), title="x").save(tmp_path / "one")
    fastlogs.report(fastlogs.compare(frame(), frame(seed=2))).save(tmp_path / "two")
    told = (tmp_path / "one" / "report.txt").read_text()

    assert (tmp_path / "one" / "theirs.png").stat().st_size > 5000
    assert (tmp_path / "two" / "theirs.png").exists()
    assert "theirs.png" in (tmp_path / "one" / "report.md").read_text()
    assert "ZeroDivisionError: by nought" in told
    assert "no_such_package" in told
    assert (tmp_path / "one" / "training_curves.png").exists()


# Refusals and files.


def test_a_figure_that_is_none_is_refused_with_near_names() -> None:
    with pytest.raises(UsageError, match="no figure 'loses'") as refused:
        plot("loses", frame())
    assert "losses" in refused.value.help


@pytest.mark.parametrize("options", [{"dpi": 1}, {"smooth": -1}])
def test_options_without_sense_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(UsageError):
        plot("losses", frame(), **options)


def half(path: Path, **_: object) -> None:
    path.write_text("half")
    raise OSError("full")


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    made = plot("losses", frame())
    with pytest.raises(UsageError, match=r"ends in \.png, \.svg or \.pdf"):
        save(made, tmp_path / "x.bmp")
    with pytest.raises(OSError):
        save(made, tmp_path / "none" / "x.png")
    made.savefig = half
    with pytest.raises(OSError, match="full"):
        save(made, tmp_path / "x.svg")

    assert list(tmp_path.iterdir()) == []


def test_no_name_leaves_the_folder_and_none_is_lost(tmp_path: Path) -> None:
    labels = ["A b/c", "a_b_c", "../../up", "..", "\x00"]
    found = fastlogs.compare(*several(5), labels=labels)
    names = [name for name, _ in figures(found) if name.startswith("curves_")]

    assert names == ["curves_A_b_c.png", "curves_a_b_c_2.png", "curves_up.png", "curves_run.png", "curves_run_2.png"]


def test_what_has_no_data_is_told_and_not_drawn() -> None:
    bare = pl.DataFrame({"step": range(100), "loss": np.linspace(3, 2, 100)})
    made = dict(figures(fastlogs.compare(bare, bare.with_columns(pl.col("loss") + 0.1))))

    assert made["ppl_comparison.png"] == "no perplexity in 2 runs"
    assert made["step_time.png"] == "no run logs step times or a clock"
    assert isinstance(made["losses_diff.png"], Figure)


def test_compare_writes_its_figures_and_says_what_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(nanogpt(200))
    (tmp_path / "b.log").write_text(nanogpt(200, seed=8))
    command = [sys.executable, "-m", "fastlogs", "compare", "a.log", "b.log", "-o", "out", "--title-prefix", "T "]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    names = {path.name for path in (tmp_path / "out").iterdir()}

    assert said.returncode == 0, said.stderr
    assert {
        "loss_comparison.png",
        "losses.png",
        "losses_diff.png",
        "step_time.png",
        "curves_a.png",
        "curves_b.png",
    } <= names
    assert "ppl_comparison.png" not in names
    assert "no perplexity in 2 runs" in (tmp_path / "out" / "comparison_report.txt").read_text()


def test_threads_draw_side_by_side(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    runs = runs_of((frame(), frame(seed=1)), None, Look())
    names = ["losses", "loss_comparison", "ppl_comparison", "step_time"] * 3
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda at: save(find(names[at])(runs), tmp_path / f"{at}.png"), range(len(names))))

    for at, path in enumerate(made):
        assert path.read_bytes() == made[at % 4].read_bytes()


def test_no_figure_warns() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in ("losses", "dashboard", "curves"):
            made = plot(name, frame(3))
            made.canvas.draw()
