"""The sums of tensors on a GPU, made there: a few kernels over many of them at a time, and one transfer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import torch

from fastlogs.model.change import LEFT, NAMED, joined
from fastlogs.stats.floats import Floats

# Whose memory the kernel reads.
NEAR = frozenset({"cpu"})
# Numbers of a row of a stack at most, and of a stack: what is in between takes some thirty bytes a number.
_LONGEST = 1 << 16
_STACK = 1 << 23

Tensors = Sequence[torch.Tensor]


def is_near(tensor: torch.Tensor) -> bool:
    """Whether the kernel can read a tensor; what lies elsewhere is measured where it lies."""
    return tensor.device.type in NEAR


def rows_on_device(
    new: Tensors, old: Tensors | None, bounds: Sequence[float], *, signs: bool = False, refresh: bool = False
) -> Floats:
    """The rows that `_core.tensors.measure` gives, by torch alone, on any device; of `new` itself without an `old`.

    Each pair is compared in the type of the old one; `refresh` makes the old ones equal to the new.
    """
    waiting = sums_on_device(new, old, bounds, signs=signs)
    if refresh and old:
        torch._foreach_copy_(list(old), list(new))
    return rows_of([waiting])[0]


def sums_on_device(new: Tensors, old: Tensors | None, bounds: Sequence[float], *, signs: bool = False) -> Waiting:
    """The same, still there: several can be brought together."""
    cuts = sorted(_cuts(new, old), key=lambda cut: cut.kind)
    parts = [_sums(new, old, stack, bounds, signs=signs) for stack in _stacks(cuts)]
    return Waiting(tuple(cuts), parts, len(new), NAMED + len(bounds))


def rows_of(waiting: Sequence[Waiting]) -> list[Floats]:
    """A row a tensor, of each, in one transfer."""
    rows = brought([part for one in waiting for part in one.parts], max((one.width for one in waiting), default=NAMED))
    ends = np.cumsum([0, *(sum(len(part) for part in one.parts) for one in waiting)])
    return [one.joined(rows[at:end]) for one, at, end in zip(waiting, ends, ends[1:], strict=False)]


def brought(parts: Tensors, width: int) -> Floats:
    """Rows in one transfer: the only place where the host waits for a device."""
    if not parts:
        return np.zeros((0, width))
    found: Floats = torch.cat([part.to(parts[0].device) for part in parts]).cpu().double().numpy()
    return found


@dataclass(frozen=True, slots=True)
class Waiting:
    """Sums of `count` tensors, cut into rows, on their device."""

    cuts: tuple[_Cut, ...]
    parts: list[torch.Tensor]
    count: int
    width: int

    def joined(self, rows: Floats) -> Floats:
        """A row a tensor, of one a row of the stacks."""
        rows[:, LEFT] -= np.array([pad for cut in self.cuts for pad in cut.pads], dtype=float)
        owners = np.array([cut.owner for cut in self.cuts for _ in range(cut.rows)], dtype=int)
        order = np.argsort(owners, kind="stable")
        ends = np.searchsorted(owners[order], np.arange(1, self.count))
        found = [joined(part) for part in np.split(rows[order], ends)]
        return np.stack(found) if self.count else rows


def fetched(tensors: Tensors) -> list[torch.Tensor]:
    """Copies on the host, by one transfer for all of a type and device."""
    kinds: dict[tuple[torch.device, torch.dtype], list[int]] = {}
    for at, tensor in enumerate(tensors):
        kinds.setdefault((tensor.device, tensor.dtype), []).append(at)
    near = list(tensors)
    for ats in kinds.values():
        flat = [tensors[at].reshape(-1) for at in ats]
        held = (torch.cat(flat) if len(flat) > 1 else flat[0]).cpu()
        for at, one in zip(ats, torch.split_with_sizes(held, [len(one) for one in flat]), strict=True):
            near[at] = one.view(tensors[at].shape)
    return near


@dataclass(frozen=True, slots=True)
class _Cut:
    """A stretch of a tensor, and the rows of a stack that it fills; what they have to spare is filled with NaN."""

    owner: int
    start: int
    length: int
    device: str
    dtype: torch.dtype

    @property
    def kind(self) -> tuple[str, str, int]:
        """Cuts of one kind are stacked."""
        return self.device, str(self.dtype), self.width

    @property
    def width(self) -> int:
        """Numbers of a row: little is spared where a model has many small tensors."""
        return min(_LONGEST, 1 << max(self.length - 1, 0).bit_length())

    @property
    def rows(self) -> int:
        return -(-self.length // self.width)

    @property
    def pads(self) -> list[int]:
        """NaN in each row."""
        return [0] * (self.rows - 1) + [self.rows * self.width - self.length]


def _cuts(new: Tensors, old: Tensors | None) -> Iterator[_Cut]:
    for owner, tensor in enumerate(new):
        kind = tensor.dtype if old is None else old[owner].dtype
        for start in range(0, tensor.numel(), _STACK):
            length = min(_STACK, tensor.numel() - start)
            yield _Cut(owner, start, length, str(tensor.device), kind)


def _stacks(cuts: Sequence[_Cut]) -> Iterator[list[_Cut]]:
    """Cuts of one kind, as many as a stack has room for."""
    for _, alike in groupby(cuts, key=lambda cut: cut.kind):
        held: list[_Cut] = []
        for cut in alike:
            if held and sum(one.rows for one in held) * cut.width + cut.length > _STACK:
                yield held
                held = []
            held.append(cut)
        yield held


def _stacked(tensors: Tensors, cuts: Sequence[_Cut]) -> torch.Tensor:
    """Those cuts as rows of floats, after the type of the old tensors has rounded them."""
    cut, device = cuts[0], tensors[cuts[0].owner].device
    wide = torch.float64 if cut.dtype == torch.float64 else torch.float32
    stack = torch.full((sum(one.rows for one in cuts), cut.width), float("nan"), dtype=wide, device=device)
    flat, at, places, values = stack.view(-1), 0, [], []
    for one in cuts:
        places.append(flat[at : at + one.length])
        values.append(tensors[one.owner].detach().reshape(-1)[one.start : one.start + one.length].to(one.dtype))
        at += one.rows * one.width
    torch._foreach_copy_(places, values)
    return stack


def _sums(
    new: Tensors, old: Tensors | None, cuts: Sequence[_Cut], bounds: Sequence[float], *, signs: bool
) -> torch.Tensor:
    """A row of sums for each row of a stack, still on its device. All of them are made as doubles."""
    weights = _stacked(new, cuts)
    before = None if old is None else _stacked(old, cuts)
    apart = (weights if before is None else weights - before).to(_widest(weights))
    kept = apart.isfinite()
    crossed = _signs(weights, before, kept) if signs and before is not None else [kept.sum(1) * 0] * 2
    low = apart.where(kept, torch.inf).amin(1)
    high = apart.where(kept, -torch.inf).amax(1)
    apart = apart.where(kept, 0)
    n = kept.sum(1)
    mean = apart.sum(1) / n.clamp(min=1)
    spread = (apart - mean[:, None]).where(kept, 0).square_().sum(1)
    sizes = apart.abs_()
    weights = weights.where(weights.isfinite(), 0).to(sizes.dtype)
    columns = [n, kept.shape[1] - n, mean, spread, sizes.sum(1), low, high, weights.square().sum(1)]
    columns += [weights.abs_().amax(1), *crossed, *((sizes > bound).sum(1) for bound in bounds)]
    return torch.stack([column.to(sizes.dtype) for column in columns], dim=1)


def _signs(new: torch.Tensor, old: torch.Tensor, kept: torch.Tensor) -> list[torch.Tensor]:
    """Pairs without a zero, and those of them whose signs differ."""
    both = kept & (new != 0) & (old != 0)
    return [both.sum(1), (both & (new.signbit() != old.signbit())).sum(1)]


def _widest(tensor: torch.Tensor) -> torch.dtype:
    """Doubles; Apple's GPUs have none."""
    return torch.float32 if tensor.device.type == "mps" else torch.float64
