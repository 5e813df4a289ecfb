"""The `kiosk` command as a person or a service starts it: a process of its own, with settings of its own."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60  # seconds: what a busy machine may need, not what is usual
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    status: int
    out: str
    err: str

    def told(self) -> str:
        """Return the sentence on stderr of a command that could not do its work, and see that it is no traceback."""
        assert self.status == 1, (self.status, self.out, self.err)
        assert "Traceback" not in self.err + self.out
        return self.err.strip()


@dataclass(frozen=True)
class Machine:
    """A folder to work in, settings, and a place for temporary files: all that these commands know of this computer."""

    folder: Path
    settings: dict[str, str]

    @property
    def temporary(self) -> Path:
        return self.folder / "temporary"

    def run(self, *words: str, **settings: str) -> Ended:
        """Run `kiosk` with these words to its end."""
        return self._ended([*COMMAND, *words], settings)

    def on_a_full_disk(self, *words: str) -> Ended:
        """Run `kiosk` where no file can grow by a single byte: each write fails as on a disk that is full."""
        return self._ended([sys.executable, "-c", FULL_DISK, *words], {})

    def _ended(self, words: list[str], settings: dict[str, str]) -> Ended:
        done = subprocess.run(
            words,
            cwd=self.folder,
            env=self.environment(settings),
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def start(self, *words: str, **settings: str) -> Running:
        """Start `kiosk` with these words; what it says goes to a file."""
        return self._started([*COMMAND, *words], settings)

    def start_python(self, *words: str, **settings: str) -> Running:
        """Start Python with these words, as `start` starts `kiosk`."""
        return self._started([sys.executable, *words], settings)

    def _started(self, words: list[str], settings: dict[str, str]) -> Running:
        said = self.folder / f"said-{time.monotonic_ns()}.log"
        with said.open("wb") as log:
            process = subprocess.Popen(words, cwd=self.folder, env=self.environment(settings), stdout=log, stderr=log)
        return Running(process, said)

    def environment(self, more: dict[str, str]) -> dict[str, str]:
        self.temporary.mkdir(parents=True, exist_ok=True)
        bare = {
            name: value for name, value in os.environ.items() if not name.startswith("KIOSK_") and name not in DISPLAYS
        }
        # A folder named kiosk, where the command is run, is data and not this program.
        return {**bare, "PYTHONSAFEPATH": "1", "TMPDIR": str(self.temporary), **self.settings, **more}

    def processes(self) -> list[str]:
        """Return the command lines of all that was started on this machine, by whomever, and still runs."""
        return [" ".join(each.cmdline()) for each in psutil.process_iter() if _temporary(each) == str(self.temporary)]


COMMAND = (sys.executable, "-m", "kiosk")
FULL_DISK = """
import resource, kiosk.cli
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
kiosk.cli.main()
"""


@dataclass(frozen=True)
class Running:
    """A command that runs until it is ended."""

    process: subprocess.Popen[bytes]
    said: Path

    def text(self) -> str:
        return self.said.read_text(encoding="utf-8")

    def says(self, pattern: str) -> str:
        """Wait until it says something of this pattern, and return its first group."""
        wait_until(lambda: bool(re.search(pattern, self.text())) or self.process.poll() is not None)
        found = re.search(pattern, self.text())
        assert found, f"it ended with status {self.process.poll()} and said {self.text()!r}"
        return found[1]

    def terminate(self) -> float:
        """Ask it to end (SIGTERM); return how many seconds that took. Killed only if it does not."""
        began = time.monotonic()
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        finally:
            self.kill()
        return time.monotonic() - began

    def kill(self) -> None:
        """End it on the spot, as a power cut would."""
        self.process.kill()
        self.process.wait(PATIENCE)


def wait_until(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come about in time"
        time.sleep(0.02)


@contextmanager
def reserved(port: int) -> Iterator[None]:
    """Let nobody be given this port of a server that is away: who calls is refused, and who names it may take it."""
    with socket.socket() as keeper:
        keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        keeper.bind(("127.0.0.1", port))
        yield


def _temporary(process: psutil.Process) -> str | None:
    try:
        return process.environ().get("TMPDIR")
    except psutil.Error:  # it ended meanwhile, or is another user's
        return None
