"""Starts the kiosk's window again when it ends or stands still: for machines that have no systemd.

The window's process writes a byte to its standard output every few seconds, from the clock of its screen. Silence for
`patience` seconds means that nothing on the screen moves or answers any more.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from time import monotonic
from typing import IO

PULSE = "WAYMARK_PULSE"  # as kiosk.ui.watchdog reads it: the window's room is not imported here
PATIENCE = 30.0  # seconds without a sign of life
FIRST_PATIENCE = 180.0  # seconds until the first: a first start on a slow machine draws up its fonts
PULSES = 6  # in the time of one patience
WAITS = (1, 2, 5, 10, 30, 60)  # seconds before the next start, after the first failure, the second, and so on
STEADY = 120.0  # seconds after which a failure is the first again
# Windows has no hang-up.
ENDING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Life:
    """How a window's process ended: its `status`, None where it stood still and was killed; `seconds` that it lived."""

    status: int | None
    seconds: float

    @property
    def end(self) -> str:
        return "stood still" if self.status is None else f"ended with status {self.status}"


def wait_before(failures: int) -> int:
    """Return how many seconds to wait before a start after so many failures in a row."""
    return WAITS[min(failures, len(WAITS)) - 1]


def keep_running(command: Sequence[str], patience: float = PATIENCE) -> None:
    """Run the command until it ends well or this process is told to end; start it again whenever it fails."""
    failures = 0
    with _Supervisor(command, patience).ending_with_us() as supervisor:
        while not supervisor.ending.is_set():
            life = supervisor.live()
            if life.status == 0:
                return
            failures = 1 if life.seconds > STEADY else failures + 1
            if not supervisor.ending.is_set():
                log.warning("The kiosk's window %s. It is started again in %s s.", life.end, wait_before(failures))
                supervisor.ending.wait(wait_before(failures))


def program() -> list[str]:
    """Return the words that start this very program anew, bundled or not."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "kiosk"]


class _Supervisor:
    def __init__(self, command: Sequence[str], patience: float) -> None:
        self.command, self.patience = list(command), patience
        self.ending = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None

    @contextmanager
    def ending_with_us(self) -> Iterator[_Supervisor]:
        """A signal that ends this process ends the window's first."""
        before = {number: signal.signal(number, self._end) for number in ENDING}
        try:
            yield self
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _end(self, *_: object) -> None:
        self.ending.set()
        if self._child:
            self._child.terminate()

    def live(self) -> Life:
        """Start the window once and stay until it has ended, or has been silent for too long and was killed."""
        began, heard = monotonic(), SimpleQueue[bool]()
        environment = {**os.environ, PULSE: str(self.patience / PULSES)}
        with subprocess.Popen(self.command, stdout=subprocess.PIPE, env=environment) as child:
            self._child = child
            if self.ending.is_set():  # the signal came while it was being started
                child.terminate()
            threading.Thread(target=_listen, args=(child.stdout, heard), daemon=True).start()
            status = None if self._falls_silent(heard) else _status(child, self.patience)
            if status is None:
                # It may be stopped in the middle of anything: nothing gentler is sure to end it.
                child.kill()
            self._child = None
        return Life(status, monotonic() - began)

    def _falls_silent(self, heard: SimpleQueue[bool]) -> bool:
        """Return True once nothing was heard for too long, False once there is nobody left to be heard."""
        limit = max(FIRST_PATIENCE, self.patience)
        try:
            while heard.get(timeout=limit):
                limit = self.patience
        except Empty:
            return True
        return False


def _listen(pipe: IO[bytes], heard: SimpleQueue[bool]) -> None:
    while os.read(pipe.fileno(), 64):
        heard.put(True)
    heard.put(False)


def _status(child: subprocess.Popen[bytes], patience: float) -> int | None:
    try:
        return child.wait(patience)
    except subprocess.TimeoutExpired:
        return None
