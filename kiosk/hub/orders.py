"""The orders of work of the sign-ins that one process serves, and the thread that looks after them.

Nothing that another process needs, bounded, and gone at lock, at sign-out, and when nobody has looked for as long as a
sign-in lasts. When a clock's hour moves thousands of lines, it is this thread that moves them, not the next page.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from kiosk.hub.order import Order
from kiosk.hub.roles import Worker

SIGN_INS = 40  # that one process remembers orders of
TURN_EVERY = 1.0  # seconds
log = logging.getLogger(__name__)


class Orders:
    """The orders of the sign-ins that this process serves. `idle` is how long one lasts without a look."""

    def __init__(self, idle: timedelta, clock: Callable[[], datetime], sign_ins: int = SIGN_INS) -> None:
        self._idle, self._clock, self._sign_ins = idle, clock, sign_ins
        self._orders: dict[str, Order] = {}
        self._lock = threading.Lock()
        self._looked = 0.0
        self._keeper: threading.Thread | None = None

    @contextmanager
    def of(self, sign_in: str, worker: Worker) -> Iterator[Order]:
        """Give the order of one sign-in to one page at a time; an empty one at first, or if the worker's centres changed."""
        with self._lock:
            self._forget_idle(self._clock())
            order = self._orders.pop(sign_in, None)
            if order is None or order.worker != worker:
                order = Order(worker)
            self._orders[sign_in] = order
            for oldest in list(self._orders)[: -self._sign_ins]:
                del self._orders[oldest]
            self._look_after_them()
        with order.lock:
            yield order

    def forget(self, sign_in: str) -> None:
        """Wipe the order of a sign-in that has ended."""
        with self._lock:
            self._orders.pop(sign_in, None)

    def __len__(self) -> int:
        return len(self._orders)

    def _forget_idle(self, now: datetime) -> None:
        for id, order in list(self._orders.items()):
            if order.used_at and now - order.used_at > self._idle:
                del self._orders[id]

    def _look_after_them(self) -> None:
        """Where nobody looks at any list any more, nothing else would wipe them."""
        self._looked = time.monotonic()
        if self._keeper is None:
            self._keeper = threading.Thread(target=self._keep, name="orders", daemon=True)
            self._keeper.start()

    def _keep(self) -> None:
        while (left := self._looked + self._idle.total_seconds() - time.monotonic()) > 0:
            time.sleep(min(left, TURN_EVERY))
            self._turn_all()
        with self._lock:
            self._orders.clear()
            self._keeper = None

    def _turn_all(self) -> None:
        """Let each stand as it does now. One that a page is being made of is turned by that page."""
        with self._lock:
            orders = list(self._orders.values())
        for order in orders:
            if order.lock.acquire(blocking=False):
                try:
                    order.turn_to(self._clock())
                except Exception as why:
                    # The page will come upon it too, and say so; this thread has to wipe what nobody looks at.
                    log.error("An order of work could not be turned: %s", type(why).__name__)
                finally:
                    order.lock.release()
