"""Promise 4 by injection: each system call of a save fails in turn, as on a broken, a full and a locked disk."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.callbacks.outbox import open_outbox
from kiosk.callbacks.seal import digest
from tests.callbacks.samples import envelope

# Everything by which a save changes the disk. What of these it really calls is counted first.
CHANGING = ("openat", "pwrite64", "ftruncate", "fsync", "fdatasync", "unlink", "fallocate")
FAILS = {
    "EIO": CHANGING,
    "ENOSPC": ("openat", "pwrite64", "ftruncate", "fallocate", "fsync", "fdatasync"),
    "EROFS": ("openat", "pwrite64", "ftruncate", "unlink"),
}
REFUSAL = "We could not save this. Please speak to reception."


@dataclass(frozen=True)
class Outcome:
    """What a child said of its one save, and its system calls in between."""

    word: str
    rest: str
    calls: list[str]


class Nursery:
    """Children that save once under a tracer."""

    def __init__(self, process: subprocess.Popen[str], strace: str, log: Path) -> None:
        self._process, self._strace, self._log = process, strace, log

    def save(self, folder: Path, fault: str = "") -> Outcome:
        """Let a child save into `folder`; `fault` is what strace injects, such as `fsync:error=EIO:when=2`."""
        self._say(folder)
        child = self._hear().removeprefix("pid ")
        words = [self._strace, "-p", child, "-o", str(self._log), "-e", f"trace={','.join(CHANGING)}"]
        words += ["-e", f"inject={fault}"] if fault else []
        with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as tracer:
            assert tracer.stderr
            if "attached" not in (said := tracer.stderr.readline()):
                self._say("go")
                while self._hear() != "ended":
                    pass
                pytest.skip(f"system calls cannot be traced here: {said}")
            self._say("go")
            # The word that it begins is a call as well, and may be the one that fails.
            heard = [line for line in iter(self._hear, "ended") if line != "begin"]
        word, _, rest = (heard or ["silent"])[0].partition(" ")
        return Outcome(word, rest, self._log.read_text(encoding="utf-8", errors="replace").splitlines())

    def _say(self, line: object) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def _hear(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline().rstrip("\n")


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("system calls cannot be traced here: install strace")
    words = [sys.executable, "-m", "tests.callbacks.single_saver"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Nursery(process, strace, tmp_path_factory.mktemp("trace") / "log")


@pytest.fixture(scope="module")
def calls_of_a_save(nursery: Nursery, tmp_path_factory: pytest.TempPathFactory) -> Counter[str]:
    """How often a save makes each call, between its first word and its last."""
    folder = tmp_path_factory.mktemp("whole")
    keep_one(folder)
    outcome = nursery.save(folder)
    assert outcome.word == "saved"
    return Counter(found[1] for line in outcome.calls if (found := re.match(r"(\w+)\(", line)))


def keep_one(folder: Path) -> str:
    """Begin an outbox with one request, and return its digest."""
    outbox, kept = open_outbox(folder), envelope()
    outbox.save(kept)
    outbox.close()
    return kept.sha256


@pytest.mark.parametrize("error", FAILS)
def test_a_save_that_fails_at_any_system_call_is_told_and_leaves_nothing_half_written(
    tmp_path: Path, nursery: Nursery, calls_of_a_save: Counter[str], error: str
) -> None:
    tried = refused = 0
    kept = {keep_one(tmp_path)}
    for call in FAILS[error]:
        for number in range(1, calls_of_a_save[call] + 1):
            outcome = nursery.save(tmp_path, f"{call}:error={error}:when={number}")

            assert any("(INJECTED)" in line for line in outcome.calls), (call, number)
            assert outcome.word in ("saved", "refused"), (call, number, outcome)
            if outcome.word == "saved":
                kept.add(outcome.rest.split()[1])
            else:
                assert outcome.rest == REFUSAL
                refused += 1
            tried += 1
            kept = whole(tmp_path, kept)
    assert tried > 3 and refused > 1


@pytest.mark.parametrize("error", FAILS)
def test_a_disk_on_which_nothing_can_be_written_any_more_takes_nothing_and_keeps_all(
    tmp_path: Path, nursery: Nursery, error: str
) -> None:
    kept = {keep_one(tmp_path)}

    outcome = nursery.save(tmp_path, f"pwrite64,ftruncate,fsync,fdatasync:error={error}")

    assert (outcome.word, outcome.rest) == ("refused", REFUSAL)
    assert whole(tmp_path, kept) == kept


def whole(folder: Path, told: set[str]) -> set[str]:
    """See that all that was told is there, and what is there is whole and usable; return the digests of it."""
    outbox = open_outbox(folder)
    pending = [each.envelope for each in outbox.pending()]
    assert outbox.counts().notice == ""
    outbox.close()
    assert all(digest(each.blob) == each.sha256 for each in pending)
    here = {each.sha256 for each in pending}
    assert told <= here and len(pending) == len(here)
    return here
