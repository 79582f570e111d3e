"""Reports: one document of any results, inert whatever the logs say, the same bytes each time."""

from __future__ import annotations

import base64
import errno
import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import fastlogs
import numpy as np
import polars as pl
import pytest
from conftest import nanogpt
from fastlogs._compare.arms import FrameRun
from fastlogs._compare.series import Curves
from fastlogs._report import html, pdf, render
from fastlogs._report.blocks import Chart, Charts, Figure, Heading, Line, Prose, Table, Text
from fastlogs._report.report import report
from fastlogs._report.results import _of_runs, _unique
from fastlogs.errors import TooFew, UsageError
from fastlogs.plot.difference import difference
from fastlogs.plot.folder import run_plan
from figure_runs import frame
from test_cli import fastlogs_

EVIL = "<script>alert(1)</script>"
ATTACKS = (
    EVIL,
    '"><img src=x onerror=alert(1)>',
    "</script><script>alert(1)//",
    "{{7*7}}",
    "&lt;b&gt;",
    "a\x1b[31mb",
    "![x](http://evil)",
)
VOID = {"meta", "link", "img", "input", "br", "line", "hr"}


class Page(HTMLParser):
    """What a browser would see: tags in balance, scripts, texts, what is loaded."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, (tag, self.getpos())

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        inside = self.open[-1] if self.open else ""
        (self.scripts if inside == "script" else self.texts).append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def page(*blocks) -> Page:
    return Page(html.render(list(blocks)))


def charts(run: str = "base", metric: str = "loss") -> Charts:
    x = pl.Series([1.0, 2.0, 3.0]).to_numpy()
    chart = Chart(metric, "", (Line(run, metric, {"step": x}, x),))
    return Charts({run: ("#0072B2", "solid")}, ("step",), (chart,))


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "base.log").write_text(nanogpt(120))
    (tmp_path / "new.log").write_text(nanogpt(120, seed=8, effect=-0.05))
    return tmp_path


@pytest.fixture
def compared(pair: Path) -> fastlogs.Comparison:
    return fastlogs.compare("base.log", "new.log")


# ---- nothing in a log does anything


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_text_is_inert_in_every_block(attack: str) -> None:
    table = Table((attack, "b"), [(attack, 1)], attack)
    seen = page(Heading(attack), Heading(attack, 2), Text(attack), Prose(attack), table, charts(attack, attack))
    ours = page(Heading("t"), Heading("h", 2), Text("x"), Prose("y"), Table(("a", "b"), [("c", 1)], "t"), charts())

    assert [tag for tag, _ in seen.tags] == [tag for tag, _ in ours.tags]
    assert not [attrs for _, attrs in seen.tags if any(name.startswith("on") for name in attrs)]
    shown = attack.replace("\x1b", "\ufffd")
    assert sum(shown in text for text in seen.texts) >= 8


def test_names_reach_the_charts_as_they_are() -> None:
    seen = page(charts("</script>" + EVIL, "<!-- x"))
    (data,) = (json.loads(script) for script in seen.scripts if script.startswith("{"))

    assert data["runs"][0]["name"] == "</script>" + EVIL
    assert data["charts"][0]["lines"][0]["metric"] == "<!-- x"


@pytest.mark.parametrize("form", ["html", "md", "text", "latex", "csv", "json"])
def test_a_hostile_run_is_inert_in_every_form(form: str) -> None:
    table = frame(60).rename({"grad_norm": EVIL})
    run = FrameRun(EVIL, table, config={EVIL: EVIL, "a": "![x](http://evil)"})
    found = Curves(run)
    blocks = (Heading(EVIL), *_of_runs({EVIL: found}, {EVIL: EVIL}, {}, screen=True))
    told = fastlogs.Report(EVIL, blocks, {}, {"runs": {EVIL: EVIL}}).render(form)

    if form == "html":
        seen = Page(told)
        assert len(seen.all("script")) == 3
        assert not any("alert(1)" in script for script in seen.scripts if not script.startswith("{"))
    elif form == "md":
        assert re.search(r"(?<!\\)<script", told) is None
        assert re.search(r"(?<!\\)\]\(http", told) is None
    assert told


def test_hostile_names_stay_in_the_folder(tmp_path: Path) -> None:
    given = {"../../up": 0, "/etc/passwd": 1, "a/b": 2, "A_B": 3, "con\n": 4, "é" * 300: 5}
    made = []
    for name, seed in given.items():
        table = frame(60, seed=seed)
        made.append(FrameRun(name, table))
    plan = _unique(run_plan({run.name: Curves(run) for run in made}))
    saved = fastlogs.Report(
        "t", (Heading("t"),), {name: draw for name, draw in plan.items() if name.startswith("dashboard_")}
    ).save(tmp_path / "out")

    there = {path.name for path in (tmp_path / "out").iterdir()}
    assert there == {path.name for path in saved}
    assert len([name for name in there if name.startswith("dashboard_")]) == len(given)
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


def test_families_and_runs_of_one_name_keep_their_files_apart() -> None:
    named = _unique([("loss_comparison.png", "a"), ("Loss_comparison.png", "b"), ("loss_comparison.png", "c")])

    assert dict(named) == {"loss_comparison.png": "a", "Loss_comparison_2.png": "b", "loss_comparison_3.png": "c"}


# ---- the page


def test_the_page_stands_alone(compared: fastlogs.Comparison) -> None:
    seen = Page(report(compared).render("html"))
    asked = [
        attrs.get(key)
        for tag, attrs in seen.tags
        for key in ("src", "href", "action", "data", "srcset")
        if attrs.get(key)
    ]

    assert asked
    assert all(url.startswith(("data:", "#")) for url in asked)
    (policy,) = (attrs["content"] for attrs in seen.all("meta") if attrs.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in re.search(r"script-src [^;]*", policy)[0]
    assert "unsafe-eval" not in policy
    assert len(re.findall("'sha256-", policy)) == len([a for a in seen.all("script") if a.get("type") is None])


def test_the_page_can_be_used_without_seeing_or_pointing(compared: fastlogs.Comparison) -> None:
    seen = Page(report(compared).render("html"))

    assert all(len(seen.all(tag)) == 1 for tag in ("main", "header", "footer", "nav", "h1"))
    assert seen.all("html")[0]["lang"] == "en"
    assert all(attrs.get("scope") in ("col", "row") for attrs in seen.all("th"))
    assert all(attrs.get("alt") for attrs in seen.all("img"))
    assert all(attrs.get("type") == "button" for attrs in seen.all("button"))
    assert len(seen.all("caption")) > 3
    ids = [attrs["id"] for _, attrs in seen.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    linked = [attrs["href"][1:] for attrs in seen.all("a")]
    labelled = [attrs["aria-labelledby"] for _, attrs in seen.tags if "aria-labelledby" in attrs]
    assert {*linked, *labelled} <= set(ids)


def test_the_page_has_dark_and_print_styles() -> None:
    text = html.render([Heading("t")])

    assert "prefers-color-scheme: dark" in text
    assert "@media print" in text


def test_series_are_the_numbers_that_they_were() -> None:
    whole = html._array(np.array([1.0, 2.0, 2**31 - 1]))
    broken = html._array(np.array([1.5, np.nan, 1e300]), exact=False)
    assert np.frombuffer(base64.b64decode(whole["b"]), "<i4").tolist() == [1, 2, 2**31 - 1]
    assert np.array_equal(np.frombuffer(base64.b64decode(broken["b"]), "<f8"), [1.5, np.nan, 1e300], equal_nan=True)
    assert html._array(np.array([1.5, np.inf]), exact=False)["t"] == "f4"


# ---- what is given, what is written


def test_the_same_input_gives_the_same_bytes(pair: Path) -> None:
    for name in ("one", "two"):
        report(fastlogs.compare("base.log", "new.log")).save(name)
        report(fastlogs.compare("base.log", "new.log")).save(f"{name}/x.pdf")
    first = {path.name: path.read_bytes() for path in Path("one").iterdir()}

    assert first == {path.name: path.read_bytes() for path in Path("two").iterdir()}
    assert {path.suffix for path in Path("one").iterdir()} == {".html", ".txt", ".md", ".json", ".png", ".pdf"}


COMPARED = {
    "report.html", "comparison_report.txt", "comparison_data.json", "loss_comparison.png", "losses.png",
    "losses_diff.png", "step_time.png", "curves_base.png", "curves_new.png", "training_loss_comparison.png",
}  # fmt: skip


def test_a_comparison_writes_its_files_by_name(compared: fastlogs.Comparison) -> None:
    report(compared).save("out")
    there = {path.name for path in Path("out").iterdir()}

    assert there >= COMPARED
    assert "ppl_comparison.png" not in there
    assert "ppl_comparison.png" in Path("out/comparison_report.txt").read_text()
    data = json.loads(Path("out/comparison_data.json").read_text())
    assert data["schema"] == "fastlogs.compare/1"
    assert set(data["runs"]) == {"base", "new"}


def test_without_the_page_a_folder_has_all_else_and_no_charts_are_made(pair: Path) -> None:
    said = fastlogs_("compare", "base.log", "new.log", "-o", "out", "--no-html", cwd=pair)
    alone = fastlogs_("report", "base.log", "-o", "one", "--no-html", cwd=pair)

    assert (said.returncode, alone.returncode) == (0, 0), said.stderr + alone.stderr
    assert {path.name for path in Path("out").iterdir()} >= COMPARED - {"report.html"}
    assert not Path("out/report.html").exists()
    assert not Path("one/report.html").exists()
    assert Path("one/report.txt").exists()


def test_the_difference_is_a_chart_with_its_band_margin_and_window(compared: fastlogs.Comparison) -> None:
    (pair,) = compared.pairs.values()
    told = difference(pair, pair.primary)
    (block,) = (block for block in report(compared).blocks if isinstance(block, Charts))
    chart = block.charts[0]
    band, line = chart.lines
    marks = {mark.name: mark for mark in chart.marks}

    assert "difference in loss from base" in chart.title
    assert chart.signed
    assert line.y.tolist() == told.y.tolist()
    assert band.style == "band"
    assert band.y.max() == np.nanmax(told.high)
    assert band.y.min() == np.nanmin(told.low)
    assert marks["margin"].y == (-pair.quality.margin, pair.quality.margin)
    assert marks["verdict window"].x["step"].tolist() == [
        pair.quality.within.window_low,
        pair.quality.within.window_high,
    ]
    assert "difference in loss" in html.render(report(compared).blocks)


def test_what_a_page_of_many_runs_leaves_out_is_said() -> None:
    few, many = ("".join(str(block) for block in report(*(frame(seed=at) for at in range(n))).blocks) for n in (2, 6))

    assert "left out of the page" not in few
    assert "there are 6 runs, and it shows them of up to 4" in many
    assert "-o DIR" in many


ONE = {"training_curves.png", "dashboard_base.png", "training_curves_base.png", "loss_landscape_base.png", "optimization_dynamics_base.png"}  # fmt: skip


def test_runs_write_their_files_by_name(pair: Path) -> None:
    """Rows C06 and V06 of the originals: one call gives all figures of a run, in a folder of one's own."""
    report("base.log").save("one")
    report("base.log", "new.log").save("two")

    assert {path.name for path in Path("one").iterdir()} >= ONE
    assert all(path.stat().st_size > 5000 for path in Path("one").glob("*.png"))
    both = {path.name for path in Path("two").iterdir()}
    assert both >= {
        "comparison_dashboard.png",
        "training_curves_comparison.png",
        "dashboard_base.png",
        "dashboard_new.png",
    }


def test_a_run_shorter_than_any_window_is_drawn(tmp_path: Path) -> None:
    path = tmp_path / "short.log"
    path.write_text(nanogpt(5))

    report(path).save(tmp_path / "out")

    assert (tmp_path / "out" / "training_curves.png").exists()


def test_everything_together_is_one_document(compared: fastlogs.Comparison) -> None:
    made = report(compared, fastlogs.check("base.log"), "base.log", fastlogs.load("new.log"), frame(60), title="All")

    assert made.title == "All"
    assert made.blocks[0] == Heading("All")
    assert len(made.to_dict()["results"]) == 3
    assert Page(made.render("html")).all("h1")


def test_nothing_is_refused() -> None:
    with pytest.raises(TooFew):
        report()
    with pytest.raises(UsageError, match=r"wanted a folder or .html"):
        report(frame(60)).save("x.doc")


def test_a_broken_run_among_others_is_told(pair: Path) -> None:
    Path("odd.log").write_text("nothing to see\n" * 50)

    told = report("base.log", "odd.log").render("text")

    assert "odd could not be read" in told
    with pytest.raises(fastlogs.NoMetricsFound):
        report("odd.log")


def test_markdown_has_its_pictures_beside_it(compared: fastlogs.Comparison) -> None:
    report(compared).save("here/x.md")
    linked = re.findall(r"!\[[^]]*\]\(([^)]+)\)", Path("here/x.md").read_text())

    assert linked
    assert all((Path("here") / name).stat().st_size > 5000 for name in linked)


def test_pdf_is_pages_of_text_and_figures(compared: fastlogs.Comparison) -> None:
    made = report(compared)
    told = made.render("pdf")

    assert told.startswith(b"%PDF-")
    linked = re.findall(r"^!\[", "\n".join(made.save("x.md")[0].read_text().splitlines()), re.MULTILINE)
    assert int(re.search(rb"/Count (\d+)", told)[1]) >= 2 + len(linked)


@pytest.mark.parametrize("text", [*ATTACKS, "日本語 \u202e x", "$\\frac{1}$", "x" * 5000, ""])
def test_any_text_can_be_printed_as_pdf(text: str) -> None:
    blocks = [Heading(text), Heading(text, 2), Prose(text), Text(text), Table((text, "b"), [(text, text)] * 99, text)]

    assert pdf.render(blocks).startswith(b"%PDF-")


# ---- the command: row Q01 of the originals


@pytest.mark.parametrize(
    ("args", "code", "made"),
    [
        (("base.log",), 0, {"training_curves.png", "dashboard_base.png"}),
        (("base.log", "new.log"), 0, {"comparison_dashboard.png", "dashboard_base.png", "dashboard_new.png"}),
        (("base.log", "new.log", "--compare"), 0, {"losses_diff.png", "dashboard_new.png", "report.json"}),
        (("--all", "all", "--pattern", "r*"), 0, {"comparison_dashboard.png", "dashboard_r0.png", "dashboard_r1.png"}),
        (("r0", "--base-dir", "all"), 0, {"training_curves.png", "dashboard_r0.png"}),
        (("base.log", "--compare"), 2, set()),
        (("--all", "all", "--pattern", "z*"), 2, set()),
        (("nothing.log",), 2, set()),
        ((), 2, set()),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, tuple) else "",
)
def test_Q01_the_command_draws_one_several_or_all(args: tuple[str, ...], code: int, made: set[str], pair: Path) -> None:
    for at in range(2):
        (pair / "all" / f"r{at}").mkdir(parents=True)
        (pair / "all" / f"r{at}" / "train.log").write_text(nanogpt(60, seed=at))
    (pair / "all" / "other").mkdir()
    said = fastlogs_("report", *args, "-o", "out", cwd=pair)
    there = {path.name for path in Path("out").iterdir()} if Path("out").exists() else set()

    assert said.returncode == code, said.stderr
    assert there >= made
    assert "Traceback" not in said.stderr
    assert bool(there) == bool(made)


# ---- when it cannot be written


def test_what_was_there_stays_when_the_disk_is_full(pair: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("x.html").write_text("before")

    def full(file: int) -> None:
        os.truncate(file, 10)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    # A disk may only tell when it is made to write.
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as told:
        report("base.log").save("x.html")

    assert told.value.filename == "x.html"
    assert Path("x.html").read_text() == "before"
    assert {path.name for path in Path().iterdir()} == {"x.html", "base.log", "new.log"}


def test_a_file_in_the_way_of_a_folder_is_told(pair: Path) -> None:
    Path("out").write_text("mine")
    with pytest.raises(FileExistsError):
        report("base.log").save("out")

    assert Path("out").read_text() == "mine"


# ---- notebooks


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A log whose name, metric and a finding are hostile: a loss that becomes nan."""
    path = tmp_path / "all" / "a<b>&" / "log.csv"
    path.parent.mkdir(parents=True)
    rows = "".join(f"{step},{2 / step if step < 40 else 'nan'},{step}\n" for step in range(1, 61))
    path.write_text(f'step,loss,"{EVIL}"\n{rows}')
    return path


def test_results_show_themselves_in_a_notebook(hostile: Path, pair: Path) -> None:
    shown = {
        "run": fastlogs.load(hostile.parent),
        "runs": fastlogs.discover(pair / "all"),
        "comparison": fastlogs.compare("base.log", hostile.parent),
        "findings": fastlogs.check(hostile.parent),
    }
    for name, one in shown.items():
        seen = Page(f"<div>{one._repr_html_()}</div>")
        assert seen.all("table"), name
        assert seen.all("svg"), name
        assert not seen.all("script"), name
        assert not seen.all("b"), name
        assert all(attrs.get("aria-label") or attrs.get("aria-hidden") for attrs in seen.all("svg")), name
        assert any("a<b>&" in text for text in seen.texts), name


def test_many_runs_are_not_read_to_be_shown(pair: Path) -> None:
    for at in range(30):
        (pair / "many" / f"run_{at}").mkdir(parents=True)
        (pair / "many" / f"run_{at}" / "train.log").write_text("no metric at all\n" * 20)
    runs = fastlogs.discover(pair / "many")

    assert "10 more runs" in runs._repr_html_()
    assert not Page(runs._repr_html_()).all("svg")


def test_a_report_shows_itself_in_a_notebook(compared: fastlogs.Comparison) -> None:
    made = report(compared)

    assert repr(made) == f"<Report 'Comparison with base': {len(made.blocks)} blocks, {len(made.figures)} figures>"
    assert set(made._repr_mimebundle_()) == {"text/plain", "text/html", "text/markdown"}
    assert not Page(made._repr_html_()).all("script")


def test_no_form_needs_a_screen(compared: fastlogs.Comparison) -> None:
    told = report(compared).told()

    for form in ("table", "text", "md", "latex", "csv"):
        assert render(told, form)
    assert not [b for b in told if isinstance(b, Charts | Figure)]
