"""Blocks as one HTML file: style, script and pictures within it, nothing asked of any network."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fastlogs._report.blocks import Block, Charts, Figure, Heading, Prose, Table, Text
from fastlogs._report.cells import cell, plain

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from fastlogs._report.blocks import Line, Mark

_TEMPLATES = Path(__file__).parent / "templates"
_KINDS = {Heading: "heading", Text: "text", Prose: "prose", Table: "table", Figure: "figure", Charts: "charts"}
_LONGEST_ROWS = 2000


def render(blocks: Iterable[Block], pictures: Mapping[str, bytes] | None = None) -> str:
    """The whole page; a figure that `pictures` does not have is left out.

    >>> page = render([Heading("Loss <b>")])
    >>> "Loss &lt;b&gt;" in page, "<script src" in page
    (True, False)
    """
    given = [block for block in blocks if not isinstance(block, Figure) or block.file in (pictures or {})]
    title, parts = _parts(given)
    charts = [block for block in given if isinstance(block, Charts)]
    scripts = [_script(name) for name in (("plotly", "charts.js") if charts else ("page.js",))]
    template = _environment().get_template("report.html")
    return template.render(
        title=title,
        parts=parts,
        number=lambda block: next(at for at, one in enumerate(charts) if one is block),
        kind=lambda block: _KINDS[type(block)],
        picture=lambda block: base64.b64encode((pictures or {})[block.file]).decode(),
        payload=_payload,
        style=_inline((_TEMPLATES / "report.css").read_text(encoding="utf-8")),
        scripts=scripts,
        policy=_policy(scripts),
        most=_LONGEST_ROWS,
    )


def _parts(blocks: list[Block]) -> tuple[str, list[dict[str, Any]]]:
    """The title, and the blocks under each heading of the second level; what comes before the first has none."""
    title = ""
    parts: list[dict[str, Any]] = [{"title": "", "blocks": []}]
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1 and not title:
            title = plain(block.text)
        elif isinstance(block, Heading) and block.level <= 2:
            parts.append({"title": plain(block.text), "blocks": []})
        else:
            parts[-1]["blocks"].append(block)
    return title or "Report", [part for part in parts if part["title"] or part["blocks"]]


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters |= {"cell": lambda value: plain(cell(value)), "plain": plain}
    return made


@cache
def _script(name: str) -> Markup:
    """A script of ours, or plotly's own as the package brings it."""
    if name == "plotly":
        from plotly.offline import get_plotlyjs

        return _inline(get_plotlyjs())
    return _inline((_TEMPLATES / name).read_text(encoding="utf-8"))


def _inline(text: str) -> Markup:
    """The text of a file, never of a log, as it stands in a tag that it does not end."""
    from markupsafe import Markup

    return Markup(text.replace("</s", "<\\/s").replace("<!--", "<\\!--"))  # noqa: S704


def _policy(scripts: list[Markup]) -> str:
    """What the page may do: run these scripts, by their hash, and show what is within it. Nothing is loaded or sent."""
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts)
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _payload(charts: Charts) -> Markup:
    """The charts' numbers as JSON that no tag can end; series as base64 of little-endian arrays."""
    from markupsafe import Markup

    names = {name: at for at, name in enumerate(charts.runs)}
    data = {
        "runs": [{"name": _short(name), "colour": c, "dash": d} for name, (c, d) in charts.runs.items()],
        "axes": list(charts.axes),
        "charts": [
            {
                "title": _short(c.title),
                "unit": _short(c.unit),
                "log": c.log,
                "view": None if c.view is None else list(c.view),
                "marks": [_mark(one) for one in c.marks],
                "lines": [_line(one, names) for one in c.lines],
            }
            for c in charts.charts
        ],
    }
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    for c in "<>&":
        text = text.replace(c, f"\\u{ord(c):04x}")
    return Markup(text)  # noqa: S704 - no character of it can open or close a tag


def _line(line: Line, names: Mapping[str, int]) -> dict[str, Any]:
    return {
        "run": names[line.run],
        "metric": _short(line.metric),
        "style": line.style,
        "x": {axis: _array(x) for axis, x in line.x.items()},
        "y": _array(line.y, exact=False),
    }


def _mark(mark: Mark) -> dict[str, Any]:
    x = {axis: ends.tolist() for axis, ends in mark.x.items() if np.all(np.isfinite(ends))}
    return {"name": _short(mark.name), "x": x, "y": None if mark.y is None else list(mark.y)}


def _array(values: Any, *, exact: bool = True) -> dict[str, str]:
    """Whole numbers as 32-bit ones; others as floats, 32-bit where seven digits are plenty to draw by."""
    values = np.asarray(values, dtype=np.float64)
    if (
        exact
        and values.size
        and np.all(np.isfinite(values))
        and np.all(values == np.round(values))
        and np.abs(values).max() < 2**31
    ):
        made, kind = values.astype("<i4"), "i4"
    else:
        with np.errstate(over="ignore"):
            narrow = values.astype("<f4")
        fits = bool(np.all(np.isfinite(narrow) == np.isfinite(values)))
        made, kind = (narrow, "f4") if fits else (values.astype("<f8"), "f8")
    return {"t": kind, "b": base64.b64encode(made.tobytes()).decode()}


def _short(text: str, longest: int = 80) -> str:
    """A name on one line, cut in the middle."""
    text = " ".join(plain(text).split())
    half = (longest - 1) // 2
    return text if len(text) <= longest else f"{text[:half]}…{text[-half:]}"


def fragment(blocks: Iterable[Block]) -> str:
    """The blocks for a notebook: no page around them, nothing that runs."""
    title, parts = _parts([block for block in blocks if not isinstance(block, Charts | Figure)])
    template = _environment().get_template("fragment.html")
    return template.render(title=title, parts=parts, kind=lambda block: _KINDS[type(block)], most=_LONGEST_ROWS)
