"""Under a memory limit a failed allocation aborts the process: then a child does the work, and its death is told."""

from __future__ import annotations

import mmap
import os
import signal
import sys
from collections.abc import Callable

# What the threads of a streaming engine take before the first row.
_ROOM = 256 << 20


def is_limited() -> bool:
    """Whether somebody set `ulimit -v`."""
    try:
        import resource
    except ImportError:
        return False
    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY


def wants_room() -> None:
    """Refuses, as out of memory, what would begin under a limit without room for its threads.

    The runtime below polars takes a thread that could not be made for one that comes later, and waits for ever.
    """
    if not is_limited():
        return
    try:
        mmap.mmap(-1, _ROOM).close()
    except OSError as error:
        raise MemoryError from error


def guarded(work: Callable[[], int]) -> int:
    """The exit code of the work, done in a forked child; 2 and a clear line when a signal ends it."""
    import logging

    sys.stdout.flush()
    # Its buffers for many threads are what fails first, and it ends the process with exit 1, which means "no".
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # hashlib logs every hash it finds no memory for, with a traceback each.
    logging.disable()
    child = os.fork()
    if child == 0:
        code = 2
        try:
            code = work()
            sys.stdout.flush()
        finally:
            os._exit(code)
    # Ctrl-C reaches the child too, and it answers for both.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if ended >= 0:
        return ended
    print("error: out of memory\nhelp: raise the limit (ulimit -v), or ask for fewer columns with -m", file=sys.stderr)
    return 2
