"""Gather, plan, apply: one look at the outbox."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from kiosk.callbacks import wire
from kiosk.callbacks.contract import Outbox
from kiosk.callbacks.model import Envelope, Link, Receipt, Trouble
from kiosk.errors import HubError, HubRefused, HubUnreachable, KioskCloned, OutboxUnavailable
from kiosk.sync.model import AT_ONCE, Answer, Conflict, Standing
from kiosk.sync.plan import Send, plan

# One batch may fail by its own fault. Two in a row, and it is the hub's or the network's.
FAILURES_LIMIT = 2
# Receipts that are settled in one commit, of several batches: a commit waits for the disk. What a power cut leaves
# unsettled is sent again, and the hub says again that it has it. The first are settled by themselves: the step is let go
# of with them, and until then a copy of this disk would hold the same one.
SETTLED_AT_ONCE = 5 * wire.BATCH_LIMIT
SETTLED_WITHIN = 1.0  # seconds; where answers come slowly nobody waits for so many

_Result = TypeVar("_Result")


class Hub(Protocol):
    """Whatever takes envelopes and gives its signed word."""

    def deliver(self, envelopes: Sequence[Envelope], standing: Standing | None = None) -> list[Answer]:
        """Return the answers in order, or raise a HubError. From AT_ONCE threads at once, once it has answered."""

    def rest(self) -> None:
        """Let go of what only several batches at once need: for a while there is one at most."""


@dataclass(frozen=True)
class Report:
    """What one look at the outbox came to. `fact` is the error that ended it, else the latest, as a sentence; or empty."""

    delivered: int = 0
    set_aside: int = 0
    waiting: int = 0
    trouble: Trouble | None = None
    fact: str = ""


@dataclass(frozen=True)
class _Failure:
    batch: Send
    trouble: Trouble


def sync_once(
    outbox: Outbox,
    hub: Hub,
    now: datetime,
    by_hand: bool = False,
    on_batch: Callable[[int], None] = lambda count: None,
    stops: Callable[[], bool] = lambda: False,
) -> Report:
    """Send what is due and return what came of it. `by_hand`: staff are there, so nothing waits.

    Of a long queue two batches are under way at once. The first goes alone, until the hub has taken one, and so does the
    last: what the kiosk says with it of the rest of its queue is the hub's latest word on that. `on_batch` is told how many
    envelopes the hub just answered for. Once `stops` says so, no other batch begins. Raises OutboxUnavailable; the hub's
    errors are reported. In the end nothing is under way, whatever was raised.
    """
    pending = outbox.pending()
    if by_hand:
        pending = [replace(each, last_tried=None, trouble=None) for each in pending]
    batches = [step for step in plan(pending, now) if isinstance(step, Send)]
    run = _Run(outbox, hub, now, len(pending), on_batch, stops)
    try:
        for batch in batches:
            run.send(batch, is_last=batch is batches[-1])
        return run.finish()
    except Exception:
        # What nobody foresaw may come again at every look: those before it would never be settled.
        run.break_off()
        raise
    finally:
        hub.rest()


class _Run:
    """The batches of one look, oldest first. All of them are one step of the outbox's deliveries."""

    def __init__(
        self,
        outbox: Outbox,
        hub: Hub,
        now: datetime,
        waiting: int,
        on_batch: Callable[[int], None],
        stops: Callable[[], bool],
    ) -> None:
        self._outbox, self._hub, self._now, self._waiting = outbox, hub, now, waiting
        self._on_batch, self._stops = on_batch, stops
        self._under_way: deque[tuple[Send, Callable[[], list[Answer]]]] = deque()
        self._answers: list[tuple[Envelope, Answer]] = []  # not settled yet
        self._settled_at = time.monotonic()
        self._link: Link | None = None
        self._report = Report()
        self._delivered = self._set_aside = 0
        self._failures: list[_Failure] = []
        self._gave_up = self._is_answered = False

    def send(self, batch: Send, is_last: bool) -> None:
        """Deliver one batch, if that still makes sense, beside another where it may be."""
        alone = is_last or not self._is_answered
        self._hear(0 if alone else AT_ONCE - 1)
        if self._failures:
            # The one beside it tells whose fault that is. It waits for it at the hub, and a third could overtake it there.
            self._hear(0)
        if self._gave_up or self._stops():
            return
        deliver = partial(self._hub.deliver, batch.envelopes, self._standing())
        if not alone:
            self._under_way.append((batch, _begin(deliver)))
        self._settle_some()
        if alone:
            self._take_in(batch, deliver)
            self._settle_some()

    def finish(self) -> Report:
        """Hear and settle the rest, note what failed, and return what all came to."""
        self._hear(0)
        self._settle_rest()
        for failure in self._failures:
            self._record(failure.batch, failure.trouble)
        waiting = self._outbox.counts().waiting
        return replace(self._report, delivered=self._delivered, set_aside=self._set_aside, waiting=waiting)

    def break_off(self) -> None:
        """Hear what is under way, whatever comes of it, and settle what was answered."""
        while self._under_way:
            with suppress(Exception):
                self._hear(0)
        self._settle_rest()

    def _hear(self, left: int) -> None:
        """Wait for the hub's word on the batches under way, in their order, until so many are `left`."""
        while len(self._under_way) > left:
            self._take_in(*self._under_way.popleft())

    def _take_in(self, batch: Send, answers: Callable[[], list[Answer]]) -> None:
        try:
            self._answered(batch, answers())
        except HubError as why:
            self._failed(batch, why)

    def _answered(self, batch: Send, answers: Sequence[Answer]) -> None:
        self._waiting -= len(answers)
        self._answers += zip(batch.envelopes, answers, strict=True)
        if not self._gave_up:
            self._blame_the_batches()
        self._on_batch(len(answers))

    def _standing(self) -> Standing:
        """What is to be said with the next batch: as many wait as there are once those under way are taken in."""
        before = [envelope for other, _ in self._under_way for envelope in other.envelopes]
        after = before[-1].id if before else None
        return Standing(self._waiting - len(before), self._now, self._find_link(), after)

    def _find_link(self) -> Link | None:
        with suppress(OutboxUnavailable):  # a full disk must not keep from the team what can still be read from it
            self._link = self._link or self._outbox.open_link()
        return self._link

    def _settle_some(self) -> None:
        now = time.monotonic()
        is_enough = len(self._answers) >= SETTLED_AT_ONCE or now - self._settled_at > SETTLED_WITHIN
        if is_enough or not self._is_answered:
            self._settled_at = now
            self._settle_rest()

    def _settle_rest(self) -> None:
        answered, self._answers = self._answers, []
        if answered:
            self._settle(answered)

    def _failed(self, batch: Send, why: HubError) -> None:
        trouble = _trouble(why)
        self._failures.append(_Failure(batch, trouble))
        if self._gave_up:  # why is said: what became of the one beside it says less
            return
        self._report = replace(self._report, trouble=trouble, fact=str(why))
        self._gave_up = trouble in (Trouble.REFUSED, Trouble.QUARANTINED) or len(self._failures) >= FAILURES_LIMIT

    def _blame_the_batches(self) -> None:
        """The hub took a later batch, so the earlier one failed by itself: it must not hold up the queue."""
        for failure in self._failures:
            self._record(failure.batch, Trouble.NONSENSE)
        self._failures = []

    def _record(self, batch: Send, trouble: Trouble) -> None:
        self._outbox.record_attempt([each.id for each in batch.envelopes], self._now, trouble)

    def _settle(self, answered: Sequence[tuple[Envelope, Answer]]) -> None:
        receipts = [answer for _, answer in answered if isinstance(answer, Receipt)]
        # The step is let go of with its first receipts. Without one, as on a full disk, the hub keeps no batches in order.
        self._delivered += self._outbox.settle(*receipts, answered=None if self._is_answered else self._link)
        self._is_answered = self._is_answered or bool(receipts and self._link)
        for envelope, answer in answered:
            if not isinstance(answer, Receipt):
                self._outbox.set_aside(envelope.id, "conflict" if isinstance(answer, Conflict) else answer.reason)
                self._set_aside += 1


def _begin(call: Callable[[], _Result]) -> Callable[[], _Result]:
    """Begin a call in a thread of its own; what is returned waits for its end, and returns or raises what it did.

    The end of the program does not wait for it, as it would for an executor's threads: the hub may be silent for long.
    """
    future: Future[_Result] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as why:
            future.set_exception(why)

    threading.Thread(target=run, name="deliver", daemon=True).start()
    return future.result


def _trouble(why: HubError) -> Trouble:
    if isinstance(why, KioskCloned):
        return Trouble.QUARANTINED
    if isinstance(why, HubRefused):
        return Trouble.REFUSED
    return Trouble.UNREACHABLE if isinstance(why, HubUnreachable) else Trouble.NONSENSE
