"""Writes the logs that the benches read: the same bytes for the same seed, on any machine.

    python benches/make_logs.py dense 512 out/dense.log       a workload, megabytes, a file
    python benches/make_logs.py sweep 10000 1000 out/sweep    runs, lines a run, a folder

Only `random.Random(seed).random()` is drawn from, which Python keeps stable, and files are written as they are made.
"""

from __future__ import annotations

import math
import struct
import sys
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import count
from pathlib import Path
from random import Random

# Draws a number from [0, 1).
Draw = Callable[[], float]

# Records that are drawn and written at once.
CHUNK = 2000
EPOCH_MS = 1_763_000_000_000
MB = 1_000_000


def falling(k: int, slow: float, draw: Draw, noise: float = 0.3) -> float:
    """A loss that falls with the root of the step."""
    return 1.6 + 9.2 / math.sqrt(1 + k / slow) + noise * (draw() - 0.5)


def dense(draw: Draw, k: int) -> str:
    """Atlas-MAG: every line is a step of eleven numbers, with a validation line after each fiftieth."""
    step = 100 * (k + 1)
    loss = falling(k, 3000, draw, 0.08)
    line = (
        f"[Epoch {1 + k // 4000 % 3}/3] Step {step} | Tokens: {tokens(step * 16384)} | LM Loss: {loss:.4f}"
        f" | Polar: {0.1 + 2.7 * draw():.4f} | PPL: {math.exp(loss):.2f} | LR: {8.19e-08 + 3e-4 * draw() ** 3:.2e}"
        f" | GradNorm: {0.2 + 6 * draw() ** 4:.2f} | Gate std: {0.05 + 0.06 * draw():.4f}"
        f" | Tok/s: {18000 + 4000 * draw():.0f}\n"
    )
    if k % 50 != 49:
        return line
    val = loss + 0.1 * draw()
    return f"{line}[Validation] Loss: {val:.4f}, PPL: {math.exp(val):.2f}, Train/Val Gap: {0.8 + 0.4 * draw():.2f}x\n"


def tokens(n: int) -> str:
    return f"{n / 1e6:.1f}M" if n < 1_000_000_000 else f"{n / 1e9:.2f}B"


def pairs(draw: Draw, k: int) -> str:
    """tt-train: a record is two lines; losses are multiples of 1/128, as bfloat16 prints them."""
    loss = round(falling(k + 1, 900, draw) * 128) / 128
    return f"Step: {k + 1}, Loss: {loss!r}\nFull step time {690 + 40 * draw():.3f} ms\n"


def sparse(draw: Draw, k: int) -> str:
    """A metric line after 99 lines of what else a cluster prints."""
    ms = EPOCH_MS + k * 10_007
    lines, text = 0, []
    while lines < 99:
        text.append(chatter(draw, ms + 90 * lines))
        lines += text[-1].count("\n")
    return "".join(text) + (
        f"{stamp(ms + 10_000)} INFO trainer: step={10 * k} loss={falling(k, 500, draw, 0.05):.4f}"
        f" lr={3e-4 * draw():.3e} grad_norm={4 * draw() ** 3:.3f} tok/s={18000 + 4000 * draw():.0f}\n"
    )


def records(draw: Draw, k: int) -> str:
    """JSON lines."""
    loss, norm, lr = falling(k + 1, 900, draw), round(4 * draw() ** 3, 7), float(f"{5e-5 * draw():.5g}")
    return (
        f'{{"loss": {loss:.4f}, "grad_norm": {norm!r}, "learning_rate": {lr!r}, "epoch": {(k + 1) / 5000:.2f},'
        f' "step": {10 * (k + 1)}}}\n'
    )


def dicts(draw: Draw, k: int) -> str:
    """The dicts of the Hugging Face Trainer, with numbers of seventeen digits and evaluations."""
    loss, epoch = falling(k + 1, 900, draw), f"{(k + 1) / 5000:.2f}"
    norm = single(0.01 + 4 * draw() ** 3)
    line = f"{{'loss': {loss:.4f}, 'grad_norm': {norm!r}, 'learning_rate': {5e-5 * draw()!r}, 'epoch': {epoch}}}\n"
    if k % 100 != 99:
        return line
    took = 3 + draw()
    return (
        f"{line}{{'eval_loss': {loss + draw()!r}, 'eval_runtime': {took:.4f},"
        f" 'eval_samples_per_second': {1000 / took:.3f}, 'eval_steps_per_second': {60 / took:.3f}, 'epoch': {epoch}}}\n"
    )


def single(x: float) -> float:
    """As a 32-bit float prints: seventeen digits."""
    return struct.unpack("f", struct.pack("f", x))[0]


def logfmt(draw: Draw, k: int) -> str:
    """key=value with a time stamp and a level."""
    when = stamp(EPOCH_MS + 703 * (k + 1)).replace(" ", "T").replace(",", ".")
    return (
        f'ts={when}Z level={"info" if draw() < 0.97 else "warn"} msg="train step" step={k + 1}'
        f" loss={falling(k + 1, 900, draw):.5f} lr={3e-4 * draw():.4e} grad_norm={4 * draw() ** 3:.4f}"
        f" tokens_per_sec={18000 + 4000 * draw():.1f} mem_gb={60 + 10 * draw():.2f}\n"
    )


def hundred(draw: Draw, k: int) -> str:
    """One of a hundred kinds of metric line after nine pieces of noise: for many patterns at once."""
    ms = EPOCH_MS + 1000 * k
    noise = "".join(chatter(draw, ms + 90 * j) for j in range(9))
    return f"{noise}metric_{int(100 * draw()):02d}/value: {10 * draw():.5f} at step {k}\n"


def chatter(draw: Draw, ms: int) -> str:
    """One piece of noise; some hold words of metrics and are none."""
    which, a, b = draw(), draw(), draw()
    return next(make for share, make in NOISE if which < share)(a, b, ms)


def channel(a: float, b: float, ms: int) -> str:
    source, target = f"{int(8 * b)}[{bus(a):x}]", f"{int(8 * a)}[{bus(b):x}]"
    return f"{node(a, b, ms)} NCCL INFO Channel {int(24 * a):02d}/24 : {source} -> {target} via P2P/CUMEM/read\n"


def node(a: float, b: float, ms: int) -> str:
    return f"node{int(16 * a):02d}:{ms % 50000}:{20000 + int(5000 * a)} [{int(8 * b)}]"


def bus(a: float) -> int:
    return 0x1000 * int(1 + 15 * a)


def heartbeat(a: float, b: float, ms: int) -> str:
    return (
        f"{stamp(ms)} WARNING torch.distributed: rank {int(64 * a)}: watchdog heartbeat late by {9 * b:.1f}s"
        f" (loss scale kept at {2 ** int(8 + 8 * a)})\n"
    )


def queue(a: float, b: float, ms: int) -> str:
    return (
        f"{stamp(ms)} INFO dataloader: prefetch queue depth {int(64 * a)}/64,"
        f" shard {int(99999 * b):05d}.tar opened in {2 * a:.3f}s\n"
    )


def advice(a: float, _b: float, _ms: int) -> str:
    call = "Detected call of `lr_scheduler.step()` before `optimizer.step()`. "
    where = f"/opt/venv/lib/python3.11/site-packages/torch/optim/lr_scheduler.py:{200 + int(90 * a)}"
    return f'{where}: UserWarning: {call}\n  warnings.warn("{call}", UserWarning)\n'


def ready(a: float, b: float, ms: int) -> str:
    return (
        f"{node(a, b, ms)} NCCL INFO comm 0x{int(a * 2**47):012x}"
        f" rank {int(64 * b)} nranks 64 cudaDev {int(8 * b)} busId {bus(b):x} - Init COMPLETE\n"
    )


def bar(a: float, b: float, _ms: int) -> str:
    """A progress bar: one line of a dozen rewrites."""
    states = []
    for part in range(12):
        done = int(2000 * (part + a) / 12)
        tenths, left = done // 200, 2000 - done
        drawn = "█" * tenths + ("▌" + " " * (9 - tenths) if tenths < 10 else "")
        states.append(
            f"\rTraining: {done // 20:3d}%|{drawn}| {done}/2000 [{clock(done)}<{clock(left)}, {9 + b:5.2f}it/s,"
            f" loss={2 + b:.3f}]"
        )
    return "".join(states) + "\n"


def clock(tenths: int) -> str:
    return f"{tenths // 600:02d}:{tenths // 10 % 60:02d}"


def trace(a: float, b: float, _ms: int) -> str:
    shard, sample = int(99999 * a), int(9999 * b)
    return f"""Traceback (most recent call last):
  File "/opt/venv/lib/python3.11/site-packages/torch/utils/data/_utils/worker.py", line 351, in _worker_loop
    data = fetcher.fetch(index)  # type: ignore[possibly-undefined]
           ^^^^^^^^^^^^^^^^^^^^
  File "/opt/venv/lib/python3.11/site-packages/torch/utils/data/_utils/fetch.py", line 52, in fetch
    data = [self.dataset[idx] for idx in possibly_batched_index]
  File "/workspace/train/data.py", line 218, in __getitem__
    raise BrokenShard(f"shard {{self.path}} sample {{i}}: checksum mismatch, skipped (loss mask kept)")
train.data.BrokenShard: shard /data/web/{shard:05d}.tar sample {sample}: checksum mismatch, skipped (loss mask kept)
"""


# Up to which draw each kind of noise comes.
NOISE: tuple[tuple[float, Callable[[float, float, int], str]], ...] = (
    (0.45, channel),
    (0.60, heartbeat),
    (0.75, queue),
    (0.85, advice),
    (0.93, ready),
    (0.985, bar),
    (1.0, trace),
)


def stamp(ms: int) -> str:
    return f"{second(ms // 1000)},{ms % 1000:03d}"


@lru_cache(64)
def second(s: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(s))


WORKLOADS: dict[str, Callable[[Draw, int], str]] = {
    "dense": dense,
    "pairs": pairs,
    "sparse": sparse,
    "records": records,
    "dicts": dicts,
    "logfmt": logfmt,
    "hundred": hundred,
}


def chunks(workload: str, seed: int = 0) -> Iterator[bytes]:
    """The log without end, a few thousand records at a time."""
    draw, record = Random(f"{workload} {seed}").random, WORKLOADS[workload]
    for start in count(0, CHUNK):
        yield "".join(record(draw, k) for k in range(start, start + CHUNK)).encode()


def write(workload: str, size_bytes: int, path: Path, seed: int = 0) -> None:
    """The first lines of the log that fill `size_bytes`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as out:
        for chunk in chunks(workload, seed):
            left = size_bytes - out.tell()
            if left <= len(chunk):
                out.write(chunk[: chunk.find(b"\n", left - 1) + 1 or len(chunk)])
                break
            out.write(chunk)
    part.rename(path)


def write_sweep(runs: int, lines: int, root: Path) -> None:
    """A folder a run, each a dense log of its own seed."""
    for run in range(runs):
        draw, text, k = Random(f"sweep {run}").random, [], 0
        while len(text) < lines:
            text += dense(draw, k).splitlines(keepends=True)
            k += 1
        folder = root / f"run_{run:05d}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "train.log").write_text("".join(text[:lines]))


def main(args: list[str]) -> None:
    if len(args) == 4 and args[0] == "sweep":
        write_sweep(int(args[1]), int(args[2]), Path(args[3]))
    elif len(args) == 3 and args[0] in WORKLOADS:
        write(args[0], int(float(args[1]) * MB), Path(args[2]))
    else:
        sys.exit(f"{__doc__}\nworkloads: {', '.join(WORKLOADS)}, sweep")


if __name__ == "__main__":
    main(sys.argv[1:])
