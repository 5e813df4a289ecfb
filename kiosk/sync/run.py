"""Gather, plan, apply: one look at the outbox."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Protocol, TypeVar

from kiosk.callbacks import wire
from kiosk.callbacks.contract import Outbox
from kiosk.callbacks.model import Envelope, Link, Pending, Receipt, Trouble
from kiosk.errors import HubError, HubRefused, HubSlows, HubUnreachable, KioskCloned, OutboxUnavailable
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
    why: HubError
    is_second: bool = False  # and with no other beside it: once may have been the line's fault

    @property
    def trouble(self) -> Trouble:
        if isinstance(self.why, KioskCloned):
            return Trouble.QUARANTINED
        if isinstance(self.why, HubRefused):
            return Trouble.REFUSED
        return Trouble.UNREACHABLE if isinstance(self.why, HubUnreachable) else Trouble.NONSENSE

    @property
    def ends_it(self) -> bool:
        """Whether nothing else of this kiosk's would be taken either."""
        return isinstance(self.why, (HubRefused, HubSlows))


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
    last: what the kiosk says with it of the rest of its queue is the hub's latest word on that. So do all after one that was
    not taken. `on_batch` is told how many envelopes the hub just answered for. Once `stops` says so, no other batch begins.
    Raises OutboxUnavailable; the hub's errors are reported. In the end nothing is under way, whatever was raised.
    """
    pending = outbox.pending()
    due = [replace(each, last_tried=None, trouble=None) for each in pending] if by_hand else pending
    batches = [step for step in plan(due, now) if isinstance(step, Send)]
    run = _Run(outbox, hub, now, pending, on_batch, stops)
    try:
        run.send(batches)
        return run.finish()
    except Exception:
        # What nobody foresaw may come again at every look: those before it would never be settled.
        run.break_off()
        raise
    finally:
        hub.rest()


class _Run:
    """The batches of one look, oldest first. All of them are one step of the outbox's deliveries.

    | a batch is not taken              | whose fault that is                                                          |
    |-----------------------------------|------------------------------------------------------------------------------|
    | at first, but again it is         | the line's: nobody is blamed                                                 |
    | twice, but another one is         | its own: it waits by itself, and holds up no other                           |
    | and neither is the next           | the hub's or the network's: all wait                                         |
    | nor the next, of one request each | what failed less often tells, if there is any: two that break whatever they  |
    |                                   | are in must not keep all the others here for ever                            |
    """

    def __init__(
        self,
        outbox: Outbox,
        hub: Hub,
        now: datetime,
        pending: Sequence[Pending],
        on_batch: Callable[[int], None],
        stops: Callable[[], bool],
    ) -> None:
        self._outbox, self._hub, self._now, self._waiting = outbox, hub, now, len(pending)
        self._before = {each.envelope.id: each for each in pending}  # how each stood before this look
        self._on_batch, self._stops = on_batch, stops
        self._under_way: deque[tuple[Send, Callable[[], list[Answer]]]] = deque()
        self._answers: list[tuple[Envelope, Answer]] = []  # not settled yet
        self._settled_at = time.monotonic()
        self._link: Link | None = None
        self._delivered = self._set_aside = 0
        self._failures: list[_Failure] = []  # since the hub last answered: nobody is blamed yet
        self._told: _Failure | None = None
        self._is_answered = self._hears = self._has_failed = False

    def send(self, batches: Iterable[Send]) -> None:
        """Deliver them, for as long as that makes sense, one beside another where that may be."""
        left = deque(batches)
        while left:
            alone = len(left) == 1 or not self._is_answered
            self._hear(0 if alone else AT_ONCE - 1)
            if self._has_failed:
                # The one beside it tells whose fault that is. It waits for it at the hub, and a third could overtake it there.
                # From here on one line will do: the hub, or what stands before it, may have no room for another.
                self._hear(0)
                alone = True
            batch = self._take_next(left)
            if batch is None:
                return
            self._send(batch, alone)

    def finish(self) -> Report:
        """Hear and settle the rest, note what failed, and return what all came to."""
        self._hear(0)
        self._settle_rest()
        for failure in self._failures:
            self._record(failure, failure.trouble)
        report = Report(self._delivered, self._set_aside, self._outbox.counts().waiting)
        return replace(report, trouble=self._told.trouble, fact=str(self._told.why)) if self._told else report

    def break_off(self) -> None:
        """Hear what is under way, whatever comes of it, and settle what was answered."""
        while self._under_way:
            with suppress(Exception):
                self._hear(0)
        self._settle_rest()

    @property
    def _is_over(self) -> bool:
        return self._stops() or any(failure.ends_it for failure in self._failures)

    def _take_next(self, left: deque[Send]) -> Send | None:
        if self._is_over:
            return None
        if len(self._failures) < FAILURES_LIMIT:
            return left.popleft()
        if len(self._failures) > FAILURES_LIMIT or any(len(each.batch.envelopes) > 1 for each in self._failures):
            return None
        tried = min(self._attempts(failure.batch) for failure in self._failures)
        other = next((batch for batch in left if self._attempts(batch) < tried), None)
        if other:
            left.remove(other)
        return other

    def _attempts(self, batch: Send) -> int:
        return max(self._before[each.id].attempts for each in batch.envelopes)

    def _send(self, batch: Send, alone: bool) -> None:
        deliver = partial(self._hub.deliver, batch.envelopes, self._standing(self._under_way))
        if not alone:
            self._under_way.append((batch, _begin(deliver)))
        self._settle_some()
        if alone:
            self._take_in(batch, deliver)
            self._settle_some()

    def _hear(self, left: int) -> None:
        """Wait for the hub's word on the batches under way, in their order, until so many are `left`."""
        while len(self._under_way) > left:
            self._take_in(*self._under_way.popleft())

    def _take_in(self, batch: Send, answers: Callable[[], list[Answer]]) -> None:
        heard, self._hears = self._hears, False
        failure = self._answer(batch, answers)
        if failure and heard and not failure.ends_it and not self._is_over:
            # The hub was there just now. What was begun beside this one waits for it there, so that it still comes first.
            failure = self._send_again(batch)
        if failure:
            self._failures.append(failure)

    def _send_again(self, batch: Send) -> _Failure | None:
        failure = self._answer(batch, partial(self._hub.deliver, batch.envelopes, self._standing()))
        return replace(failure, is_second=not self._under_way) if failure else None

    def _answer(self, batch: Send, answers: Callable[[], list[Answer]]) -> _Failure | None:
        try:
            answered = answers()
        except HubError as why:
            self._has_failed = True
            return _Failure(batch, why)
        self._hears = True
        self._waiting -= len(answered)
        self._answers += zip(batch.envelopes, answered, strict=True)
        self._on_batch(len(answered))
        self._find_fault()
        return None

    def _find_fault(self) -> None:
        """The hub takes batches, so those that failed did so by themselves, or were cut on the way."""
        if self._is_over:
            return
        failures, self._failures = self._failures, []
        for first in failures:
            second = first if first.is_second else self._send_again(first.batch)
            if second and second.ends_it:
                self._failures.append(second)
            elif second:
                self._record(second, Trouble.BLAMED)

    def _standing(self, beside: Iterable[tuple[Send, object]] = ()) -> Standing:
        """What is to be said with the next batch: as many wait as there are once those `beside` it are taken in."""
        before = [envelope for other, _ in beside for envelope in other.envelopes]
        after = before[-1].id if before else None
        return Standing(self._waiting - len(before), self._now, self._find_link(), after)

    def _find_link(self) -> Link | None:
        with suppress(OutboxUnavailable):  # a full disk must not keep from the team what can still be read from it
            self._link = self._link or self._outbox.open_link()
        return self._link

    def _record(self, failure: _Failure, trouble: Trouble) -> None:
        envelopes = failure.batch.envelopes
        # Once blamed it fails as ever, and tells nothing of the hub: others need not wait for it.
        if not failure.ends_it and all(self._before[each.id].trouble is Trouble.BLAMED for each in envelopes):
            trouble = Trouble.BLAMED
        self._outbox.record_attempt([each.id for each in envelopes], self._now, trouble)
        if not (self._told and self._told.ends_it):  # why is said: what became of the one beside it says less
            self._told = failure

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
