"""Measures what one measurement of a model costs: time and memory.

PYTHONPATH=.torch python benches/model.py                 110 million parameters on the processor: half a minute
PYTHONPATH=.torch python benches/model.py --device cuda   a thousand million on a GPU
Results as dated text in benches/results. Needs torch.
"""

from __future__ import annotations

import argparse
import datetime
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from fastlogs.torch import AnalysisConfig, ModelAnalysisManager
from run import HERE, load, machine

WORDS = 16_000
# Width and layers: of BERT, and of a model of a thousand million parameters.
SMALL, LARGE = (768, 12), (2048, 19)
ROUNDS = 5
# What the original took for its basic metrics here: 2.3 to 3.1 seconds of processor time, 4 models of memory.
ORIGINAL = 2.3
FASTER, NEAR, SPARE = 8.0, 1.5, 0.1


class Layer(torch.nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        for name in ("q_proj", "k_proj", "v_proj", "o_proj"):
            setattr(self, name, torch.nn.Linear(width, width))
        self.up_proj = torch.nn.Linear(width, 4 * width)
        self.down_proj = torch.nn.Linear(4 * width, width)
        self.norm = torch.nn.LayerNorm(width)


class Model(torch.nn.Module):
    def __init__(self, width: int, layers: int) -> None:
        super().__init__()
        self.embed_tokens = torch.nn.Embedding(WORDS, width)
        self.layers = torch.nn.ModuleList([Layer(width) for _ in range(layers)])
        self.lm_head = torch.nn.Linear(width, WORDS, bias=False)


def moved(model: torch.nn.Module) -> None:
    """An update of fifteen weights in a hundred."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter) * 1e-5 * (torch.rand_like(parameter) < 0.15))


def cost(work: Callable[[], object], before: Callable[[], object] = lambda: None) -> tuple[float, float]:
    """Processor and wall seconds: the least of some rounds, each after `before`; what is more was done for others."""
    found = []
    for _ in range(ROUNDS):
        before()
        cpu, wall = time.process_time(), time.perf_counter()
        work()
        found.append((time.process_time() - cpu, time.perf_counter() - wall))
    return min(cpu for cpu, _ in found), min(wall for _, wall in found)


def peak() -> int:
    """The most memory since the last reset, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def transient(work: Callable[[], object]) -> int:
    """What the memory rises by while something is done."""
    Path("/proc/self/clear_refs").write_text("5")
    start = peak()
    work()
    return peak() - start


def by_the_recipe(model: torch.nn.Module, old: dict[str, torch.Tensor]) -> None:
    """The same metrics as they are usually had: all differences, one long tensor, a pass for each statistic."""
    delta = torch.cat([(p.detach().float() - old[n].float()).flatten() for n, p in model.named_parameters()])
    _ = [float(x) for x in (delta.norm(2), delta.norm(1), delta.abs().max(), delta.mean(), delta.std())]
    _ = [int((delta.abs() > t).sum()) for t in (1e-8, 1e-6, 1e-4)]
    for name, parameter in model.named_parameters():
        old[name] = parameter.detach().clone()


def on_cpu() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    began = load()
    model = Model(*SMALL)
    size = sum(p.numel() for p in model.parameters())
    old = {name: p.detach().clone() for name, p in model.named_parameters()}
    analyzers = {
        "basic metrics, three thresholds": AnalysisConfig(interval=1, sparse_quality_enabled=False),
        "the same with layers, components and sign flips": AnalysisConfig(
            interval=1,
            sparse_quality_enabled=False,
            param_change_per_layer=True,
            param_change_track_components=True,
            param_change_sign_flips=True,
        ),
        "the same in one thread": AnalysisConfig(interval=1, sparse_quality_enabled=False, threads=1),
        "with a bfloat16 snapshot": AnalysisConfig(interval=1, sparse_quality_enabled=False, snapshot_dtype="bfloat16"),
    }

    def update() -> None:
        moved(model)

    def read() -> None:
        for name, parameter in model.named_parameters():
            parameter.detach().sum()
            old[name].sum()

    lines = [f"{size:,} parameters in {len(old)} tensors, float32, {size * 4 / 2**20:.0f} MiB; 15 % of them changed"]
    lines.append(f"{'':52} {'cpu s':>8} {'wall s':>8} {'memory':>8}")
    plain = cost(read, update)
    lines.append(f"{'a plain read of both (torch sum, one thread)':52} {plain[0]:8.3f} {plain[1]:8.3f}")
    ours: dict[str, tuple[float, float]] = {}
    spare = {}
    for what, config in analyzers.items():
        analyzer = ModelAnalysisManager.create(config)
        analyzer.on_optimizer_step(model)
        moved(model)
        measure = lambda analyzer=analyzer: analyzer.on_optimizer_step(model)  # noqa: E731
        spare[what] = transient(measure) / (4 * size)
        ours[what] = cost(measure, update)
        lines.append(f"{what:52} {ours[what][0]:8.3f} {ours[what][1]:8.3f} {spare[what]:7.3f}x")
    recipe = cost(lambda: by_the_recipe(model, old))
    lines.append(f"{'the usual recipe in plain torch, one thread':52} {recipe[0]:8.3f} {recipe[1]:8.3f}")
    cpu, used = ours["basic metrics, three thresholds"][0], spare["basic metrics, three thresholds"]
    bars = [
        (f"less processor time than the original's {ORIGINAL} s", ORIGINAL / cpu, FASTER, ORIGINAL / cpu >= FASTER),
        ("as much as a plain read of both buffers", cpu / plain[0], NEAR, cpu / plain[0] <= NEAR),
        ("of the model in memory, besides the snapshot", used, SPARE, used <= SPARE),
    ]
    lines += [f"{value:6.2f} times {what}; bar {bar}: {'met' if met else 'missed'}" for what, value, bar, met in bars]
    lines.append(
        f"the least of {ROUNDS} rounds, each after an update; {began} before, {load()} after; torch {torch.__version__}"
    )
    write(lines, "model")


def on_gpu() -> None:
    """Wall time until the GPU has done, and its memory besides model and snapshot."""
    lines = [f"{torch.cuda.get_device_name()}, torch {torch.__version__}"]
    for dtype in (torch.bfloat16, torch.float32):
        torch.manual_seed(0)
        with torch.device("cuda"):
            model = Model(*LARGE).to(dtype)
        size = sum(p.numel() for p in model.parameters())
        held = sum(p.numel() * p.element_size() for p in model.parameters())
        lines.append(
            f"{size:,} parameters in {len(list(model.parameters()))} tensors, {dtype}, {held / 2**20:,.0f} MiB"
        )
        lines.append(f"{'':52} {'host s':>8} {'wall s':>8} {'memory':>8}")
        lines += gpu_rows(model, held)
        del model
        torch.cuda.empty_cache()
    write(lines, "model-cuda")


def gpu_rows(model: torch.nn.Module, held: int) -> Iterator[str]:
    def done(work: Callable[[], object]) -> Callable[[], None]:
        def waited() -> None:
            work()
            torch.cuda.synchronize()

        return waited

    old = [p.detach().clone() for p in model.parameters()]
    read = done(lambda: [tensor.sum() for tensor in (*old, *(p.detach() for p in model.parameters()))])
    cpu, wall = cost(read, done(lambda: moved(model)))
    yield f"{'a plain read of both (torch sum)':52} {cpu:8.4f} {wall:8.4f}"
    old.clear()
    basic = {"interval": 1, "sparse_quality_enabled": False}
    more = {"param_change_per_layer": True, "param_change_track_components": True, "param_change_sign_flips": True}
    ways = {
        "basic metrics, the snapshot on the GPU": basic | {"snapshot_device": "cuda"},
        "the same with layers, components and sign flips": basic | more | {"snapshot_device": "cuda"},
        "basic metrics, the snapshot on the host": basic,
    }
    for what, settings in ways.items():
        analyzer = ModelAnalysisManager.create(AnalysisConfig(**settings))
        analyzer.on_optimizer_step(model)
        moved(model)
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        assert analyzer.on_optimizer_step(model)["param_change/norm_l2"] > 0
        spare = (torch.cuda.max_memory_allocated() - before) / held
        cpu, wall = cost(done(lambda analyzer=analyzer: analyzer.on_optimizer_step(model)), done(lambda: moved(model)))
        yield f"{what:52} {cpu:8.4f} {wall:8.4f} {spare:7.3f}x"


def write(lines: list[str], name: str) -> None:
    text = "\n".join([*machine(), *lines]) + "\n"
    print(text)
    (HERE / "results" / f"{datetime.date.today()}-{name}.txt").write_text(text)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    if arguments.parse_args().device == "cpu":
        on_cpu()
    elif torch.cuda.is_available():
        on_gpu()
    else:
        arguments.error("there is no CUDA GPU here")


if __name__ == "__main__":
    main()
