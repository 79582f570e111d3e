"""What ended a run, from the last lines of its log: the exception, and the first line of ours that it came from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["crashed", "oom", "killed"]

# What launchers and loggers put before a line, as in `[rank0]:` and `3: `.
_ENVELOPE = re.compile(r"^(?:\[(?:rank|default)?\s*\d+\]:?\s?|\d{1,4}:\s)")
_HEAD = "Traceback (most recent call last)"
_FRAME = re.compile(r'^\s+File "(?P<file>[^"]+)", line (?P<line>\d+), in (?P<name>.+)')
_RAISED = re.compile(r"[A-Za-z_][\w.]*(?::|$)")
_LIBRARY = re.compile(r"(?:site|dist)-packages|/lib/python\d|<frozen|<string>")
_MEMORY = re.compile(
    r"out of memory|outofmemory|\boom[-_ ]?kill|memoryerror|bad_alloc|resource_exhausted|can't allocate memory"
    r"|cannot allocate memory|cudaerrormemoryallocation",
    re.IGNORECASE,
)
_KILLED = (
    (re.compile(r"DUE TO TIME LIMIT"), "cancelled at the time limit"),
    (re.compile(r"(?:slurmstepd|srun).*(?:CANCELLED|PREEMPT)", re.IGNORECASE), "cancelled by the scheduler"),
    (re.compile(r"Segmentation fault|SIGSEGV"), "segmentation fault"),
    (re.compile(r"SIGTERM|signal 15"), "terminated (SIGTERM)"),
    (re.compile(r"SIGKILL|signal 9\b|^\s*(?:\S+: line \d+:\s+\d+ )?Killed\b"), "killed (SIGKILL)"),
    (re.compile(r"NCCL (?:error|WARN)|ncclSystemError|ncclInternalError"), "NCCL error"),
    (re.compile(r"Bus error|SIGBUS"), "bus error"),
    (re.compile(r"CUDA error: (?P<said>[^\n]{3,60})"), "CUDA error"),
)
# One of these stands, in some case, in all that the patterns above find: most logs end without any.
_WORDS = (
    "traceback", "out of memory", "outofmemory", "oom", "memoryerror", "bad_alloc", "resource_exhausted",
    "allocate memory", "memoryallocation", "time limit", "cancelled", "preempt", "segmentation fault", "sigsegv",
    "sigterm", "signal 15", "sigkill", "signal 9", "killed", "nccl", "bus error", "sigbus", "cuda error",
)  # fmt: skip
# What differs between two deaths of the same cause.
_VARIES = (
    (re.compile(r"0x[0-9a-fA-F]+"), "0x…"),
    (re.compile(r"(/[^\s/'\"]+){2,}"), "/…"),
    (re.compile(r"\d+(?:\.\d+)?(?!x…)"), "N"),
)
_LONGEST = 160
# More lines of another kind after a traceback, and the run went on.
_AFTER = 60
# Errors that only tell of another process's error.
_ECHOES = ("ChildFailedError", "ProcessRaisedException", "CalledProcessError", "RayTaskError")


@dataclass(frozen=True, slots=True)
class LastWords:
    """What ended a run: `exception` as printed, `where` in the code, and `cause`, the same for deaths alike."""

    kind: Kind
    exception: str
    where: str = ""
    cause: str = ""

    @property
    def told(self) -> str:
        return f"{self.exception} at {self.where}" if self.where else self.exception


def last_words(tail: str) -> LastWords | None:
    """What the end of a log says of how it ended; None when it says nothing.

    >>> head = 'Traceback (most recent call last):\\n  File "train.py", line 7, in step\\n'
    >>> found = last_words(head + "ValueError: bad 3")
    >>> found.told, found.cause
    ('ValueError: bad 3 at train.py:7 in step', 'ValueError: bad N')
    """
    plain = tail.lower()
    if not any(word in plain for word in _WORDS):
        return None
    lines = [_ENVELOPE.sub("", line.rstrip("\r")) for line in tail.split("\n")]
    raised = _raised(lines)
    if raised is not None:
        return raised
    for line in reversed(lines[-200:]):
        if _MEMORY.search(line):
            return _named("oom", line.strip())
        for pattern, said in _KILLED:
            if pattern.search(line):
                return _named("killed", said)
    return None


def _raised(lines: list[str]) -> LastWords | None:
    """The first traceback that is not another process's echo: what comes after it are its consequences."""
    heads = [at for at, line in enumerate(lines) if _HEAD in line]
    if not heads or len(lines) - heads[-1] > _AFTER + sum(line[:1].isspace() for line in lines[heads[-1] :]):
        return None
    found = [one for at in heads if (one := _block(lines[at + 1 :])) is not None]
    own = [one for one in found if one.exception.partition(":")[0].rpartition(".")[2] not in _ECHOES]
    return next(iter(own or found), None)


def _block(lines: list[str]) -> LastWords | None:
    """One traceback: its frames, then its exception."""
    frames = []
    for line in lines:
        if frame := _FRAME.match(line):
            frames.append(frame)
        elif line and not line[0].isspace() and frames:
            exception = line.strip()[:_LONGEST]
            if not _RAISED.match(exception):
                return None
            return _named("oom" if _MEMORY.search(exception) else "crashed", exception, _where(frames))
    return None


def _where(frames: list[re.Match[str]]) -> str:
    """The last frame that is no library's."""
    own = [frame for frame in frames if not _LIBRARY.search(frame["file"])] or frames
    last = own[-1]
    return f"{last['file'].rpartition('/')[2]}:{last['line']} in {last['name'].strip()}"


def _named(kind: Kind, exception: str, where: str = "") -> LastWords:
    return LastWords(kind, exception[:_LONGEST], where, alike(exception) if kind != "oom" else "out of memory")


def alike(text: str) -> str:
    """A message without what differs from run to run.

    >>> alike("KeyError: /data/a/b.bin at 0x7f12, 12 of 99")
    'KeyError: /… at 0x…, N of N'
    """
    for pattern, instead in _VARIES:
        text = pattern.sub(instead, text)
    return text[:_LONGEST]
