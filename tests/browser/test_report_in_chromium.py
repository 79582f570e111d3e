"""The report in a real browser: it asks for nothing, nothing in it runs but our own script, and its charts answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import fastlogs
import numpy as np
import polars as pl
import pytest
from chromium import Browser
from conftest import nanogpt

EVIL = "<script>window.hacked=1</script><img src=x onerror=window.hacked=1>"
# The first chart that has a scale to choose: a difference has none.
CHART = ".chart:has(.scale)"
PLOT = f"document.querySelector('{CHART} .plot')"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("page")
    fastlogs.report(*(frame(seed) for seed in range(3)), title=EVIL).save(made / "runs.html")
    for name, seed, effect in (("base", 7, 0.0), (f"new{EVIL.replace('/', chr(0x2215))}", 8, -0.05)):
        (made / f"{name}.log").write_text(nanogpt(600, seed=seed, effect=effect) + f"iter {EVIL}: loss {EVIL}\n")
    logs = sorted(made.glob("*.log"))
    fastlogs.report(fastlogs.compare(*logs), fastlogs.check(logs)).save(made / "compared.html")
    return made


def frame(seed: int, steps: int = 600) -> pl.DataFrame:
    """A run whose second metric has a hostile name."""
    noise = np.random.default_rng(seed).normal(size=(2, steps))
    step = np.arange(1, steps + 1)
    return pl.DataFrame({"step": step, "loss": 3 + 8 / step + 0.01 * noise[0], EVIL: noise[1], "elapsed": 0.5 * step})


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(params=["runs", "compared"])
def page(request: pytest.FixtureRequest, folder: Path, browser: Browser) -> Browser:
    browser.requests.clear()
    browser.errors.clear()
    browser.show_as()
    browser.open(folder / f"{request.param}.html")
    browser.until("document.documentElement.dataset.ready")
    return browser


def test_it_asks_for_nothing_and_nothing_else_runs(page: Browser) -> None:
    page.ask("scrollTo(0, document.body.scrollHeight)")
    page.until("[...document.querySelectorAll('.plot')].filter(one => one.data).length > 1")

    assert [url.rpartition("/")[2].split(".")[1] for url in page.requests] == ["html"]
    assert page.errors == []
    assert page.ask("typeof window.hacked") == "undefined"
    assert page.ask("document.querySelectorAll('img[onerror], svg script').length") == 0
    assert EVIL in page.ask("document.body.innerText").replace(chr(0x2215), "/")


def test_a_script_that_gets_in_would_not_run(page: Browser) -> None:
    page.ask(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.hacked = 1'}))"
    )
    page.ask("fetch('https://example.com/').catch(() => null)")

    assert page.ask("typeof window.hacked") == "undefined"
    assert any("Content Security Policy" in error for error in page.errors)
    assert len(page.requests) == 1


def test_the_legend_hides_a_run_in_every_chart(page: Browser) -> None:
    drawn = f"JSON.stringify({PLOT}._fullData.map(one => one.visible))"
    before = json.loads(page.ask(drawn))
    page.click(".legend li:nth-child(2) input")
    after = json.loads(page.ask(drawn))

    assert all(before)
    assert False in after
    assert True in after
    page.click(".legend .none")
    assert not any(json.loads(page.ask(drawn)))
    page.click(".legend .all")
    assert all(json.loads(page.ask(drawn)))


def test_zooming_by_mouse_button_and_key_changes_the_range(page: Browser) -> None:
    ends = f"JSON.stringify({PLOT}.layout.xaxis.range)"
    whole = json.loads(page.ask(ends))
    left, top, width, height = page.place(f"{CHART} .nsewdrag")
    page.drag((left + 0.3 * width, top + 0.3 * height), (left + 0.6 * width, top + 0.7 * height))
    near = json.loads(page.until(f"{ends} != {json.dumps(json.dumps(whole, separators=(',', ':')))} && {ends}"))

    assert near[0] > whole[0]
    assert near[1] < whole[1]
    page.ask(f"document.querySelector('{CHART} .in').focus()")
    page.press("Enter", 13, text="\r")
    nearer = json.loads(page.ask(ends))
    assert nearer[1] - nearer[0] == pytest.approx((near[1] - near[0]) / 2)
    page.click(f"{CHART} .whole")
    assert json.loads(page.ask(ends)) == pytest.approx(whole)


def test_scale_and_axis_change(page: Browser) -> None:
    page.click(f"{CHART} .scale")
    kind = page.ask(f"{PLOT}.layout.yaxis.type")
    pressed = page.ask(f"document.querySelector('{CHART} .scale').getAttribute('aria-pressed')")

    assert (kind, pressed) == ("log", "true")
    if page.ask("!!document.querySelector('.axis')"):
        before = page.ask(f"{PLOT}.data[0].x[3]")
        page.ask(
            "(one => {one.value = 'time'; one.dispatchEvent(new Event('change'))})(document.querySelector('.axis'))"
        )
        assert page.ask(f"{PLOT}.layout.xaxis.title.text") == "time (s)"
        assert page.ask(f"{PLOT}.data[0].x[3]") != before


def test_the_difference_has_its_band_and_its_marks(page: Browser) -> None:
    chart = "document.querySelector('.chart:not(:has(.scale)) .plot')"
    if not page.ask(f"!!{chart}"):
        pytest.skip("a page of runs alone")
    page.until(f"{chart}.data")
    names = json.loads(page.ask(f"JSON.stringify({chart}.layout.annotations.map(one => one.text))"))

    assert "verdict window" in names
    assert page.ask(f"{chart}.data[0].fill") == "toself"
    assert page.ask(f"{chart}.layout.shapes.length") >= 3
    first, last = json.loads(page.ask(f"JSON.stringify({chart}.layout.xaxis.range)"))
    # Words beside a mark do not widen the axis.
    assert first > -60
    assert last < 700


def test_every_control_is_reached_by_key_and_has_a_name(page: Browser) -> None:
    tree = page.tell("Accessibility.getFullAXTree")["nodes"]
    named = {"button", "checkbox", "combobox", "link", "img", "region", "main", "navigation", "table", "searchbox"}
    found = [node for node in tree if node["role"]["value"] in named and not node["ignored"]]
    silent = [n["role"]["value"] for n in found if not n.get("name", {}).get("value") and n["role"]["value"] != "main"]

    assert {"button", "checkbox", "main", "navigation", "table"} <= {node["role"]["value"] for node in found}
    assert silent == []
    outside = (
        "[...document.querySelectorAll('button, input, select, a, summary')].filter(one => one.tabIndex < 0).length"
    )
    assert page.ask(outside) == 0


def test_it_fits_narrow_windows_dark_rooms_and_paper(page: Browser, tmp_path: Path) -> None:
    light = page.ask("getComputedStyle(document.body).backgroundColor")
    page.show_as(scheme="dark")
    dark = page.ask("getComputedStyle(document.body).backgroundColor")
    page.until(f"{PLOT}.layout.font.color != '#1d2129'")

    assert (light, dark) == ("rgb(255, 255, 255)", "rgb(20, 23, 28)")
    page.show_as()
    page.tell("Emulation.setDeviceMetricsOverride", width=390, height=800, deviceScaleFactor=1, mobile=False)
    try:
        page.until("document.documentElement.scrollWidth <= 390")
    finally:
        page.tell("Emulation.clearDeviceMetricsOverride")
    assert page.paper(tmp_path / "page.pdf").read_bytes().startswith(b"%PDF-")
    assert page.errors == []
