"""Event files as tensorboardX, PyTorch and TF2 write them, and what was logged: `python events.py` writes `data/records/`.

Needs `tensorboard` and `tensorboardX`; the files and their truth (`*.json`) are committed, so the tests need neither.
"""

from __future__ import annotations

import json
import math
import random
import shutil
import struct
from pathlib import Path
from typing import Any

import numpy as np
from tensorboard.compat.proto import event_pb2, graph_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboardX import SummaryWriter

FOLDER = Path(__file__).parents[1] / "records"
# Files are named and stamped by this, not by the clock: they are the same bytes each time.
BORN = 1_700_000_000
Truth = dict[str, list[list[Any]]]


def single(value: float) -> float:
    """What is left of a number in a file of 32-bit floats."""
    return struct.unpack("<f", struct.pack("<f", value))[0]


def plain(value: float) -> float | str:
    """JSON has no NaN."""
    return value if math.isfinite(value) else repr(value)


class Writer:
    """TensorBoard's own writer of records, with our times."""

    def __init__(self, folder: Path, born: int = BORN, suffix: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.writer = EventFileWriter(str(folder), filename_suffix=suffix)
        self.writer.flush()
        made = max(folder.glob("events.out.tfevents.*"), key=lambda path: path.stat().st_mtime_ns)
        self.path, self.name = made, f"events.out.tfevents.{born}.host.1.0{suffix}"
        self.born, self.records = born, [event_pb2.Event(wall_time=born, file_version="brain.Event:2")]

    def add(self, event: event_pb2.Event) -> None:
        event.wall_time = self.born + len(self.records) * 0.25
        self.records.append(event)

    def scalar(self, tag: str, value: float, step: int) -> None:
        summary = summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag=tag, simple_value=value)])
        self.add(event_pb2.Event(step=step, summary=summary))

    def tensor(self, tag: str, tensor: tensor_pb2.TensorProto, step: int, plugin: str | None, kind: int = 1) -> None:
        metadata = None
        if plugin is not None:
            data = summary_pb2.SummaryMetadata.PluginData(plugin_name=plugin)
            metadata = summary_pb2.SummaryMetadata(plugin_data=data, data_class=kind)
        value = summary_pb2.Summary.Value(tag=tag, tensor=tensor, metadata=metadata)
        self.add(event_pb2.Event(step=step, summary=summary_pb2.Summary(value=[value])))

    def close(self) -> Path:
        """Writes the file anew with its own records: the one TensorBoard began says when it was made."""
        from tensorboard.summary.writer.record_writer import RecordWriter

        self.writer.close()
        self.path.unlink()
        path = self.path.with_name(self.name)
        with open(path, "wb") as file:
            records = RecordWriter(file)
            for record in self.records:
                records.write(record.SerializeToString())
            records.flush()
        return path


def truth(path: Path, rows: Truth, **more: Any) -> None:
    rows = {tag: [[step, plain(value)] for step, value in values] for tag, values in rows.items()}
    path.write_text(json.dumps({"scalars": rows, **more}, indent=None) + "\n")


def plain_run() -> None:
    """A run as PyTorch programs log it: a metric an event; beside them texts, histograms, images and a graph."""
    folder, noise, rows = FOLDER / "plain", random.Random(1), Truth()
    writer = Writer(folder)

    def log(tag: str, value: float, step: int) -> None:
        writer.scalar(tag, value, step)
        rows.setdefault(tag, []).append([step, single(value)])

    writer.add(event_pb2.Event(graph_def=graph_pb2.GraphDef().SerializeToString() + b"\x0a\x00" * 5000))
    text = tensor_pb2.TensorProto(dtype=7, string_val=[b"dim: 512"], tensor_shape=shape(1))
    writer.tensor("args/text_summary", text, 0, "text", kind=2)
    for step in range(0, 60, 2):
        log("train/loss", 3 + 8 / (step + 1) + noise.gauss(0, 0.01), step)
        log("train/lr", 1e-3 * step, step)
        if step == 20:
            log("train/grad_norm", math.nan, step)
        elif step == 22:
            log("train/grad_norm", math.inf, step)
        else:
            log("train/grad_norm", noise.random(), step)
        if step % 10 == 8:
            log("val/loss", 3.5 + noise.random(), step)
            histogram = summary_pb2.HistogramProto(min=0, max=1, num=5, sum=2.5, bucket_limit=[0.5, 1], bucket=[2, 3])
            value = summary_pb2.Summary.Value(tag="weights", histo=histogram)
            writer.add(event_pb2.Event(step=step, summary=summary_pb2.Summary(value=[value])))
            image = summary_pb2.Summary.Image(height=9, width=9, encoded_image_string=bytes(noise.randbytes(3000)))
            value = summary_pb2.Summary.Value(tag="samples", image=image)
            writer.add(event_pb2.Event(step=step, summary=summary_pb2.Summary(value=[value])))
    text = tensor_pb2.TensorProto(dtype=7, string_val=[b"a fox", b"a hen"], tensor_shape=shape(2))
    writer.tensor("sample", text, 58, "text", kind=2)
    truth(
        folder / "truth.json", rows, texts={"sample": [[58, "a fox\na hen"]]}, config={"args/text_summary": "dim: 512"}
    )
    writer.close()


def shape(*sizes: int) -> tensor_shape_pb2.TensorShapeProto:
    return tensor_shape_pb2.TensorShapeProto(dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=n) for n in sizes])


def keras_run() -> None:
    """A run as Keras logs it: tensors of rank 0, a folder a split, metadata with the first value of a tag only."""
    noise = random.Random(2)
    for split in ("train", "validation"):
        writer, rows = Writer(FOLDER / "keras" / split, BORN + (split == "validation"), ".v2"), Truth()
        for epoch in range(8):
            for tag in ("epoch_loss", "epoch_accuracy"):
                value = np.float32(noise.random())
                tensor = tensor_pb2.TensorProto(dtype=1, tensor_content=value.tobytes(), tensor_shape=shape())
                writer.tensor(tag, tensor, epoch, "scalars" if epoch == 0 else None)
                rows.setdefault(tag, []).append([epoch, float(value)])
        truth(FOLDER / "keras" / split / "truth.json", rows)
        writer.close()


# dtype, field, the value as the field keeps it, the value.
ELEMENTS: list[tuple[int, str, Any, float]] = [
    (1, "float_val", 1.5, 1.5),
    (2, "double_val", 0.1, 0.1),
    (3, "int_val", -7, -7),
    (4, "int_val", 200, 200),
    (5, "int_val", -300, -300),
    (6, "int_val", -5, -5),
    (9, "int64_val", -(2**40), -(2**40)),
    (10, "bool_val", True, 1),
    (14, "half_val", 0x4049, 3.140625),
    (19, "half_val", 0x3555, 0.333251953125),
    (22, "uint32_val", 2**32 - 1, 2**32 - 1),
    (23, "uint64_val", 2**53, 2**53),
]
CONTENT = {
    1: "<f",
    2: "<d",
    3: "<i",
    4: "<B",
    5: "<h",
    6: "<b",
    9: "<q",
    10: "<?",
    14: "<H",
    19: "<H",
    22: "<I",
    23: "<Q",
}


def elements_run() -> None:
    """A number of every type, in its field and in memory."""
    writer, rows = Writer(FOLDER / "elements"), Truth()
    for dtype, name, kept, value in ELEMENTS:
        one = tensor_pb2.TensorProto(dtype=dtype, tensor_shape=shape(), **{name: [kept]})
        content = tensor_pb2.TensorProto(
            dtype=dtype, tensor_shape=shape(), tensor_content=struct.pack(CONTENT[dtype], kept)
        )
        writer.tensor(f"t{dtype}", one, 1, "scalars")
        writer.tensor(f"t{dtype}", content, 2, None)
        rows[f"t{dtype}"] = [[1, value], [2, value]]
    two = tensor_pb2.TensorProto(dtype=1, tensor_shape=shape(2), float_val=[1, 2])
    writer.tensor("two", two, 1, None)
    truth(FOLDER / "elements" / "truth.json", rows)
    writer.close()


def resumed_run() -> None:
    """A run that crashed at step 50 and went on from 30, in another file."""
    noise, rows = random.Random(3), Truth()
    for k, steps in enumerate((range(0, 51, 5), range(35, 81, 5))):
        writer = Writer(FOLDER / "resumed", BORN + 1000 * k)
        for step in steps:
            for tag in ("loss", "lr"):
                value = noise.random()
                writer.scalar(tag, value, step)
                rows.setdefault(tag, []).append([step, single(value)])
        writer.close()
    truth(FOLDER / "resumed" / "truth.json", rows, stitched_from=35)


def purged_run() -> None:
    """A run that goes on in the file of a writer that was told from where on: `SummaryWriter(purge_step=30)`."""
    noise, rows = random.Random(4), Truth()
    writer = Writer(FOLDER / "purged")
    for steps in (range(0, 50, 5), range(30, 60, 5)):
        if steps.start:
            start = event_pb2.SessionLog(status=event_pb2.SessionLog.START)
            writer.add(event_pb2.Event(step=steps.start, session_log=start))
        for step in steps:
            value = noise.random()
            writer.scalar("loss", value, step)
            rows.setdefault("loss", []).append([step, single(value)])
    writer.close()
    truth(FOLDER / "purged" / "truth.json", rows, stitched_from=30)


def loose_run() -> None:
    """A metric that counts its batches anew in every epoch, beside one that never stops; equal steps, and late tags."""
    noise, rows = random.Random(5), Truth()
    writer = Writer(FOLDER / "loose")

    def log(tag: str, step: int) -> None:
        value = noise.random()
        writer.scalar(tag, value, step)
        rows.setdefault(tag, []).append([step, single(value)])

    for epoch in range(4):
        for step in range(10):
            log("loss", epoch * 10 + step)
        for batch in range(5):
            log("batch_accuracy", batch)
        log("twice", epoch)
        log("twice", epoch)
    for step in range(0, 40, 4):
        log("late", step)
    truth(FOLDER / "loose" / "truth.json", rows)
    writer.close()


def hparams_run() -> None:
    """Settings as `SummaryWriter.add_hparams` keeps them, and what tensorboardX itself writes."""
    folder, rows = FOLDER / "hparams", Truth()
    folder.mkdir(parents=True, exist_ok=True)
    writer = SummaryWriter(str(folder), write_to_disk=True)
    settings = {"lr": 0.001, "layers": 12, "optimizer": "adamw", "bias": True}
    for step in range(5):
        writer.add_scalar("loss", 1 / (step + 1), step, walltime=BORN + step)
        rows.setdefault("loss", []).append([step, single(1 / (step + 1))])
    writer.add_hparams(settings, {"hparam/best": 0.2}, name="session", global_step=4)
    rows["hparam/best"] = [[4, single(0.2)]]
    writer.close()
    made = [*folder.glob("events.out.tfevents.*"), *folder.glob("session/events.out.tfevents.*")]
    for k, path in enumerate(made):
        path.rename(folder / f"events.out.tfevents.{BORN + k}.host")
    (folder / "session").rmdir()
    truth(folder / "truth.json", rows, config=settings)


def histograms_run() -> None:
    """Histograms as tensorboardX and TF2 write them; what they say is told by TensorBoard's own reader."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.data_compat import migrate_value
    from tensorboard.plugins.distribution.compressor import compress_histogram
    from tensorboard.plugins.histogram.summary_v2 import histogram_pb
    from tensorboard.util.tensor_util import make_ndarray
    from tensorboardX.summary import histogram

    noise, writer, rows = np.random.default_rng(6), Writer(FOLDER / "histograms"), Truth()
    # The buckets that `SummaryWriter.add_histogram` of PyTorch and tensorboardX takes.
    edges = 1e-12 * 1.1 ** np.arange(774)
    for step in range(0, 30, 10):
        writer.scalar("loss", 1 / (step + 1), step)
        rows.setdefault("loss", []).append([step, single(1 / (step + 1))])
        values = noise.normal(step / 50, 1 + step / 100, 60)
        for tag, bins in (("old/weights", np.concatenate([-edges[::-1], edges])), ("old/few", 7)):
            old = summary_pb2.Summary.FromString(histogram(tag, values, bins).SerializeToString())
            writer.add(event_pb2.Event(step=step, summary=old))
        for tag, data in (("new/weights", values), ("new/constant", np.full(9, 0.5)), ("new/empty", np.array([]))):
            writer.add(event_pb2.Event(step=step, summary=histogram_pb(tag, data)))
    path = writer.close()

    reader = EventAccumulator(str(path), {"histograms": 0, "tensors": 0}).Reload()
    told: dict[str, list[Any]] = {}

    def tell(tag: str, step: int, sums: list[float], buckets: np.ndarray) -> None:
        shares = [668, 1587, 5000, 8413, 9332, 10000]
        quantiles = [value for _, value in compress_histogram(buckets, shares)][:-1]
        told.setdefault(tag, []).append([step, [float(x) for x in [*sums, *quantiles]] if sums[0] else [0.0]])

    for tag in reader.Tags()["histograms"]:
        for event in reader.Histograms(tag):
            old, kept = event.histogram_value, summary_pb2.HistogramProto()
            kept.min, kept.max, kept.num = old.min, old.max, old.num
            kept.bucket_limit.extend(old.bucket_limit)
            kept.bucket.extend(old.bucket)
            mean = old.sum / old.num
            sums = [old.num, old.min, old.max, mean, math.sqrt(old.sum_squares / old.num - mean**2)]
            tell(
                tag,
                event.step,
                sums,
                make_ndarray(migrate_value(summary_pb2.Summary.Value(tag=tag, histo=kept)).tensor),
            )
    for tag in reader.Tags()["tensors"]:
        for event in reader.Tensors(tag):
            buckets = make_ndarray(event.tensor_proto)
            left, right, counts = buckets.reshape(-1, 3).T
            middle, sums = (left + right) / 2, [0.0]
            if counts.sum():
                mean = np.average(middle, weights=counts)
                spread = math.sqrt(np.average((middle - mean) ** 2, weights=counts))
                sums = [counts.sum(), left[0], right[-1], mean, spread]
            tell(tag, event.step, sums, buckets)
    truth(FOLDER / "histograms" / "truth.json", rows, histograms=told)


def main() -> None:
    runs = (plain_run, keras_run, elements_run, resumed_run, purged_run, loose_run, hparams_run, histograms_run)
    for make in runs:
        shutil.rmtree(FOLDER / make.__name__.removesuffix("_run"), ignore_errors=True)
        make()


if __name__ == "__main__":
    main()
