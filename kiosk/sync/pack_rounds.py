"""Looks after packs in a thread of its own, so that no request waits while a pack drips in, is verified or installed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from kiosk.callbacks.contract import Outbox
from kiosk.callbacks.model import Link
from kiosk.errors import OutboxUnavailable

if TYPE_CHECKING:
    from kiosk.sync.packs import PackPuller

log = logging.getLogger(__name__)


class PackRounds:
    """Pulls every so many `seconds`, the first time after as many: a start has better to do.

    While `calm` is not set requests are under way, and have the line to themselves: a download pauses.
    """

    def __init__(
        self, packs: PackPuller, outbox: Outbox, seconds: float, clock: Callable[[], datetime], calm: threading.Event
    ) -> None:
        self._packs, self._outbox, self._seconds, self._clock, self._calm = packs, outbox, seconds, clock, calm
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep_looking, name="packs", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """End the thread, waiting at most so long. What is under way may break off anywhere: it is whole or not there."""
        self._stopping.set()
        self._calm.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _keep_looking(self) -> None:
        while not self._stopping.wait(self._seconds):
            try:
                self._look()
            except Exception as why:
                # Its words may name files.
                log.error("Looking after packs failed, and is tried again later: %s", type(why).__name__)

    def _look(self) -> None:
        done = False
        while not (done or self._stopping.is_set()):
            self._calm.wait()
            done = self._packs.pull(self._clock(), pauses=self._pauses, latest=self._latest)

    def _latest(self) -> Link | None:
        try:
            return self._outbox.latest_link()
        except OutboxUnavailable:  # a queue that cannot be read keeps no pack away
            return None

    def _pauses(self) -> bool:
        return self._stopping.is_set() or not self._calm.is_set()
