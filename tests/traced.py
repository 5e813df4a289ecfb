"""Breaks one step of a kiosk or a hub at a chosen system call: an error of the disk, or kill -9, by strace."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

# Everything by which a step changes a disk.
CHANGING = (
    "openat",
    "pwrite64",
    "write",
    "ftruncate",
    "fsync",
    "fdatasync",
    "unlink",
    "unlinkat",
    "rename",
    "fallocate",
    "mkdir",
)
# By which it looks at a disk, and a stick that is gone is noticed.
LOOKING = ("newfstatat", "getdents64")
SKIPPED = "SYSTEM CALLS CANNOT BE TRACED HERE, so no step was broken at each of them: install strace."


@dataclass(frozen=True)
class Outcome:
    """What a child said of its one step, and its system calls. A killed one says nothing."""

    word: str
    rest: str
    calls: list[str]

    @property
    def counted(self) -> Counter[str]:
        """How often the step made each call. What it says to us is none of it."""
        begin = next(n for n, line in enumerate(self.calls) if '"begin' in line)
        steps = [line for line in self.calls[begin + 1 :] if not line.startswith("write(1,")]
        return Counter(found[1] for line in steps if (found := re.match(r"(\w+)\(", line)))

    @property
    def injected(self) -> bool:
        return any("(INJECTED)" in line or "+++ killed by SIGKILL" in line for line in self.calls)


class Nursery:
    """Children that take one step each, see tests.traced_steps."""

    def __init__(self, process: subprocess.Popen[str], strace: str, log: Path) -> None:
        self._process, self._strace, self._log = process, strace, log

    def take(self, *step: object, fault: str = "") -> Outcome:
        """Let a child take `step`; `fault` is what strace injects, such as `fsync:error=EIO:when=2`."""
        self._say(shlex.join(map(str, step)))
        answer = self._hear()
        assert answer.startswith("pid "), answer
        child = answer.removeprefix("pid ")
        words = [self._strace, "-p", child, "-o", str(self._log), "-e", f"trace={','.join(CHANGING + LOOKING)}"]
        words += ["-e", f"inject={fault}"] if fault else []
        with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as tracer:
            assert tracer.stderr
            attached = "attached" in tracer.stderr.readline()
            self._say("go")
            heard = [line for line in iter(self._hear, "ended") if line != "begin"]
        if not attached:
            pytest.skip(SKIPPED)
        word, _, rest = (heard or ["killed"])[0].partition(" ")
        return Outcome(word, rest, self._log.read_text(encoding="utf-8", errors="replace").splitlines())

    def _say(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def _hear(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the nursery has ended"
        return line.rstrip("\n")


@contextmanager
def nursery_of_steps(log: Path) -> Iterator[Nursery]:
    """Start the nursery; skip where there is no strace. `log` is a file for its traces."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip(SKIPPED)
    words = [sys.executable, "-m", "tests.traced_steps"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Nursery(process, strace, log)


def places(counted: Counter[str], calls: tuple[str, ...] = CHANGING, stride: int = 1) -> list[tuple[str, int]]:
    """Return every `stride`-th call of a step with its number, counting as strace does: `write` says "begin" first."""
    every = [(call, number + (call == "write")) for call in calls for number in range(1, counted[call] + 1)]
    return every[::stride]
