"""Of a long queue two batches are under way at once: nothing is lost by it, nothing overtakes, nobody waits for it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from uuid import UUID

import pytest

from kiosk.callbacks.contract import MemoryOutbox
from kiosk.callbacks.model import Envelope, Link, Trouble
from kiosk.errors import HubError, HubNonsense, HubRefused, HubUnreachable, OutboxUnavailable
from kiosk.sync.model import AT_ONCE, Answer, Standing
from kiosk.sync.run import sync_once
from tests.callbacks.samples import NOON, envelope
from tests.processes import PATIENCE
from tests.sync.moody_hub import Mood, MoodyHub, chokes_on, outbox_with


class BusyHub(MoodyHub):
    """Answers no batch but the first and the last before as many were under way as may be. Remembers what it was told."""

    def __init__(self, last: Envelope, mood: Mood = lambda batch: None) -> None:
        super().__init__(mood)
        self.said, self.most, self.is_at_rest = list[int](), 0, False
        self.follows = list[tuple[UUID | None, Envelope]]()
        self._last, self._under_way, self._lock = last, 0, threading.Lock()
        self.is_busy = threading.Event()

    def deliver(self, envelopes: Sequence[Envelope], standing: Standing | None = None) -> list[Answer]:
        with self._lock:
            assert standing
            self._under_way += 1
            self.most = max(self.most, self._under_way)
            is_alone = not self.said or self._last in envelopes
            assert not (is_alone and self._under_way > 1)
            self.said.append(standing.waiting)
            self.follows.append((standing.after, envelopes[0]))
        if self.most == AT_ONCE:
            self.is_busy.set()
        assert is_alone or self.is_busy.wait(PATIENCE)
        with self._lock:
            self._under_way -= 1
            return super().deliver(envelopes, standing)

    def rest(self) -> None:
        self.is_at_rest = not self._under_way


def test_two_are_under_way_at_once_and_the_first_and_the_last_alone() -> None:
    outbox, saved = outbox_with(115)
    hub, done = BusyHub(saved[-1]), list[int]()

    report = sync_once(outbox, hub, NOON, on_batch=done.append)

    assert (report.delivered, report.waiting, hub.most, hub.is_at_rest) == (115, 0, AT_ONCE, True)
    assert sorted(hub.said, reverse=True) == [115, 95, 75, 55, 35, 15]
    assert (hub.said[0], hub.said[-1]) == (115, 15)
    # Each names the end of the one that it was begun beside.
    assert {saved.index(begins): after for after, begins in hub.follows} == {
        0: None, 20: None, 40: saved[39].id, 60: saved[59].id, 80: saved[79].id, 100: None
    }  # fmt: skip
    assert done == [20, 20, 20, 20, 20, 15]


@pytest.mark.promise(14)
def test_one_that_breaks_its_batch_leaves_the_one_beside_it_alone() -> None:
    outbox, saved = outbox_with(120)
    hub = BusyHub(saved[-1], chokes_on(saved[50], HubNonsense))

    report = sync_once(outbox, hub, NOON)

    assert (report.delivered, report.waiting) == (100, 20)
    assert [(each.envelope, each.trouble) for each in outbox.pending()] == [
        (each, Trouble.BLAMED) for each in saved[40:60]
    ]
    # The last tells what is left: the hub's list shows it until the next look.
    assert hub.said[-1] == 40


@pytest.mark.promise(16)
def test_a_refusal_settles_what_was_answered_beside_it_and_blames_no_batch() -> None:
    outbox, saved = outbox_with(120)
    hub = BusyHub(saved[-1], chokes_on(saved[20], HubRefused))

    report = sync_once(outbox, hub, NOON)

    assert (report.delivered, report.waiting, report.trouble) == (40, 80, Trouble.REFUSED)
    assert [each.trouble for each in outbox.pending()] == [Trouble.REFUSED] * 20 + [None] * 60


@pytest.mark.promise(16)
def test_what_became_of_the_one_beside_a_refusal_does_not_hide_it() -> None:
    outbox, saved = outbox_with(120)
    refused, lost = chokes_on(saved[20], HubRefused), chokes_on(saved[40], HubUnreachable)
    hub = BusyHub(saved[-1], lambda batch: refused(batch) or lost(batch))

    report = sync_once(outbox, hub, NOON)

    assert (report.delivered, report.waiting, report.trouble) == (20, 100, Trouble.REFUSED)
    assert len(hub.batches) == 3


@pytest.mark.promise(15)
def test_after_one_that_failed_none_is_begun_before_the_one_beside_it_is_answered() -> None:
    outbox, saved = outbox_with(120)
    third_begun, early = threading.Event(), list[bool]()

    def mood(batch: Sequence[Envelope]) -> HubError | None:
        if saved[60] in batch:
            third_begun.set()
        if saved[40] in batch:
            early.append(third_begun.wait(0.2))
        return HubNonsense("It went wrong.") if saved[20] in batch else None

    report = sync_once(outbox, MoodyHub(mood), NOON)

    assert (early, report.delivered) == ([False], 100)


@pytest.mark.promise(14)
def test_a_fault_that_nobody_foresaw_leaves_nothing_under_way_and_settles_what_was_answered_beside_it() -> None:
    outbox, saved = outbox_with(120)

    def mood(batch: Sequence[Envelope]) -> None:
        if saved[20] in batch:
            raise ValueError("Nobody foresaw this.")

    hub = BusyHub(saved[-1], mood)
    with pytest.raises(ValueError):
        sync_once(outbox, hub, NOON)

    assert hub.is_at_rest and len(hub.batches) == 3
    assert [each.envelope for each in outbox.pending()] == saved[20:40] + saved[60:]


@pytest.mark.promise(19)
def test_without_a_step_each_goes_alone_and_one_that_is_found_later_is_let_go_of() -> None:
    class FullAtFirst(MemoryOutbox):
        tries = 0

        def open_link(self) -> Link:
            self.tries += 1
            if self.tries <= 2:
                raise OutboxUnavailable("The outbox cannot be used.")
            return super().open_link()

    outbox, saved = FullAtFirst(), [envelope() for _ in range(120)]
    for each in saved:
        outbox.save(each)
    hub, step = BusyHub(saved[-1]), outbox.latest_link()
    hub.is_busy.set()

    report = sync_once(outbox, hub, NOON)

    assert (report.delivered, outbox.latest_link() != step) == (120, True)
    assert [after for after, _ in hub.follows] == [None, None, None, None, saved[79].id, None]
