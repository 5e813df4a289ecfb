"""A thread that keeps looking at the outbox."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from kiosk.callbacks.contract import Outbox
from kiosk.clock import Clock, utc_now
from kiosk.errors import WaymarkError
from kiosk.sync.pack_rounds import PackRounds
from kiosk.sync.run import Hub, Report, sync_once

if TYPE_CHECKING:
    from kiosk.sync.packs import PackPuller

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SyncState:
    """For the staff screen. `last_success_at`: something was delivered. `last_error` is a sentence, empty once all is well."""

    last_success_at: datetime | None = None
    last_error: str = ""


class Syncer:
    """A thread that looks at the outbox every so many `seconds`, and at once after `wake`. Nobody waits for it.

    Its first look sends all that waits, whatever its turn.

    `packs` is looked after beside it, in a thread of its own, which gives way to every look.
    """

    def __init__(
        self,
        outbox: Outbox,
        hub: Hub,
        seconds: float,
        clock: Clock = utc_now,
        packs: PackPuller | None = None,
    ) -> None:
        self._outbox, self._hub, self._seconds, self._clock, self.packs = outbox, hub, seconds, clock, packs
        self._woken, self._stopping = threading.Event(), threading.Event()
        self._calm = threading.Event()  # no look is under way, none is asked for
        self._thread = threading.Thread(target=self._keep_looking, name="sync", daemon=True)
        self._rounds = PackRounds(packs, outbox, seconds, clock, self._calm) if packs else None
        self.state = SyncState()

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()
        if self._rounds:
            self._rounds.start()

    def wake(self) -> None:
        """Look now: something was saved. Returns at once, from any thread."""
        self._calm.clear()
        self._woken.set()

    def stop(self, seconds: float = 1) -> None:
        """End the thread after what is under way, waiting at most so long. That is safe: it will be sent again."""
        until = time.monotonic() + seconds
        self._stopping.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(seconds)
        if self._rounds:
            self._rounds.stop(max(0.0, until - time.monotonic()))

    def _keep_looking(self) -> None:
        has_looked = False
        while not self._stopping.is_set():
            # Whoever starts a kiosk may just have mended what stood in the way, as by enrolling it again.
            self._look(at_once=not has_looked)
            has_looked = True
            if not self._woken.is_set():
                self._calm.set()
            self._woken.wait(self._seconds)
            self._calm.clear()
            self._woken.clear()

    def _look(self, at_once: bool) -> None:
        now = self._clock()
        try:
            report = sync_once(self._outbox, self._hub, now, by_hand=at_once, stops=self._stopping.is_set)
        except WaymarkError as why:
            self.state = replace(self.state, last_error=str(why))
            return
        except Exception as why:
            # Without this thread nothing is delivered until the next start, and nobody is told. Its words may name files.
            log.error("A look at the queue failed, and is tried again: %s", type(why).__name__)
            self.state = replace(self.state, last_error=f"Something went wrong ({type(why).__name__}). We keep trying.")
            return
        self.note(report, now)

    def note(self, report: Report, now: datetime) -> None:
        """Keep in mind what a look came to, this thread's own or one that staff asked for."""
        if report.delivered:
            self.state = SyncState(last_success_at=now, last_error=report.fact)
        elif report.fact or not report.waiting:
            self.state = replace(self.state, last_error=report.fact)
