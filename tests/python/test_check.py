"""Findings: what is found, how it is said, and how a CI system takes it."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from xml.etree import ElementTree as Tree

import fastlogs
import numpy as np
import polars as pl
import pytest
from conftest import nanogpt
from fastlogs._check import kinds
from fastlogs._cli.ci import github, junit
from fastlogs._findings import Check, Finding, Findings, gathered, short
from fastlogs.errors import LinesLeft, UnknownMetric, UsageError
from fastlogs.stats.anomalies import DETECTORS

STEPS = 1000


def falling(seed: int = 0) -> np.ndarray:
    """A loss that falls, with the noise of a batch."""
    at = np.arange(STEPS)
    return 2 + 6 * np.exp(-at / 200) + np.random.default_rng(seed).normal(0, 0.05, STEPS)


def check(**metrics: object) -> Findings:
    return fastlogs.check(pl.DataFrame({"step": np.arange(STEPS), **metrics}))


def only(found: Findings) -> Finding:
    (finding,) = found
    return finding


def test_a_healthy_run_has_no_findings() -> None:
    noise = np.random.default_rng(1).normal(0, 0.02, (3, STEPS))
    found = check(loss=falling(), grad_norm=np.exp(10 * noise[0]), tok_s=1e5 * (1 + noise[1]), lr=3e-4 + 0 * noise[2])

    assert not found
    assert found.worst is None
    assert found.headline == "nothing found in frame"
    assert Check("frame", "loss_spike", "loss") in found.checks


def test_a_spike_is_said_with_value_step_and_length() -> None:
    loss = falling()
    loss[500:520] += 5
    finding = only(check(loss=loss))

    assert (finding.kind, finding.severity, finding.first_step) == ("loss_spike", "warning", 500)
    assert finding.value in loss[500:520]
    assert re.fullmatch(
        r"loss up to [\d.]+ at steps 500-519, \d+ noise sd above its running median; back after 20 steps",
        finding.evidence,
    )


def test_a_spike_that_never_ends_is_a_divergence() -> None:
    loss = falling()
    loss[900:] += np.linspace(3, 30, 100)
    diverged = check(loss=loss).filter(kind="diverged")

    assert diverged.worst == "error"
    assert diverged[0].first_step is not None


def test_a_slow_rise_is_a_divergence_too() -> None:
    loss = falling()
    loss[500:] += np.linspace(0, 6, 500)
    finding = only(check(loss=loss))

    assert (finding.kind, finding.severity) == ("diverged", "error")
    assert "worsening" in finding.evidence


def test_a_log_that_ends_within_a_spike_is_no_divergence() -> None:
    loss = falling()
    loss[-10:] += 5

    assert {f.kind for f in check(loss=loss) if f.severity == "error"} == set()


@pytest.mark.parametrize(
    ("metric", "severity"), [("loss", "error"), ("val_loss", "error"), ("grad_norm", "warning"), ("aux", "info")]
)
def test_nan_is_told_once_with_its_steps(metric: str, severity: str) -> None:
    values = falling()
    values[[37, 38, 90]] = np.nan
    finding = next(f for f in check(**{metric: values}) if f.kind == "nan")

    assert finding.severity == severity
    assert finding.evidence == f"{metric} is nan at 3 of 1,000 points: steps 37-38, 90"


def test_a_loss_that_stays_nan_never_came_back() -> None:
    loss = falling()
    loss[700:] = np.nan

    assert check(loss=loss).filter(kind="nan")[0].evidence.endswith("steps 700-999; it never came back")


def test_parts_of_the_loss_are_told_of_in_a_lower_voice() -> None:
    spiked = falling()
    spiked[500:520] += 5

    assert only(check(loss=falling(1), aux_loss=spiked)).severity == "info"


def test_scales_are_no_losses_and_clocks_no_step_times() -> None:
    scale = np.repeat([65536.0, 32768.0], STEPS // 2)

    assert not check(loss=falling(), loss_scale=scale, train_time=np.cumsum(np.r_[np.ones(500), 2 * np.ones(500)]))


def test_overfitting() -> None:
    at = np.arange(STEPS)
    val = np.where(at % 25 == 0, falling(3) + np.maximum(0, at - 400) / 500, np.nan)
    finding = only(check(loss=falling(), val_loss=pl.Series(val).fill_nan(None)))

    assert finding.kind == "overfitting"
    assert "while training went on down" in finding.evidence


def test_pauses_are_told_together() -> None:
    clock = np.arange(STEPS) * 2.0
    clock[300:] += 600
    clock[700:] += 60
    finding = only(check(loss=falling(), elapsed=clock))

    assert (finding.kind, finding.severity, finding.first_step) == ("stall", "warning", 299)
    # 602 + 62 of 1998 + 660 seconds.
    assert finding.evidence == (
        "2 pauses, the longest of 10 min 2 s after step 299, 301 times the usual; 25 % of the time in all"
    )


@pytest.mark.parametrize("one", DETECTORS, ids=lambda d: d.kind)
def test_every_detector_has_its_words(one: object) -> None:
    x, y = one.fires()
    name = {
        "loss": "loss",
        "grad_norm": "grad_norm",
        "throughput": "tok_s",
        "step_time": "step_time",
        "time": "elapsed",
    }
    column = name.get(one.roles[0], "acc")
    told = fastlogs.check(pl.DataFrame({"step": x.astype(int), column: y}))

    assert one.kind in {f.kind for f in told} or {"diverged"} & {f.kind for f in told}
    assert all(len(f.evidence) < 160 and "None" not in f.evidence for f in told)
    assert one.kind in kinds()


def test_what_the_reading_met_with_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(nanogpt(60) + nanogpt(30))
    found = fastlogs.check(tmp_path / "a.log")

    assert [(f.kind, f.severity) for f in found] == [("new_start", "info")]
    with pytest.raises(LinesLeft):
        fastlogs.check(tmp_path / "a.log", strict=True)


def test_findings_name_the_line(tmp_path: Path) -> None:
    lines = [f"{at},{loss:.4f}" for at, loss in enumerate(falling())]
    lines[42] = "42,nan"
    (tmp_path / "a.csv").write_text("step,loss\n" + "\n".join(lines) + "\n")

    assert only(fastlogs.check(tmp_path / "a.csv")).lines == (44,)


def test_a_broken_run_breaks_no_other(runs: Path) -> None:
    (runs / "seed1" / "train.log").write_text("nothing at all\n")
    found = fastlogs.check(runs)

    assert [(f.kind, f.run) for f in found if f.severity == "error"] == [("unreadable", "runs/seed1")]
    with pytest.raises(fastlogs.NoMetricsFound):
        fastlogs.check(runs / "seed1")


def test_only_what_is_named(log: Path) -> None:
    found = fastlogs.check(log, metrics=["@loss", "mfu"])

    assert {c.metric for c in found.checks} == {"loss", "train_loss", "mfu"}
    with pytest.raises(UnknownMetric, match="no metric bleu"):
        fastlogs.check(log, metrics="bleu")


NASTY = Finding("nan", "error", 'a<b & "c" at 5 %,\r\nx: ]]>\x00', "r,1:2", "lo\nss", 1, lines=(7,), help="so")


def test_findings_are_frozen_and_ordered() -> None:
    info, warning = Finding("plateau", "info", "e", "b", "loss", 9), Finding("dead", "warning", "e", "a", "loss", 3)
    found = gathered([info, warning, NASTY], runs=("a", "b"))

    assert [f.severity for f in found] == ["error", "warning", "info"]
    assert (found.worst, len(found)) == ("error", 3)
    assert found.filter(severity="warning").found == (NASTY, warning)
    assert found.filter(run="b").found == (info,)
    assert found.filter(kind="d*", metric="lo*").found == (warning,)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.found = ()
    with pytest.raises(UsageError):
        found.filter(severity="bad")


@pytest.mark.parametrize(
    ("fail_on", "fails"),
    [((), False), (("warning",), True), (("error",), False), (("dead",), True), (("nan",), False), (("never",), False)],
)
def test_what_fails(fail_on: tuple[str, ...], fails: bool) -> None:
    found = gathered([Finding("dead", "warning", "e")], runs=("a",))

    assert found.fails(*fail_on) is fails
    assert gathered([Finding("golden_mismatch", "error", "e")]).fails(*fail_on or ("error",))


def test_shown_in_eighty_columns_and_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    found = gathered([NASTY, *(Finding("dead", "info", "x" * 200, "r", "loss", i) for i in range(50))], runs=("r",))

    assert max(map(len, repr(found).splitlines())) <= 80
    assert len(repr(found).splitlines()) <= 24
    assert "a&lt;b &amp;" in found._repr_html_()
    assert found.table.height == 51
    assert found.table["lines"][0].to_list() == [7]
    document = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert document["schema"] == "fastlogs.check/1"
    assert document["counts"] == {"error": 1, "warning": 0, "info": 50}
    assert short(list(found)) == "nan, dead x50"
    assert capsys.readouterr().out == ""


def test_an_empty_table_has_its_columns() -> None:
    assert Findings().table.columns == gathered([NASTY]).table.columns


def test_junit_is_read_by_an_xml_reader() -> None:
    found = gathered([NASTY], runs=("r,1:2", "fine"), checks=(Check("fine", "nan", "loss"),))
    root = Tree.fromstring(junit(found, ("error",)))

    assert [(s.get("name"), s.get("tests"), s.get("failures")) for s in root] == [
        ("r,1:2", "1", "1"),
        ("fine", "1", "0"),
    ]
    assert 'a<b & "c" at 5 %' in root.find(".//failure").get("message")
    assert root.find(".//testcase[@name='loss: nan']") is not None
    quiet = Tree.fromstring(junit(found, ("never",)))
    assert quiet.find(".//failure") is None
    assert quiet.find(".//system-out").text.startswith("error: a<b")


def test_github_annotations_are_one_line_each_and_escaped() -> None:
    said = github(gathered([NASTY], runs=("r,1:2",)), {"r,1:2": "a,b:c.log"})

    assert said == (
        '::error title=nan in r%2C1%3A2,file=a%2Cb%3Ac.log,line=7::a<b & "c" at 5 %25,%0D%0Ax: ]]>\x00%0Aso'
    )
    assert github(Findings(runs=("r",)), {}) == "nothing found in r"
