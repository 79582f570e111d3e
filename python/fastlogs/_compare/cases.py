"""Many comparisons at once: every folder below one that holds `baseline/` and `candidate/`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastlogs.errors import FastlogsError, UsageError

# What a case.json may say, and the keyword it is.
_KEYS = {"metric": "metric", "margin": "margin", "seeds_paired": "paired", "seed_std": "seed_std"}


@dataclass(frozen=True, slots=True)
class Done:
    """One case: its folder, and why there is no answer when there is none."""

    folder: str
    reason: str | None = None


def compare_cases(root: str | os.PathLike[str], jobs: int = 1) -> Iterator[Done]:
    """Compares each case with the options of its case.json and writes out.json beside it; a broken one says why."""
    folders = sorted(
        str(found.parent) for found in Path(root).rglob("baseline") if (found.parent / "candidate").exists()
    )
    if not folders:
        raise UsageError(f"no case below {root}", help="a case is a folder that holds baseline/ and candidate/")
    if jobs == 1:
        yield from map(_case, folders)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(jobs, mp_context=get_context("forkserver")) as pool:
        yield from pool.map(_case, folders, chunksize=max(1, min(32, len(folders) // (4 * jobs))))


def _case(folder: str) -> Done:
    from fastlogs._compare import compare

    try:
        found = compare(os.path.join(folder, "baseline"), os.path.join(folder, "candidate"), **_options(folder))
        text = written(found.to_dict())
    except (FastlogsError, OSError, ValueError) as refused:
        return Done(folder, str(refused))
    Path(folder, "out.json").write_text(text, encoding="utf-8")
    return Done(folder)


def _options(folder: str) -> dict[str, Any]:
    path = Path(folder, "case.json")
    given = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    options = {keyword: given[key] for key, keyword in _KEYS.items() if given.get(key) is not None}
    if "margin" in options:
        # A case states a share of the baseline.
        options["margin"] = f"{100 * float(options['margin']):.12g}%"
    return options


def written(document: dict[str, Any]) -> str:
    """The JSON as the command prints it."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
