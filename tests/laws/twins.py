"""One run written twice, as producers do it: from the same numbers the files of two of its loggers."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ROWS = range(1, 9)


@dataclass(frozen=True)
class Twins:
    """Files of one run, and the metrics that several of them hold: what each calls it, and the values."""

    files: dict[str, bytes]
    shared: tuple[tuple[dict[str, str], list[float]], ...]


def values(start: float) -> list[float]:
    return [round(start / (row + 1), 6) for row in ROWS]


LOSS, VAL, LR = values(2.5), values(3.25), values(0.01)


def lines(rows: Iterable[str]) -> bytes:
    return "".join(row + "\n" for row in rows).encode()


def objects(rows: Iterable[dict[str, object]]) -> bytes:
    return lines(json.dumps(row) for row in rows)


def flair() -> Twins:
    log, table = [], ["EPOCH\tTIMESTAMP\tBAD_EPOCHS\tLEARNING_RATE\tTRAIN_LOSS\tDEV_LOSS\tDEV_F1"]
    for epoch, loss, val, lr in zip(ROWS, LOSS, VAL, LR, strict=True):
        stamp = f"2026-03-01 10:{epoch:02}"
        log += [f"{stamp}:0{k},500 epoch {epoch} - iter {k}/2 - loss {loss + k} - samples/sec: 120.5" for k in (0, 1)]
        log += [
            f"{stamp}:10,500 EPOCH {epoch} done: loss {loss} - lr {lr}",
            f"{stamp}:20,500 DEV : loss {val} - score 0.5",
        ]
        table.append(f"{epoch}\t10:{epoch:02}:20\t0\t{lr}\t{loss}\t{val}\t0.5")
    names = (("epoch_loss", "TRAIN_LOSS"), ("val_loss", "DEV_LOSS"), ("epoch_lr", "LEARNING_RATE"))
    return pair("training.log", lines(log), "loss.tsv", lines(table), names, (LOSS, VAL, LR))


def baselines() -> Twins:
    rule, table = "-" * 38, ["policy loss,num episodes,value loss"]
    log = ["Logging to logs"]
    for row, loss, val in zip(ROWS, LOSS, VAL, strict=True):
        log += [
            rule,
            f"| num episodes  | {row:<18} |",
            f"| policy loss   | {loss:<18} |",
            f"| value loss    | {val:<18} |",
            rule,
        ]
        table.append(f"{loss},{row},{val}")
    names = (("policy_loss", "policy loss"), ("value_loss", "value loss"), ("num_episodes", "num episodes"))
    return pair("log.txt", lines(log), "progress.csv", lines(table), names, (LOSS, VAL, [float(k) for k in ROWS]))


def rllib() -> Twins:
    learner = "info/learner/default_policy/learner_stats"
    rows = [
        {
            "episode_reward_mean": reward,
            "timesteps_total": 4000 * row,
            "training_iteration": row,
            "time_total_s": 10.5 * row,
            "info": {"learner": {"default_policy": {"learner_stats": {"total_loss": loss, "entropy": 0.5 / row}}}},
            "config": {"lr": 0.0005, "model": {"fcnet_activation": "tanh", "vf_share_layers": False}},
        }
        for row, reward, loss in zip(ROWS, VAL, LOSS, strict=True)
    ]
    table = [f"episode_reward_mean,timesteps_total,training_iteration,time_total_s,{learner}/total_loss"]
    table += [f"{v},{4000 * row},{row},{10.5 * row},{loss}" for row, v, loss in zip(ROWS, VAL, LOSS, strict=True)]
    names = tuple((name, name) for name in ("episode_reward_mean", f"{learner}/total_loss"))
    return pair("result.json", objects(rows), "progress.csv", lines(table), names, (VAL, LOSS))


def stylegan() -> Twins:
    log, rows, events = [], [], []
    for row, loss, sec in zip(ROWS, LOSS, VAL, strict=True):
        tick = row - 1
        log.append(
            f"tick {tick:<5d} kimg {4.0 * tick:<8.1f} time {row}m 02s       sec/tick {sec:<7} sec/kimg 37.91   "
            f"maintenance 0.2    cpumem 3.15   gpumem 6.34   augment {loss:.3f}"
        )
        mean = {"Loss/G/loss": loss, "Timing/sec_per_tick": sec, "Progress/kimg": 4.0 * tick}
        rows.append(
            {name: {"num": 64, "mean": value, "std": 0.5} for name, value in mean.items()} | {"timestamp": 1.7e9 + row}
        )
        events.append((4 * tick, mean))
    kimg = [4.0 * (row - 1) for row in ROWS]
    sec = {"log.txt": "sec_tick", "stats.jsonl": "Timing/sec_per_tick.mean", EVENTS: "Timing/sec_per_tick"}
    far = {"stats.jsonl": "Loss/G/loss.mean", EVENTS: "Loss/G/loss"}
    files = {"log.txt": lines(log), "stats.jsonl": objects(rows), EVENTS: event_file(events)}
    return Twins(files, ((sec, VAL), (far, LOSS), ({"log.txt": "kimg", "stats.jsonl": "Progress/kimg.mean"}, kimg)))


def llama_factory() -> Twins:
    rows = [
        {
            "current_steps": 5 * k,
            "total_steps": 40,
            "loss": loss,
            "lr": lr,
            "epoch": k / 8,
            "percentage": 12.5 * k,
            "elapsed_time": f"0:0{k}:30",
            "remaining_time": "9 days, 21:39:23",
        }
        for k, loss, lr in zip(ROWS, LOSS, LR, strict=True)
    ]
    history = [
        {"epoch": k / 8, "grad_norm": 1.5, "learning_rate": lr, "loss": loss, "step": 5 * k}
        for k, loss, lr in zip(ROWS, LOSS, LR, strict=True)
    ]
    state = {"epoch": 1.0, "global_step": 40, "log_history": history, "max_steps": 40}
    names = (("loss", "loss"), ("lr", "learning_rate"))
    return pair(
        "trainer_log.jsonl",
        objects(rows),
        "trainer_state.json",
        json.dumps(state, indent=2).encode(),
        names,
        (LOSS, LR),
    )


def detectron2() -> Twins:
    rows = [{"iteration": 20 * k - 1, "loss_cls": loss, "lr": lr} for k, loss, lr in zip(ROWS, LOSS, LR, strict=True)]
    events = [(20 * k - 1, {"loss_cls": loss, "lr": lr}) for k, loss, lr in zip(ROWS, LOSS, LR, strict=True)]
    return pair(
        "metrics.json", objects(rows), EVENTS, event_file(events), (("loss_cls", "loss_cls"), ("lr", "lr")), (LOSS, LR)
    )


def pair(
    one: str,
    bytes_one: bytes,
    other: str,
    bytes_other: bytes,
    names: Sequence[tuple[str, str]],
    truth: Sequence[list[float]],
) -> Twins:
    shared = tuple(({one: mine, other: theirs}, found) for (mine, theirs), found in zip(names, truth, strict=True))
    return Twins({one: bytes_one, other: bytes_other}, shared)


# TensorBoard's event files, by their published framing: length, masked crc, protobuf, masked crc.

EVENTS = "events.out.tfevents.1700000000.host"


def crc32c(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data: bytes) -> bytes:
    crc = crc32c(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def varint(number: int) -> bytes:
    head, rest = number & 0x7F, number >> 7
    return bytes([head | 0x80]) + varint(rest) if rest else bytes([head])


def field(number: int, data: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(data)) + data


def event(seconds: float, rest: bytes) -> bytes:
    data = b"\x09" + struct.pack("<d", seconds) + rest
    length = struct.pack("<Q", len(data))
    return length + masked(length) + data + masked(data)


def event_file(rows: Iterable[tuple[int, dict[str, float]]]) -> bytes:
    found = [event(1.7e9, field(3, b"brain.Event:2"))]
    for step, scalars in rows:
        for tag, value in scalars.items():
            scalar = field(1, tag.encode()) + b"\x15" + struct.pack("<f", value)
            found.append(event(1.7e9 + step, b"\x10" + varint(step) + field(5, field(1, scalar))))
    return b"".join(found)
