"""How long a logdir of event files takes: fastlogs, TensorBoard's Rust server, tbparse; the first run is checked.

python benches/tfevents.py --mb 500 --peers /path/to/venv/bin/python

`--peers` is a Python that has `tensorboard-data-server` and `tbparse`. tbparse reads one run of eight, and its rate is
compared. The server keeps at most 1,000 points a tag, and does not checksum unless told to; fastlogs keeps and
checksums all.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
RUNS, TAGS = 8, 20
# What a run's program would log, by the shape of the names.
NAMES = [
    f"{group}/{name}" for group in ("train", "val", "optim", "time") for name in ["loss", "acc", "grad", "lr", "norm"]
]


def crc_table() -> np.ndarray:
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ np.uint32(0x82F63B78), table >> 1).astype(np.uint32)
    return table


TABLE = crc_table()


def masked(columns: np.ndarray) -> np.ndarray:
    """The masked CRC-32C of each row of bytes."""
    crc = np.full(len(columns), 0xFFFFFFFF, np.uint32)
    for byte in columns.T:
        crc = TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    crc ^= np.uint32(0xFFFFFFFF)
    turned = (crc >> 15) | (crc << 17)
    return (turned.astype(np.uint64) + 0xA282EAD8).astype(np.uint32)


def records(tag: str, steps: np.ndarray, values: np.ndarray, times: np.ndarray) -> np.ndarray:
    """A row of bytes a record: a scalar event of that tag."""
    name = tag.encode()
    value = bytes([0x0A, len(name)]) + name + b"\x15" + bytes(4)
    summary = bytes([0x0A, len(value)]) + value
    # A step of three bytes, whatever it is: protobuf takes leading zeros.
    event = b"\x09" + bytes(8) + b"\x10\x80\x80\x00" + bytes([0x2A, len(summary)]) + summary
    data = np.tile(np.frombuffer(event, np.uint8), (len(steps), 1))
    data[:, 1:9] = times.astype("<f8").view(np.uint8).reshape(-1, 8)
    data[:, 10] = steps & 0x7F | 0x80
    data[:, 11] = steps >> 7 & 0x7F | 0x80
    data[:, 12] = steps >> 14 & 0x7F
    data[:, -4:] = values.astype("<f4").view(np.uint8).reshape(-1, 4)
    length = np.frombuffer(len(event).to_bytes(8, "little"), np.uint8)
    header = np.concatenate([length, masked(length[None, :]).astype("<u4").view(np.uint8)])
    footer = masked(data).astype("<u4").view(np.uint8).reshape(-1, 4)
    return np.concatenate([np.tile(header, (len(steps), 1)), data, footer], axis=1)


def write(folder: Path, size: int) -> int:
    """Writes the runs; gives how many values each has of a tag."""
    width = sum(42 + len(name) for name in NAMES[:TAGS])
    count = size // RUNS // width
    if (folder / "done").is_file() and (folder / "done").read_text() == str(count):
        return count
    for run in range(RUNS):
        noise = np.random.default_rng(run)
        path = folder / f"run_{run}" / f"events.out.tfevents.{1_700_000_000 + run}.host"
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "wb") as file:
            version = b"\x09\x00\x00\x00\x00\x00\x00\xf8\x3f\x1a\x0dbrain.Event:2"
            length = len(version).to_bytes(8, "little")
            crc = [masked(np.frombuffer(b, np.uint8)[None, :]).astype("<u4").tobytes() for b in (length, version)]
            file.write(length + crc[0] + version + crc[1])
            for begin in range(0, count, 10_000):
                steps = np.arange(begin, min(begin + 10_000, count))
                times = 1.7e9 + run + steps * 0.5
                parts = [records(name, steps, noise.normal(size=len(steps)), times) for name in NAMES[:TAGS]]
                np.concatenate(parts, axis=1).tofile(file)
    (folder / "done").write_text(str(count))
    return count


TIMED = """
import sys, time
{imports}
begin, cpu = time.perf_counter(), time.process_time()
{work}
print(time.perf_counter() - begin, time.process_time() - cpu, result)
"""


def timed(python: str, imports: str, work: str) -> tuple[float, float, str]:
    """Seconds, CPU seconds and what came of it, in a process of its own."""
    env = dict(os.environ, PYTHONPATH=str(ROOT / "python"))
    code = TIMED.format(imports=imports, work=work)
    done = subprocess.run([python, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True, env=env)
    seconds, cpu, result = done.stdout.split(maxsplit=2)
    return float(seconds), float(cpu), result.strip()


def server(python: str, folder: Path, *flags: str) -> tuple[float, float]:
    """Seconds until TensorBoard's Rust server has loaded the logdir once, as it says; CPU seconds till its end."""
    where = "import tensorboard_data_server as t; print(t.server_binary())"
    binary = subprocess.run([python, "-c", where], capture_output=True, text=True, check=True).stdout.strip()
    command = [binary, "--logdir", str(folder), "--port", "0", "--reload", "once", "-v", *flags]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = 0.0
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        try:
            for line in process.stderr or ():
                if found := re.search(r"Finished load cycle \(([\d.]+)(ms|s)\)", line):
                    seconds = float(found[1]) * (0.001 if found[2] == "ms" else 1)
                    break
        finally:
            process.terminate()
    if not seconds:
        raise SystemExit("the server did not say when it had loaded")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(folder: Path, peers: str, rounds: int) -> list[tuple[str, float, float, float]]:
    """What read, seconds, CPU seconds, share of the bytes; the best of the rounds."""
    ours = f"folder = {str(folder)!r}"
    layouts = {
        "fastlogs.read, wide": "result = fastlogs.read(folder).shape",
        "fastlogs.read, long": "result = fastlogs.read(folder, layout='long').shape",
        "fastlogs.read, summary": "result = fastlogs.read(folder, layout='summary').shape",
    }
    imports = f"import polars, fastlogs, fastlogs._core; {ours}"
    best: dict[str, tuple[float, float, float]] = {}

    def note(name: str, seconds: float, cpu: float, share: float = 1) -> None:
        best[name] = min(best.get(name, (1e9, 1e9, share)), (seconds, cpu, share))

    for _ in range(rounds):
        for name, work in layouts.items():
            seconds, cpu, _ = timed(sys.executable, imports, work)
            note(name, seconds, cpu)
        if peers:
            note("TensorBoard's Rust server", *server(peers, folder))
            note("the same, checksumming", *server(peers, folder, "--checksum"))
    if peers:
        one = f"from tbparse import SummaryReader; folder = {str(folder / 'run_0')!r}"
        seconds, cpu, _ = timed(peers, one, "result = SummaryReader(folder).scalars.shape")
        note("tbparse, one run", seconds, cpu, 1 / RUNS)
    return [(name, *figures) for name, figures in best.items()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mb", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", default="")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "bench" / "tfevents")
    args = parser.parse_args()
    count = write(args.out, args.mb * 1_000_000)
    size = sum(path.stat().st_size for path in args.out.rglob("*tfevents*"))
    print(f"{RUNS} runs of {TAGS} tags with {count:,} values each: {size / 1e6:.0f} MB, {RUNS * TAGS * count:,} values")
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    found = measure(args.out, args.peers, args.rounds)
    base, base_cpu = found[0][1:3]
    print(f"{'':28} {'seconds':>8} {'CPU':>8} {'MB/s':>8} {'x wide':>8} {'x by CPU':>8}")
    for name, seconds, cpu, share in found:
        whole = seconds / share
        rate, by_cpu = size * share / seconds / 1e6, cpu / share / base_cpu
        print(f"{name:28} {seconds:8.2f} {cpu:8.2f} {rate:8.0f} {whole / base:8.1f} {by_cpu:8.1f}")


if __name__ == "__main__":
    main()
