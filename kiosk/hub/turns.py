"""What was asked first stands first: a batch waits for the one before it, for a moment.

Of a long queue a kiosk has two batches under way at once, over two connections, and the later may be the faster. It names
the last envelope of the one before.
"""

from __future__ import annotations

import threading
import time
from uuid import UUID

from sqlalchemy import BindParameter, Connection, bindparam, exists, or_, select

from kiosk.hub.lines import Known, Said, Verdict, judge
from kiosk.hub.tables import envelopes, tombstones

# How long a batch waits for the one before it, and how often it looks. In seconds. What does not come by then may have been
# lost on the way: the kiosk sends it again.
PATIENCE, GLANCE = 1.0, 0.002
# A process answers kiosks and desks with four threads (waitress). Who waits holds one, and whom it waits for needs another:
# two wait, and one more for a place.
PLACES = 2
IN_LINE = 0.1  # seconds for a place: of those that are taken one may be about to be free
_free = threading.BoundedSemaphore(PLACES)
_first_in_line = threading.Lock()
_ID: BindParameter[str] = bindparam("id")
_HAS_COME = select(or_(exists().where(envelopes.c.id == _ID), exists().where(tombstones.c.id == _ID)))


def wait_for_turn(connection: Connection, said: Said | None, latest: Known | None, after: UUID | None) -> None:
    """Wait until the envelope `after` is taken in, or until it may be lost. It hardly waits where too many do already.

    `latest` is the kiosk's latest step: the first batch of one follows none. Nothing may have been written yet within the
    caller's transaction: what is waited for could not be either.
    """
    if after is None or said is None or judge(latest, said.link) is not Verdict.AGAIN:
        return
    if _has_come(connection, after) or not _find_place():
        return
    try:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and not _has_come(connection, after):
            time.sleep(GLANCE)
    finally:
        _free.release()


def _find_place() -> bool:
    if _free.acquire(blocking=False):
        return True
    if not _first_in_line.acquire(blocking=False):
        return False
    try:
        return _free.acquire(timeout=IN_LINE)
    finally:
        _first_in_line.release()


def _has_come(connection: Connection, id: UUID) -> bool:
    return bool(connection.execute(_HAS_COME, {"id": str(id)}).scalar_one())
