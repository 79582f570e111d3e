"""Logs of the tests' own making, one function a format; `python -m data.make.logs` (in tests/) writes `data/logs/`."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

Log = Callable[[int, int], str]
FOLDER = Path(__file__).parents[1] / "logs"
SMALL = 12


def _loss(step: int, noise: random.Random) -> float:
    return 3 + 8 / (step + 1) + noise.gauss(0, 0.01)


def _stamp(step: int, between: str = ",") -> str:
    minute, second = divmod(step, 60)
    return f"2026-01-26 {10 + minute // 60:02d}:{minute % 60:02d}:{second:02d}{between}{step * 37 % 1000:03d}"


def atlas(steps: int, seed: int) -> str:
    noise = random.Random(seed)
    lines = [f"{_stamp(0)} - __main__ - INFO - Config: dim=512, layers=6, heads=8", "Mode: MEMORY+ATTENTION"]
    for step in range(1, steps + 1):
        loss = _loss(step, noise)
        lines.append(
            f"{_stamp(step)} - __main__ - INFO - [Epoch 1/3] Step {step * 50} | Tokens: {step * 0.8:.1f}M | "
            f"LM Loss: {loss:.4f} | Polar: {noise.random():.4f} | PPL: {2.7**loss:.2f} | LR: {step * 1e-6:.2e} | "
            f"GradNorm: {noise.random() * 6:.2f} | Gate std: {noise.random() / 9:.4f} | Tok/s: {noise.randrange(20000, 21000)}"
        )
        if step % 5 == 0:
            lines.append(f"  [Validation] Loss: {loss + 0.1:.4f}, PPL: {2.7**loss:.2f}, Train/Val Gap: 0.83x")
            lines.append("[New best!] Saved checkpoint (PPL: 28.77)")
    return "\n".join(lines) + "\n"


def tt_train(steps: int, seed: int) -> str:
    noise = random.Random(seed)
    lines = ["Number of parameters: 1234567", "Compilation finished"]
    for step in range(1, steps + 1):
        lines += [
            f"dataloader step time {noise.random():.3f} ms",
            f"Step: {step}, Loss: {_loss(step, noise):.7g}",
            f"Full step time {700 + noise.random():.3f} ms, cache entries: {90 + step % 3}",
        ]
    return "\n".join(lines) + "\n"


def tt_train_one_line(steps: int, seed: int) -> str:
    noise = random.Random(seed)
    return "".join(
        f"Step: {step}, Loss: {_loss(step, noise):.7f}, Time: {700 + noise.random():.2f} ms, cache entries: 42\n"
        for step in range(1, steps + 1)
    )


def nanogpt(steps: int, seed: int) -> str:
    noise = random.Random(seed)
    lines = ["number of parameters: 123.59M"]
    for step in range(steps):
        loss = _loss(step, noise)
        if step % 5 == 0:
            lines.append(f"step {step}: train loss {loss:.4f}, val loss {loss + 0.1:.4f}")
        lines.append(f"iter {step}: loss {loss:.4f}, time {130 + noise.random():.2f}ms, mfu {noise.random() * 60:.2f}%")
    return "\n".join(lines) + "\n"


def resumed(steps: int, seed: int) -> str:
    """Two resumes and a new start in one nanoGPT log."""
    parts = [nanogpt(steps, seed + part).splitlines(keepends=True)[1:] for part in range(4)]
    third = steps // 3
    return "".join(parts[0] + parts[1][third:] + parts[2][2 * third :] + parts[3])


def llmc(steps: int, seed: int) -> str:
    noise = random.Random(seed)
    lines = []
    for step in range(steps):
        if step % 5 == 0:
            lines.append(f"s:{step} tel:{_loss(step, noise):.6f}")
        lines.append(f"s:{step} trl:{_loss(step, noise):.6f} lr:{step / 1e6:.6f} norm:{noise.random() * 15:.2f}")
    return "\n".join(lines) + "\n"


def modded_nanogpt(steps: int, seed: int) -> str:
    noise = random.Random(seed)
    lines = [f"step:0/{steps} val_loss:10.8258 train_time:0ms step_avg:nanms"]
    for step in range(1, steps):
        val = f" val_loss:{_loss(step, noise):.4f}" if step % 5 == 0 else ""
        lines.append(f"step:{step}/{steps}{val} train_time:{step * 141}ms step_avg:{141 + noise.random():.2f}ms")
    return "\n".join(lines) + "\n"


def torchtitan(steps: int, seed: int) -> str:
    noise = random.Random(seed)
    return "".join(
        f"[rank0]:[titan] {_stamp(step)} - root - INFO - step: {step:2d}  loss: {_loss(step, noise):.4f}  "
        f"grad_norm: {noise.random():.4f}  memory: 30.99GiB(32.62%)  tps: {noise.randrange(6000, 8000):,}  "
        f"tflops: {400 + noise.random():.2f}  mfu: 41.19%\n"
        for step in range(1, steps + 1)
    )


def megatron(steps: int, seed: int) -> str:
    noise = random.Random(seed)
    lines = []
    for step in range(1, steps + 1):
        lines.append(
            f" [{_stamp(step)[:-4]}] iteration {step:8d}/{steps:8d} | consumed samples: {step * 288:12d} | "
            f"elapsed time per iteration (ms): {25000 + noise.random():.1f} | learning rate: {step * 1e-6:.3E} | "
            f"lm loss: {_loss(step, noise):.6E} | grad norm: {noise.random():.3f} | number of nan iterations:   0 |"
        )
        if step % 5 == 0:
            lines.append("-" * 60)
            lines.append(
                f" validation loss at iteration {step} | lm loss value: {_loss(step, noise):.6E} | "
                f"lm loss PPL: {_loss(step, noise) * 9:.6E} | "
            )
    return "\n".join(lines) + "\n"


def mmengine(steps: int, seed: int) -> str:
    noise = random.Random(seed)
    lines = []
    for step in range(1, steps + 1):
        epoch, done = divmod(step - 1, 6)
        lines.append(
            f"{_stamp(step)[:-4].replace('-', '/')} - mmengine - INFO - Epoch(train)   [{epoch + 1}][{done + 1}/6]  "
            f"lr: {step * 1e-7:.6e}  eta: 4:59:11  time: {9 + noise.random():.6f}  memory: 740  loss: {_loss(step, noise):.6f}"
        )
        if done == 5:
            lines.append(
                f"{_stamp(step)[:-4].replace('-', '/')} - mmengine - INFO - Epoch(val) [{epoch + 1}][6/6]    "
                f"coco/AP: {noise.random():.6f}  coco/AP .5: {noise.random():.6f}"
            )
    return "\n".join(lines) + "\n"


def fairseq(steps: int, seed: int) -> str:
    noise = random.Random(seed)
    return "".join(
        f"| epoch 001:   {step:4d} / {steps} loss={_loss(step, noise):.3f}, nll_loss={_loss(step, noise):.3f}, "
        f"wps={noise.randrange(170000, 180000)}, num_updates={step}, lr={step * 1e-6:.9g}, clip=100%, wall={step * 3}\n"
        for step in range(1, steps + 1)
    )


def hf_dicts(steps: int, seed: int) -> str:
    noise = random.Random(seed)
    lines = []
    for step in range(1, steps + 1):
        epoch = round(step / steps * 3, 2)
        lines.append(
            repr(
                {
                    "loss": round(_loss(step, noise), 4),
                    "grad_norm": noise.random(),
                    "learning_rate": step * 1e-6,
                    "epoch": epoch,
                }
            )
        )
        if step % 5 == 0:
            lines.append(repr({"eval_loss": round(_loss(step, noise), 4), "eval_runtime": 25.6808, "epoch": epoch}))
    return "\n".join(lines) + "\n"


def keras_bars(steps: int, seed: int) -> str:
    """Bars that rewrite their line; an epoch is four states."""
    noise = random.Random(seed)
    out = []
    for epoch in range(1, steps // 4 + 1):
        out.append(f"Epoch {epoch}/{steps // 4}\n")
        for done in (1, 2, 3):
            out.append(
                f"{done}/4 [{'=' * done}>....] - ETA: 1s - loss: {_loss(epoch, noise):.4f} - accuracy: {noise.random():.4f}\r"
            )
        out.append(
            f"4/4 [======] - 2s 1ms/step - loss: {_loss(epoch, noise):.4f} - accuracy: {noise.random():.4f} - val_loss: {_loss(epoch, noise):.4f}\n"
        )
    return "".join(out)


def lightning_bars(steps: int, seed: int) -> str:
    noise = random.Random(seed)
    out = []
    for epoch in range(steps // 4):
        for done in (1, 2, 3, 4):
            out.append(
                f"\rEpoch {epoch}: {done * 25:3d}%|{'█' * done}{' ' * (4 - done)}| {done}/4 [00:0{done}<00:01,  9.9{done}it/s, v_num=0, train_loss={_loss(epoch, noise):.3f}]"
            )
        out.append("\n")
    return "".join(out)


def jsonl(steps: int, seed: int) -> str:
    noise = random.Random(seed)
    lines = []
    for step in range(1, steps + 1):
        row = {
            "step": step,
            "loss": _loss(step, noise),
            "lr": step * 1e-6,
            "note": "ok" if step % 3 else 'a "word"',
            "nested": {"a": noise.random()},
        }
        if step % 5 == 0:
            row["val_loss"] = _loss(step, noise)
        lines.append(json.dumps(row))
    return "\n".join(lines) + "\n"


def trainer_state(steps: int, seed: int) -> str:
    """One document whose rows are in a list, with settings around it."""
    noise = random.Random(seed)
    rows = []
    for step in range(10, 10 * steps + 1, 10):
        loss = _loss(step, noise)
        rows.append(f'{{"epoch": {step / 100}, "grad_norm": {loss / 4:.6f}, "loss": {loss:.4f}, "step": {step}}}')
        if step % 50 == 0:
            rows.append(f'{{"epoch": {step / 100}, "eval_loss": {loss + 0.25!r}, "step": {step}}}')
    listed = ",\n    ".join(rows)
    return f'{{\n  "best_metric": null,\n  "log_history": [\n    {listed}\n  ],\n  "max_steps": {10 * steps}\n}}\n'


def csv(steps: int, seed: int) -> str:
    noise = random.Random(seed)
    rows = [
        f"{step},{_loss(step, noise)},{noise.random():.4f},{'' if step % 4 else noise.random()}"
        for step in range(1, steps + 1)
    ]
    return "\n".join(["step,loss,acc,val/loss", *rows]) + "\n"


def key_values(steps: int, seed: int) -> str:
    """Nobody's format."""
    noise = random.Random(seed)
    lines = ["starting up, seed 5"]
    for step in range(1, steps + 1):
        lines.append(
            f"[{_stamp(step)}] it {step}/{steps} wobble={_loss(step, noise):.4f} torque: {noise.random():.3e} sag 1.{step}"
        )
        if step % 6 == 0:
            lines.append(f"checkpoint written to /tmp/x/{step}.pt")
    return "\n".join(lines) + "\n"


LOGS: dict[str, Log] = {
    "atlas": atlas,
    "csv": csv,
    "fairseq": fairseq,
    "hf_dicts": hf_dicts,
    "jsonl": jsonl,
    "keras_bars": keras_bars,
    "key_values": key_values,
    "lightning_bars": lightning_bars,
    "llmc": llmc,
    "megatron": megatron,
    "mmengine": mmengine,
    "modded_nanogpt": modded_nanogpt,
    "nanogpt": nanogpt,
    "resumed": resumed,
    "torchtitan": torchtitan,
    "trainer_state": trainer_state,
    "tt_train": tt_train,
    "tt_train_one_line": tt_train_one_line,
}


def small(name: str) -> bytes:
    """What `data/logs/` holds of a format."""
    return LOGS[name](SMALL, 7).encode()


def write() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name in LOGS:
        (FOLDER / f"{name}.log").write_bytes(small(name))


if __name__ == "__main__":
    write()
