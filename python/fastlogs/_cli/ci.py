"""Findings as a CI system takes them: JUnit XML, GitHub annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastlogs._findings import Check, Finding, Findings, is_failure
from fastlogs._report.cells import plain

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


def junit(findings: Findings, fail_on: tuple[str, ...]) -> str:
    """A suite a run, a case for each thing looked for; a case fails when its finding does."""
    from xml.etree import ElementTree as Tree

    root = Tree.Element("testsuites", name="fastlogs check")
    for run in findings.runs:
        _suite(root, run, findings, fail_on)
    Tree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Tree.tostring(root, encoding="unicode") + "\n"


def _suite(root: Element, run: str, findings: Findings, fail_on: tuple[str, ...]) -> None:
    from xml.etree import ElementTree as Tree

    cases: dict[Check, list[Finding]] = {check: [] for check in findings.checks if check.run == run}
    for finding in findings:
        if finding.run == run:
            cases.setdefault(Check(run, finding.kind, finding.metric or ""), []).append(finding)
    failing = sum(any(is_failure(f, fail_on) for f in found) for found in cases.values())
    suite = Tree.SubElement(root, "testsuite", name=plain(run), tests=str(len(cases)), failures=str(failing))
    for check, found in cases.items():
        name = f"{check.metric}: {check.kind}" if check.metric else check.kind
        case = Tree.SubElement(suite, "testcase", classname=plain(run), name=plain(name))
        _case(case, found, fail_on)


def _case(case: Element, found: list[Finding], fail_on: tuple[str, ...]) -> None:
    from xml.etree import ElementTree as Tree

    # One failure a case: some readers keep only the last.
    failing = [f for f in found if is_failure(f, fail_on)]
    if failing:
        failure = Tree.SubElement(case, "failure", type=failing[0].kind, message=plain(failing[0].evidence))
        failure.text = plain("\n".join(filter(None, (text for f in failing for text in (f.evidence, f.help)))))
    others = [f"{f.severity}: {f.evidence}" for f in found if f not in failing]
    if others:
        Tree.SubElement(case, "system-out").text = plain("\n".join(others))


def github(findings: Findings, paths: dict[str, str]) -> str:
    """A workflow command a finding; `paths` are the files of runs, shown where a line is known."""
    return "\n".join(_annotation(f, paths.get(f.run)) for f in findings) or findings.headline


def _annotation(finding: Finding, path: str | None) -> str:
    said = {"title": f"{finding.kind} in {finding.run}"}
    if path:
        said |= {"file": path} | ({"line": str(finding.lines[0])} if finding.lines else {})
    properties = ",".join(f"{name}={_property(value)}" for name, value in said.items())
    text = finding.evidence + (f"\n{finding.help}" if finding.help else "")
    return f"::{_LEVELS[finding.severity]} {properties}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
