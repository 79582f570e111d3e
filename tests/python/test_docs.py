"""README, docs and docstrings: every example runs."""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import os
import pkgutil
import re
import shlex
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import fastlogs
import fastlogs._export
import fastlogs._request
import numpy
import polars
import pytest
from classic_logs import atlas, experiment, tt_train
from conftest import nanogpt
from fastlogs.errors import MissingExtra

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
# These are the gate itself, or need the network.
NOT_RUN = ("make ", "pip ", "git ")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the examples name."""
    monkeypatch.chdir(tmp_path)
    Path("train.log").write_text(nanogpt(100))
    for seed in range(2):
        Path(f"runs/seed{seed}").mkdir(parents=True)
        Path(f"runs/seed{seed}/train.log").write_text(nanogpt(40, seed=seed))
    Path("odd.log").write_text("".join(f"at={i} cost<{10 / (i + 1):.3f}>\n" for i in range(20)))
    _arms()
    return tmp_path


def _arms() -> None:
    """What is compared: two logs, two arms of three seeds, two cases."""
    Path("base.log").write_text(nanogpt(600))
    Path("new.log").write_text(nanogpt(600, seed=8, effect=-0.05))
    for arm, effect, width in (("base", 0.0, 64), ("new", -0.05, 128)):
        for seed in range(3):
            folder = Path(f"seeds/{arm}/{seed}")
            folder.mkdir(parents=True)
            (folder / "train.log").write_text(nanogpt(100, seed=10 * seed + width, effect=effect))
            (folder / "config.json").write_text(f'{{"width": {width}, "seed": {seed}}}')
    for side in ("baseline", "candidate"):
        Path(f"cases/one/{side}").mkdir(parents=True)
        Path(f"cases/one/{side}/train.log").write_text(nanogpt(100, seed=len(side)))


@pytest.fixture
def scripts(place: Path) -> Path:
    """The files that the documents of the scripts name."""
    shutil.rmtree("runs")
    for seed, name in enumerate(("ttl", "ablation")):
        Path(f"runs/{name}").mkdir(parents=True)
        Path(f"runs/{name}/train.log").write_text(atlas(120, seed=seed).text)
    for seed, name in enumerate(("baseline", "optimized", "third")):
        Path(f"{name}.txt").write_text(tt_train(120, seed=seed).text)
    for k, model in ((1, "distilgpt2"), (2, "gpt2")):
        experiment(Path(f"experiments/exp{k}"), 120, seed=k, config={"model_config": model, "learning_rate": 0.0005})
    return place


# What the reference documents show, and where a page says what does the same.
DOCUMENTED = (
    "analysis.cli compare", "analysis.cli summary", "parse_training_log", "compare_runs", "RunComparator", "add_run",
    "print_comparison_table", "generate_comparison", "LogParser", "--baseline", "--labels", "--output-dir",
    "--warmup-steps", "--max-steps", "--title-prefix", "quickstart_visualization.py", "--all --pattern",
    "analyze_pipeline_differences.py", "compare_experiments.py", "ExperimentLoader", "load_metrics", "get_summary",
    "get_config_value", "list_checkpoints", "MultiExperimentLoader", "load_all_metrics", "get_all_summaries",
    "compare_metrics", "filter_experiments", "discover_experiments", "trainer.analysis",
)  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENTED)
def test_the_migration_page_has_every_call(name: str) -> None:
    assert name in (ROOT / "docs" / "migration.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", [p for p in PAGES if p.name != "migration.md"], ids=lambda p: p.name)
def test_pages(page: Path, place: Path) -> None:
    _run(page)


def test_the_migration_page(scripts: Path) -> None:
    _run(ROOT / "docs" / "migration.md")


def _run(page: Path) -> None:
    """Every block of a page, in order."""
    names: dict[str, object] = {}
    for language, code in BLOCK.findall(page.read_text(encoding="utf-8")):
        if language == "toml":
            Path("mine.toml").write_text(code)
        if language == "python":
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                exec(compile(code, str(page), "exec"), names)
        if language == "console":
            for line in code.splitlines():
                _shell(line)


def _shell(line: str) -> None:
    if not line.startswith("$ ") or line[2:].startswith(NOT_RUN):
        return
    command = re.sub(r"\bfastlogs\b", f"{shlex.quote(sys.executable)} -m fastlogs", line[2:].split("  #")[0], count=1)
    said = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
    assert said.returncode == 0, (line, said.stderr)


def _modules() -> list[str]:
    found = [m.name for m in pkgutil.walk_packages(fastlogs.__path__, "fastlogs.")]
    # The wing has its own tests, where torch is.
    left = ("__main__", "_core", "fastlogs.torch")
    return [n for n in found if not n.endswith(left) and not n.startswith("fastlogs.torch.")]


@pytest.mark.parametrize("name", _modules())
def test_docstrings(name: str, place: Path) -> None:
    if name.startswith("fastlogs.ray."):
        pytest.importorskip("ray", reason="needs ray: its examples run in the stage of its own")
    try:
        module = importlib.import_module(name)
    except MissingExtra as missing:
        pytest.skip(str(missing))
    assert module.__doc__, f"{name} does not say what it is for"
    names = {
        **vars(module),
        "fastlogs": fastlogs,
        "polars": polars,
        "pl": polars,
        "np": numpy,
        "Path": Path,
        "ask": fastlogs._request.ask,
    }
    tests = doctest.DocTestFinder(exclude_empty=True).find(module, name, globs=names)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    for test in tests:
        runner.run(test)

    assert runner.summarize(verbose=False).failed == 0


def test_links_inside_the_docs_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert os.path.exists(page.parent / target), (page.name, target)


def test_the_table_of_formats_is_the_catalogue() -> None:
    page = ROOT / "docs" / "formats.md"
    text = page.read_text(encoding="utf-8")
    rows = "".join(f"| `{f.name}` | {f.about.replace('|', chr(92) + '|')} |\n" for f in fastlogs.formats())
    table = f"| format | what it reads |\n| --- | --- |\n{rows}"
    kept = re.sub(r"(?s)(<!-- formats:[^\n]*\n).*?(<!-- /formats -->)", lambda m: m[1] + table + m[2], text)
    if os.environ.get("FASTLOGS_UPDATE_GOLDEN"):
        page.write_text(kept, encoding="utf-8")

    assert page.read_text(encoding="utf-8") == kept, "run with FASTLOGS_UPDATE_GOLDEN=1"


def test_the_catalogue_page_is_written_by_the_formats() -> None:
    spec = importlib.util.spec_from_file_location("make_catalogue", ROOT / "docs" / "make_catalogue.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)

    assert (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8") == made.page(), "run docs/make_catalogue.py"
