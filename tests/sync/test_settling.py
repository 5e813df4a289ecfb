"""How the receipts of a long queue are settled, and what a fault in the middle leaves unsettled."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import closing
from uuid import UUID

import pytest

from kiosk.callbacks.contract import MemoryOutbox
from kiosk.callbacks.identity import save_identity
from kiosk.callbacks.model import Envelope, Identity, Link, Receipt, Trouble
from kiosk.callbacks.outbox import open_outbox
from kiosk.callbacks.wire import BATCH_LIMIT
from kiosk.errors import HubError, HubRefused, KioskCloned, OutboxUnavailable
from kiosk.hub.fleet import Fleet
from kiosk.sync.hub_client import HubClient
from kiosk.sync.model import Answer, Conflict, Rejected, Standing
from kiosk.sync.run import SETTLED_AT_ONCE, sync_once
from tests.callbacks.samples import NOON, ask, envelope
from tests.processes import PATIENCE
from tests.sync.hubs import RunningHub
from tests.sync.moody_hub import MoodyHub, chokes_on, outbox_with
from tests.sync.sticks import put_in


class WatchedOutbox(MemoryOutbox):
    """Settles when it may, and remembers in which order."""

    def __init__(self) -> None:
        super().__init__()
        self.may_settle, self.settled = threading.Event(), list[list[Receipt]]()

    def settle(self, *receipts: Receipt, answered: Link | None = None) -> int:
        assert answered or self.may_settle.wait(PATIENCE)
        self.settled.append(list(receipts))
        return super().settle(*receipts, answered=answered)


def test_the_next_batches_are_under_way_while_those_before_are_settled_and_all_keep_their_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kiosk.sync.run.SETTLED_WITHIN", PATIENCE)  # however busy the machine is
    outbox, saved = WatchedOutbox(), [envelope() for _ in range(SETTLED_AT_ONCE + 75)]
    for each in saved:
        outbox.save(each)

    def mood(batch: Sequence[Envelope]) -> None:
        if saved[SETTLED_AT_ONCE + 20 + BATCH_LIMIT] in batch:
            outbox.may_settle.set()

    report = sync_once(outbox, MoodyHub(mood), NOON)

    assert (report.delivered, report.waiting) == (len(saved), 0)
    assert [len(batch) for batch in outbox.settled] == [20, SETTLED_AT_ONCE, 55]
    assert [receipt.id for batch in outbox.settled for receipt in batch] == [each.id for each in saved]


def test_on_a_slow_line_what_was_answered_is_not_left_unsettled_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.sync.run.SETTLED_WITHIN", 0.0)
    outbox, saved = WatchedOutbox(), [envelope() for _ in range(50)]
    outbox.may_settle.set()
    for each in saved:
        outbox.save(each)

    sync_once(outbox, MoodyHub(), NOON)

    assert [len(batch) for batch in outbox.settled] == [20, 20, 10]


def test_an_outbox_that_cannot_settle_is_told_and_keeps_all() -> None:
    class Broken(MemoryOutbox):
        def settle(self, *receipts: Receipt, answered: Link | None = None) -> int:
            raise OutboxUnavailable("The outbox cannot be used.")

    outbox, hub = Broken(), MoodyHub()
    for _ in range(240):
        outbox.save(envelope())

    with pytest.raises(OutboxUnavailable):
        sync_once(outbox, hub, NOON)

    # None is sent after it: until the step is let go of, a copy of this disk would hold the same one.
    assert (len(outbox.pending()), len(hub.batches)) == (240, 1)


@pytest.mark.promise(14)
def test_a_fault_that_nobody_foresaw_keeps_no_receipt_from_those_before() -> None:
    outbox, saved = outbox_with(100)

    def mood(batch: Sequence[Envelope]) -> None:
        if saved[60] in batch:
            raise ValueError("Nobody foresaw this.")

    with pytest.raises(ValueError):
        sync_once(outbox, MoodyHub(mood), NOON)

    assert [each.envelope for each in outbox.pending()] == saved[60:]


@pytest.mark.promise(16)
@pytest.mark.parametrize(
    ("error", "trouble"), [(HubRefused, Trouble.REFUSED), (KioskCloned, Trouble.QUARANTINED)], ids=["refused", "cloned"]
)
def test_what_was_answered_before_a_refusal_is_settled_and_the_rest_stays(
    error: type[HubError], trouble: Trouble
) -> None:
    outbox, saved = outbox_with(200)

    report = sync_once(outbox, MoodyHub(chokes_on(saved[160], error)), NOON)

    assert (report.delivered, report.waiting, report.trouble) == (160, 40, trouble)
    assert [each.envelope for each in outbox.pending()] == saved[160:]


class Picky(MoodyHub):
    """Answers for these otherwise than with a receipt."""

    def __init__(self, otherwise: dict[Envelope, Answer]) -> None:
        super().__init__()
        self.otherwise, self.said = otherwise, list[Standing | None]()

    def deliver(self, envelopes: Sequence[Envelope], standing: Standing | None = None) -> list[Answer]:
        self.said.append(standing)
        answers = super().deliver(envelopes, standing)
        return [self.otherwise.get(each, answer) for each, answer in zip(envelopes, answers, strict=True)]


def test_what_is_set_aside_on_the_way_is_not_said_to_wait() -> None:
    outbox, saved = outbox_with(60)
    hub = Picky({saved[3]: Conflict(saved[3].id), saved[21]: Rejected(saved[21].id, "unknown-signature")})

    report = sync_once(outbox, hub, NOON)

    assert (report.delivered, report.set_aside, report.waiting) == (58, 2, 0)
    assert [said.waiting for said in hub.said if said] == [60, 40, 20]
    assert outbox.find_set_aside() == {saved[3].id: "conflict", saved[21].id: "unknown-signature"}


def test_one_that_could_not_be_set_aside_is_answered_for_again_at_the_next_look() -> None:
    class Full(MemoryOutbox):
        is_full = True

        def set_aside(self, id: UUID, reason: str) -> None:
            if self.is_full:
                raise OutboxUnavailable("The outbox cannot be used.")
            super().set_aside(id, reason)

    outbox, saved = Full(), [envelope() for _ in range(30)]
    for each in saved:
        outbox.save(each)
    hub = Picky({saved[3]: Conflict(saved[3].id)})
    with pytest.raises(OutboxUnavailable):
        sync_once(outbox, hub, NOON)
    assert saved[3] in [each.envelope for each in outbox.pending()]

    outbox.is_full = False
    report = sync_once(outbox, hub, NOON)

    assert (report.set_aside, report.waiting) == (1, 0)
    assert outbox.counts().delivered == 29


def test_a_step_is_let_go_of_with_the_first_receipts_while_the_rest_is_under_way() -> None:
    outbox, saved = outbox_with(100)
    first, seen = outbox.open_link(), list[bool]()

    def mood(batch: Sequence[Envelope]) -> None:
        if saved[40] in batch:
            seen.append(outbox.open_link() != first)

    sync_once(outbox, MoodyHub(mood), NOON)

    assert seen == [True]


@pytest.mark.promise(1, 9, 19)
def test_a_kiosk_that_is_killed_between_answer_and_settling_loses_and_doubles_nothing(
    hub: RunningHub, identity: Identity
) -> None:
    told, words = list[UUID](), [sys.executable, "-m", "tests.sync.deliverer"]
    with (
        put_in() as data,
        closing(open_outbox(data)) as outbox,
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as nursery,
    ):
        assert nursery.stdin and nursery.stdout
        save_identity(identity, data)
        for answers in (1, 2, 3, 4):
            told += [ask(outbox, identity, f"Parent {len(told) + number}").id for number in range(85)]
            nursery.stdin.write(f"{data} {answers}\n")
            nursery.stdin.flush()
            assert nursery.stdout.readline() == "ended\n"

            arrived = {each.id for each in hub.store.find_open_envelopes()}
            here = {each.envelope.id for each in outbox.pending()}
            assert arrived | here == set(told) and arrived & here
        sync_once(outbox, HubClient(identity), NOON, by_hand=True)

        assert (outbox.counts().waiting, outbox.counts().delivered) == (0, len(told))
    assert [each.id for each in hub.store.find_open_envelopes()] == told
    assert Fleet(hub.store.engine).find_kiosks()[0].forked_at is None
