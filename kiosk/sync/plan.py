"""Send, wait or stop: what to do about the outbox now. Nothing is touched here, and time is an argument.

| the outbox                                   | the plan                                                        |
|----------------------------------------------|-----------------------------------------------------------------|
| the hub refused this kiosk a short while ago | Stop, whatever else there is                                    |
| the hub was away a short while ago, or what  | Wait, all of it, so that nothing overtakes the oldest           |
| answered was no hub                          |                                                                 |
| the hub took others just now, but not one    | that one waits on its own; the others go                        |
| due                                          | Send, oldest first, twenty at a time, half as many each retry   |

There is no last attempt. Halving puts a poisoned request into a batch of its own, where it keeps nobody waiting.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

from kiosk.callbacks.model import Envelope, Pending, Trouble
from kiosk.callbacks.wire import BATCH_LIMIT

FIRST_WAIT = timedelta(minutes=1)  # doubled with each failure: two minutes after the first
LONGEST_WAIT = timedelta(minutes=30)
JITTER = 0.25  # at most so much longer, so that a hundred kiosks do not all come back in one second
_DOUBLINGS = 10  # enough to pass LONGEST_WAIT; more would only overflow


@dataclass(frozen=True)
class Send:
    """Post these in one batch, now."""

    envelopes: tuple[Envelope, ...]


@dataclass(frozen=True)
class Wait:
    """Look again then; the rest is not due before."""

    until: datetime


@dataclass(frozen=True)
class Stop:
    """The hub said no to this kiosk: staff must act. It is asked again then, in case they did so at the hub."""

    until: datetime


Step = Send | Wait | Stop
_HOLDS_ALL: dict[Trouble | None, type[Stop] | type[Wait]] = {
    Trouble.QUARANTINED: Stop,
    Trouble.REFUSED: Stop,
    Trouble.UNREACHABLE: Wait,
    Trouble.NONSENSE: Wait,
}


def plan(pending: Sequence[Pending], now: datetime) -> list[Step]:
    """Return the steps to take now, in order. `pending` is in the order of saving; `now` is aware and may be wrong."""
    for trouble, pause in _HOLDS_ALL.items():
        oldest = next((each for each in pending if each.trouble is trouble), None)
        if oldest and not _is_due(oldest, now):
            return [pause(due_at(oldest))]
    due = [each for each in pending if _goes(each, now)]
    later = [due_at(each) for each in pending if not _goes(each, now)]
    return [*_batches(due), *([Wait(min(later))] if later else [])]


def due_at(pending: Pending) -> datetime:
    """Return when it may be sent again; the same for all that were tried together. Only for one that was tried."""
    if pending.last_tried is None:
        raise ValueError("this one was never tried")
    wait = min(FIRST_WAIT * (1 << min(pending.attempts, _DOUBLINGS)), LONGEST_WAIT)
    return pending.last_tried + wait * (1 + JITTER * _share(pending.envelope.kiosk))


def _share(kiosk: str) -> float:
    """Where this kiosk stands among all, from 0 up to 1: the same at every try, spread evenly over kiosks."""
    return crc32(kiosk.encode()) % 1000 / 1000


def _goes(pending: Pending, now: datetime) -> bool:
    return pending.trouble in _HOLDS_ALL or _is_due(pending, now)


def _is_due(pending: Pending, now: datetime) -> bool:
    # A try in the future means that a clock was wrong, then or now: waiting for it could take a hundred years.
    return pending.last_tried is None or pending.last_tried > now or due_at(pending) <= now


def _batches(due: Iterable[Pending]) -> list[Send]:
    batches: list[list[Pending]] = []
    room = 0  # for another one in the last of them: as its most tried one says
    for each in due:
        room = min(room, _room(each) - len(batches[-1])) if batches else 0
        if room < 1:
            batches.append([])
            room = _room(each)
        batches[-1].append(each)
        room -= 1
    return [Send(tuple(each.envelope for each in batch)) for batch in batches]


def _room(pending: Pending) -> int:
    return max(1, BATCH_LIMIT >> pending.attempts)
