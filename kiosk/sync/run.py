"""Gather, plan, apply: one look at the outbox, and a thread that keeps looking."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from kiosk.callbacks.contract import Outbox, utc_now
from kiosk.callbacks.model import Envelope, Link, Receipt, Trouble
from kiosk.errors import HubError, HubRefused, HubUnreachable, KioskCloned, OutboxUnavailable, WaymarkError
from kiosk.sync.model import Answer, Conflict, Standing
from kiosk.sync.plan import Send, plan

# One batch may fail by its own fault. Two in a row, and it is the hub's or the network's.
FAILURES_LIMIT = 2


class Hub(Protocol):
    """Whatever takes envelopes and gives its signed word."""

    def deliver(self, envelopes: Sequence[Envelope], standing: Standing | None = None) -> list[Answer]:
        """Return the answers in order, or raise a HubError."""


@dataclass(frozen=True)
class Report:
    """What one look at the outbox came to. `fact` is the latest error as a sentence, or empty."""

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
) -> Report:
    """Send what is due and return what came of it. `by_hand`: staff asked for it, so nothing waits.

    `on_batch` is told how many envelopes were just dealt with. Raises OutboxUnavailable; the hub's errors are reported.
    """
    pending = outbox.pending()
    if by_hand:
        pending = [replace(each, last_tried=None, trouble=None) for each in pending]
    run = _Run(outbox, hub, now, len(pending))
    batches = [step for step in plan(pending, now) if isinstance(step, Send)]
    for left, batch in zip(reversed(range(len(batches))), batches, strict=True):
        if run.goes_on:
            run.send(batch, left)
            on_batch(len(batch.envelopes))
    return run.finish()


class _Run:
    """The steps of one look, one after the other."""

    def __init__(self, outbox: Outbox, hub: Hub, now: datetime, waiting: int) -> None:
        self._outbox, self._hub, self._now, self._waiting = outbox, hub, now, waiting
        self._report = Report()
        self._failures: list[_Failure] = []
        self.goes_on = True

    def send(self, batch: Send, left: int) -> None:
        """Deliver one batch, after which so many are `left` to go at once."""
        standing = Standing(self._waiting - self._report.delivered, self._now, self._link())
        try:
            answers = self._hub.deliver(batch.envelopes, standing)
        except HubError as why:
            self._failed(batch, why)
        else:
            self._blame_the_batches()
            self._apply(batch, answers, standing.link, goes_on=left > 0)

    def _link(self) -> Link | None:
        try:
            return self._outbox.open_link()
        except OutboxUnavailable:
            return None  # a full disk must not keep from the team what can still be read from it

    def finish(self) -> Report:
        for failure in self._failures:
            self._record(failure.batch, failure.trouble)
        return replace(self._report, waiting=self._outbox.counts().waiting)

    def _failed(self, batch: Send, why: HubError) -> None:
        trouble = _trouble(why)
        self._failures.append(_Failure(batch, trouble))
        self._report = replace(self._report, trouble=trouble, fact=str(why))
        self.goes_on = trouble not in (Trouble.REFUSED, Trouble.QUARANTINED) and len(self._failures) < FAILURES_LIMIT

    def _blame_the_batches(self) -> None:
        """The hub took a later batch, so the earlier one failed by itself: it must not hold up the queue."""
        for failure in self._failures:
            self._record(failure.batch, Trouble.NONSENSE)
        self._failures = []

    def _record(self, batch: Send, trouble: Trouble) -> None:
        self._outbox.record_attempt([each.id for each in batch.envelopes], self._now, trouble)

    def _apply(self, batch: Send, answers: Sequence[Answer], link: Link | None, goes_on: bool) -> None:
        receipts = [answer for answer in answers if isinstance(answer, Receipt)]
        settled = self._outbox.settle(*receipts, answered=link, goes_on=goes_on)
        aside = [
            (envelope.id, "conflict" if isinstance(answer, Conflict) else answer.reason)
            for envelope, answer in zip(batch.envelopes, answers, strict=True)
            if not isinstance(answer, Receipt)
        ]
        for id, reason in aside:
            self._outbox.set_aside(id, reason)
        report = self._report
        self._report = replace(report, delivered=report.delivered + settled, set_aside=report.set_aside + len(aside))


def _trouble(why: HubError) -> Trouble:
    if isinstance(why, KioskCloned):
        return Trouble.QUARANTINED
    if isinstance(why, HubRefused):
        return Trouble.REFUSED
    return Trouble.UNREACHABLE if isinstance(why, HubUnreachable) else Trouble.NONSENSE


@dataclass(frozen=True)
class SyncState:
    """For the staff screen. `last_success_at`: something was delivered. `last_error` is a sentence, empty once all is well."""

    last_success_at: datetime | None = None
    last_error: str = ""


class Syncer:
    """A thread that looks at the outbox every so many `seconds`, and at once after `wake`. Nobody waits for it."""

    def __init__(self, outbox: Outbox, hub: Hub, seconds: float, clock: Callable[[], datetime] = utc_now) -> None:
        self._outbox, self._hub, self._seconds, self._clock = outbox, hub, seconds, clock
        self._woken, self._stopping = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._keep_looking, name="sync", daemon=True)
        self.state = SyncState()

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def wake(self) -> None:
        """Look now: something was saved. Returns at once, from any thread."""
        self._woken.set()

    def stop(self, seconds: float = 1) -> None:
        """End the thread, waiting for it at most so long. A batch that is under way is safe: it will be sent again."""
        self._stopping.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _keep_looking(self) -> None:
        while not self._stopping.is_set():
            self._look()
            self._woken.wait(self._seconds)
            self._woken.clear()

    def _look(self) -> None:
        now = self._clock()
        try:
            report = sync_once(self._outbox, self._hub, now)
        except WaymarkError as why:
            self.state = replace(self.state, last_error=str(why))
            return
        self.note(report, now)

    def note(self, report: Report, now: datetime) -> None:
        """Keep in mind what a look came to, this thread's own or one that staff asked for."""
        if report.delivered and not report.fact:
            self.state = SyncState(last_success_at=now)
        elif report.fact or not report.waiting:
            self.state = replace(self.state, last_error=report.fact)
