"""A run as W&B itself keeps it offline, and what was logged: `python wandb_run.py` writes `data/records/wandb/`.

Needs `wandb`; the file and its truth are committed, so the tests need it not. What W&B notes of the machine is switched
off, and what is left of it is told by the last line.
"""

from __future__ import annotations

import json
import math
import os
import random
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import wandb

FOLDER = Path(__file__).parents[1] / "records" / "wandb"
CONFIG = {"lr": 0.001, "layers": 12, "optimizer": {"name": "adamw", "betas": [0.9, 0.95]}, "bias": True}


def main() -> None:
    noise = random.Random(7)
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        settings = wandb.Settings(
            mode="offline",
            console="off",
            x_disable_meta=True,
            x_disable_machine_info=True,
            x_disable_stats=True,
            disable_git=True,
            disable_code=True,
            save_code=False,
            host="host",
            username="user",
            email="",
            program="train.py",
            program_abspath="/train.py",
            program_relpath="train.py",
        )
        run = wandb.init(project="tests", id="fixture1", name="fixture", config=CONFIG, settings=settings, dir=folder)

        def log(values: dict[str, Any], **options: Any) -> None:
            run.log(values, **options)
            kept = {k: v if not isinstance(v, float) or math.isfinite(v) else repr(v) for k, v in values.items()}
            rows.append({k: v for k, v in kept.items() if isinstance(v, int | float | str | dict)})

        for k in range(40):
            values: dict[str, Any] = {"train/loss": 3 / (k + 1) + noise.random(), "lr": 1e-3 * k, "epoch_part": k / 40}
            if k % 10 == 9:
                values["val/loss"] = 3.5 + noise.random()
            if k == 20:
                values["train/loss"] = math.nan
            if k == 21:
                values["train/loss"] = math.inf
            if k == 5:
                values["weights"] = wandb.Histogram([1, 2, 3])
            if k == 6:
                values["nested"] = {"a": 1, "b": {"c": 2.5}}
            if k == 7:
                values["note"] = 'a "word", and ö'
            log(values)
        # From step 100 on the program says its steps itself.
        for k in range(100, 700, 3):
            log({"train/loss": noise.random(), "filler": "x" * 90}, step=k)
        run.config.update({"added": "later"})
        run.finish()
        made = next(Path(folder).glob("wandb/offline-run-*/*.wandb"))
        FOLDER.mkdir(parents=True, exist_ok=True)
        shutil.copy(made, FOLDER / "run-fixture1.wandb")
    steps = [*range(40), *range(100, 700, 3)]
    told = {"steps": steps, "rows": rows, "config": CONFIG | {"added": "later"}}
    (FOLDER / "truth.json").write_text(json.dumps(told) + "\n")
    data = (FOLDER / "run-fixture1.wandb").read_bytes()
    print(len(data), sorted(set(re.findall(rb"/[\w./-]{6,}", data)))[:20])


if __name__ == "__main__":
    main()
