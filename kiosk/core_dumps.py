"""See that a crash writes no memory to the disk: what a parent is typing is in it, or requests that a worker has open."""

from __future__ import annotations

import ctypes
import sys

PR_SET_DUMPABLE = 4  # linux/prctl.h


def leave_no_core() -> None:
    """Have a crash of this process leave nothing of its memory (R1). On Linux nobody else of this user can read it either."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # The limit does not hold where cores are piped to a program, as systemd has it.
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0)
