"""Proof that frames turn, and an end when they fail: whoever started the kiosk then starts it anew.

systemd listens on a socket (sd_notify(3)), `kiosk run --supervised` on this process's standard output. Both are told by the
screen's own clock, so that a screen that stands still falls silent. The visit is not restored: it was never anywhere else.
"""

from __future__ import annotations

import logging
import os
import socket
import time
import traceback
from collections import deque
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kivy.base import ExceptionHandler, ExceptionManager
from kivy.clock import Clock

PULSE = "WAYMARK_PULSE"
"""The variable in which a supervisor says every how many seconds it wants to hear from the screen."""

A_PULSE = b"."
STANDARD_OUTPUT = 1
MOST_FAULTS = 3
WITHIN = 60.0  # seconds

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Listener:
    """Somebody who wants to hear every `seconds` that frames turn, 0 for only the beginning and the end."""

    seconds: float
    tell: Callable[[bytes], None]
    started: bytes = b""
    turns: bytes = b""
    ends: bytes = b""


def find_listeners(environ: MutableMapping[str, str]) -> list[Listener]:
    """Return who listens, as the environment says. It is taken out of there: no process started from here may answer."""
    found = []
    address, microseconds = environ.pop("NOTIFY_SOCKET", ""), environ.pop("WATCHDOG_USEC", "0")
    # Often that of xinit, which starts the screen and then us: we answer for it.
    environ.pop("WATCHDOG_PID", "")
    if address:
        # A third of the time, so that one frame that comes late is not an end.
        seconds = int(microseconds) / 3_000_000
        found.append(Listener(seconds, _by_socket(address), b"READY=1", b"WATCHDOG=1", b"STOPPING=1"))
    pulse = environ.pop(PULSE, "")
    if pulse:
        found.append(Listener(float(pulse), _by_output, A_PULSE, A_PULSE))
    return found


def _by_socket(address: str) -> Callable[[bytes], None]:
    name = "\0" + address[1:] if address.startswith("@") else address

    def tell(what: bytes) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ours:
            ours.setblocking(False)
            ours.sendto(what, name)

    return tell


def _by_output(what: bytes) -> None:
    os.write(STANDARD_OUTPUT, what)


class Watchdog:
    """Tells the listeners from the Clock. `lost` is called when one of them is not there any more."""

    def __init__(self, listeners: list[Listener], lost: Callable[[], None]) -> None:
        self._listeners, self._lost = listeners, lost
        self._timers = []

    def start(self) -> None:
        """The welcome is painted."""
        for each in self._listeners:
            self._tell(each, each.started)
            if each.seconds:
                self._timers.append(
                    Clock.schedule_interval(lambda _dt, each=each: self._tell(each, each.turns), each.seconds)
                )

    def stop(self) -> None:
        for timer in self._timers:
            timer.cancel()
        for each in self._listeners:
            self._tell(each, each.ends)
        self._timers, self._listeners = [], []

    def _tell(self, listener: Listener, what: bytes) -> None:
        try:
            if what:
                listener.tell(what)
        except BlockingIOError:
            log.warning("The service manager does not keep up.")
        except OSError:
            # Nobody would restart this kiosk any more; whoever ended its supervisor wants it gone.
            self._lost()


class Faults(ExceptionHandler):
    """What breaks while a frame is made: the visit is wiped and the kiosk goes on; `give_up` at the third within a minute.

    The log says what broke and where, not with which values: those may be a parent's.
    """

    def __init__(self, wipe: Callable[[], None], give_up: Callable[[], None]) -> None:
        self._wipe, self._give_up = wipe, give_up
        self._at: deque[float] = deque(maxlen=MOST_FAULTS)
        self.too_many = False

    def install(self) -> None:
        ExceptionManager.add_handler(self)

    def remove(self) -> None:
        ExceptionManager.remove_handler(self)

    def handle_exception(self, error: BaseException) -> int:
        if not isinstance(error, Exception):
            return ExceptionManager.RAISE
        log.error("The screen failed: %s", where(error))
        self._at.append(time.monotonic())
        self.too_many = self.too_many or is_too_many(self._at)
        if self.too_many:
            self._give_up()
        else:
            Clock.schedule_once(lambda _dt: self._wipe(), 0)
        return ExceptionManager.PASS


def is_too_many(times: Sequence[float]) -> bool:
    """Return whether the last three of these moments, in seconds, lie within a minute."""
    last = list(times)[-MOST_FAULTS:]
    return len(last) == MOST_FAULTS and last[-1] - last[0] < WITHIN


def where(error: BaseException) -> str:
    """Return the kind of an error and the innermost places that it came from, without a word of its message."""
    places = traceback.extract_tb(error.__traceback__)[-4:]
    return " < ".join([type(error).__name__, *(f"{Path(at.filename).name}:{at.lineno}" for at in reversed(places))])
