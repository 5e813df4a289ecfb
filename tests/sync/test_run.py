from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kiosk.callbacks.model import Envelope, Link, Receipt, Trouble
from kiosk.callbacks.outbox import MemoryOutbox, SqlOutbox
from kiosk.database import DURABLE, open_sqlite
from kiosk.errors import HubError, HubNonsense, HubRefused, HubUnreachable, OutboxUnavailable
from kiosk.sync.model import Answer, Standing
from kiosk.sync.run import SETTLED_AT_ONCE, Hub, Syncer, sync_once
from tests.callbacks.samples import NOON, envelope, receipt
from tests.processes import PATIENCE, wait_until

Mood = Callable[[Sequence[Envelope]], HubError | None]


class MoodyHub(Hub):
    """Takes a batch unless its mood says otherwise; remembers what it was sent."""

    def __init__(self, mood: Mood = lambda batch: None) -> None:
        self.mood = mood
        self.batches: list[list[Envelope]] = []
        self.held: list[Envelope] = []

    def deliver(self, envelopes: Sequence[Envelope], standing: Standing | None = None) -> list[Answer]:
        self.batches.append(list(envelopes))
        if error := self.mood(envelopes):
            raise error
        self.held.extend(envelopes)
        return [receipt(each) for each in envelopes]


def outbox_with(count: int) -> tuple[MemoryOutbox, list[Envelope]]:
    outbox, saved = MemoryOutbox(), [envelope() for _ in range(count)]
    for each in saved:
        outbox.save(each)
    return outbox, saved


def chokes_on(poison: Envelope, error: type[HubError]) -> Mood:
    return lambda batch: error("It went wrong.") if poison in batch else None


class WatchedOutbox(MemoryOutbox):
    """Settles when it may, and remembers in which order."""

    def __init__(self) -> None:
        super().__init__()
        self.may_settle, self.settled = threading.Event(), list[list[Receipt]]()

    def settle(self, *receipts: Receipt, answered: Link | None = None) -> int:
        assert self.may_settle.wait(PATIENCE)
        self.settled.append(list(receipts))
        return super().settle(*receipts, answered=answered)


def test_the_next_batch_is_under_way_while_those_before_are_settled_and_all_keep_their_order() -> None:
    outbox, saved = WatchedOutbox(), [envelope() for _ in range(SETTLED_AT_ONCE + 35)]
    for each in saved:
        outbox.save(each)

    def mood(batch: Sequence[Envelope]) -> None:
        if saved[SETTLED_AT_ONCE] in batch:
            outbox.may_settle.set()

    report = sync_once(outbox, MoodyHub(mood), NOON)

    assert (report.delivered, report.waiting) == (len(saved), 0)
    assert [len(batch) for batch in outbox.settled] == [SETTLED_AT_ONCE, 35]
    assert [receipt.id for batch in outbox.settled for receipt in batch] == [each.id for each in saved]


def test_on_a_slow_line_what_was_answered_is_not_left_unsettled_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.sync.run.SETTLED_WITHIN", 0.0)
    outbox, saved = WatchedOutbox(), [envelope() for _ in range(50)]
    outbox.may_settle.set()
    for each in saved:
        outbox.save(each)

    sync_once(outbox, MoodyHub(), NOON)

    assert [len(batch) for batch in outbox.settled] == [20, 20, 10]


class Foreseen(MoodyHub):
    """Remembers what it was told to get ready, and with what it was then sent."""

    def __init__(self, mood: Mood = lambda batch: None) -> None:
        super().__init__(mood)
        self.ready, self.sent = (
            list[tuple[list[Envelope], Standing | None]](),
            list[tuple[list[Envelope], Standing | None]](),
        )

    def get_ready(self, envelopes: Sequence[Envelope], standing: Standing | None = None) -> None:
        self.ready.append((list(envelopes), standing))

    def deliver(self, envelopes: Sequence[Envelope], standing: Standing | None = None) -> list[Answer]:
        self.sent.append((list(envelopes), standing))
        return super().deliver(envelopes, standing)


def test_each_batch_but_the_first_is_got_ready_as_it_is_then_sent() -> None:
    outbox, _ = outbox_with(55)
    hub = Foreseen()

    sync_once(outbox, hub, NOON)

    assert hub.ready == hub.sent[1:]
    assert [len(batch) for batch, _ in hub.sent] == [20, 20, 15]


def test_what_was_foreseen_is_said_anew_where_it_came_otherwise() -> None:
    outbox, saved = outbox_with(40)
    hub = Foreseen(chokes_on(saved[0], HubNonsense))

    sync_once(outbox, hub, NOON)

    assert [said.waiting for _, said in hub.ready if said] == [20]
    assert [said.waiting for _, said in hub.sent if said] == [40, 40]


def test_an_outbox_that_cannot_settle_is_told_and_keeps_all() -> None:
    class Broken(MemoryOutbox):
        def settle(self, *receipts: Receipt, answered: Link | None = None) -> int:
            raise OutboxUnavailable("The outbox cannot be used.")

    outbox, hub = Broken(), MoodyHub()
    for _ in range(240):
        outbox.save(envelope())

    with pytest.raises(OutboxUnavailable):
        sync_once(outbox, hub, NOON)

    assert (len(outbox.pending()), len(hub.batches)) == (240, 6)


def test_a_look_that_is_told_to_stop_begins_no_other_batch() -> None:
    outbox, _ = outbox_with(100)
    hub = MoodyHub()

    report = sync_once(outbox, hub, NOON, stops=lambda: len(hub.batches) == 2)

    assert (report.delivered, report.waiting) == (40, 60)


def test_an_unreachable_hub_is_tried_twice_and_then_left_alone() -> None:
    outbox, _ = outbox_with(100)
    hub = MoodyHub(lambda batch: HubUnreachable("No network."))

    report = sync_once(outbox, hub, NOON)

    assert (len(hub.batches), report.waiting) == (2, 100)
    assert {each.trouble for each in outbox.pending()[:40]} == {Trouble.UNREACHABLE}
    assert {each.attempts for each in outbox.pending()[40:]} == {0}


@pytest.mark.promise(16)
def test_a_refusal_stops_at_once() -> None:
    outbox, _ = outbox_with(100)
    hub = MoodyHub(lambda batch: HubRefused("Not you."))

    assert sync_once(outbox, hub, NOON).trouble is Trouble.REFUSED
    assert len(hub.batches) == 1


@pytest.mark.parametrize("error", [HubUnreachable, HubNonsense])
@pytest.mark.parametrize("place", [0, 7, 19, 20, 33, 59])
@pytest.mark.promise(14)
def test_a_request_that_breaks_every_batch_it_is_in_ends_up_alone(error: type[HubError], place: int) -> None:
    outbox, saved = outbox_with(60)
    hub = MoodyHub(chokes_on(saved[place], error))
    now, rounds = NOON, 0

    while outbox.counts().waiting > 1:
        sync_once(outbox, hub, now)
        now += timedelta(minutes=40)
        rounds += 1
        assert rounds <= 6

    assert [each.envelope for each in outbox.pending()] == [saved[place]]
    assert sorted(hub.held, key=saved.index) == [each for each in saved if each is not saved[place]]


@pytest.mark.promise(14)
def test_one_that_stands_alone_does_not_hold_up_those_who_come_later() -> None:
    outbox, [poison] = outbox_with(1)
    hub, now = MoodyHub(chokes_on(poison, HubUnreachable)), NOON
    for _ in range(5):
        sync_once(outbox, hub, now)
        now += timedelta(minutes=40)
    first, second = envelope(), envelope()

    outbox.save(first)
    sync_once(outbox, hub, now)
    outbox.save(second)
    sync_once(outbox, hub, now + timedelta(seconds=1))

    assert hub.held == [first, second]


def test_what_is_asked_for_by_hand_does_not_wait() -> None:
    outbox, _ = outbox_with(3)
    hub = MoodyHub(lambda batch: HubRefused("Not you."))
    sync_once(outbox, hub, NOON)
    hub.mood = lambda batch: None

    assert sync_once(outbox, hub, NOON).delivered == 0
    assert sync_once(outbox, hub, NOON, by_hand=True).delivered == 3


class Answering(Hub):
    """A hub that says when it was asked."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.hub = MoodyHub()

    def deliver(self, envelopes: Sequence[Envelope], standing: Standing | None = None) -> list[Answer]:
        answers = self.hub.deliver(envelopes)
        self.asked.set()
        return answers


@pytest.fixture
def outbox(tmp_path: Path) -> SqlOutbox:
    outbox = SqlOutbox(open_sqlite(tmp_path / "outbox.sqlite", DURABLE))
    outbox.create_all()
    return outbox


def test_a_saved_request_goes_as_soon_as_the_syncer_is_woken(outbox: SqlOutbox) -> None:
    hub = Answering()
    syncer = Syncer(outbox, hub, seconds=3600, clock=lambda: NOON)
    syncer.start()
    outbox.save(envelope())

    syncer.wake()

    assert hub.asked.wait(PATIENCE)
    syncer.stop()
    assert outbox.counts().waiting == 0
    assert (syncer.state.last_success_at, syncer.state.last_error) == (NOON, "")


def test_the_syncer_looks_again_by_itself(outbox: SqlOutbox) -> None:
    hub = Answering()
    syncer = Syncer(outbox, hub, seconds=0.02)
    syncer.start()
    outbox.save(envelope())

    assert hub.asked.wait(PATIENCE)
    syncer.stop()


def test_the_syncers_state_tells_the_latest_error_until_it_is_over(outbox: SqlOutbox) -> None:
    hub, looks = MoodyHub(lambda batch: HubUnreachable("No network.")), list[datetime]()
    looked = threading.Semaphore(0)

    def clock() -> datetime:
        looks.append(NOON + len(looks) * timedelta(hours=1))
        looked.release()
        return looks[-1]

    outbox.save(envelope())
    syncer = Syncer(outbox, hub, seconds=0.02, clock=clock)
    syncer.start()
    for _ in range(2):  # the second look begins after the first has ended
        assert looked.acquire(timeout=PATIENCE)
    assert (syncer.state.last_success_at, syncer.state.last_error) == (None, "No network.")
    hub.mood = lambda batch: None
    for _ in range(3):
        assert looked.acquire(timeout=PATIENCE)
    syncer.stop()

    assert syncer.state.last_error == ""
    assert syncer.state.last_success_at is not None


def test_a_broken_store_is_told_and_the_syncer_goes_on(tmp_path: Path) -> None:
    outbox, looked = SqlOutbox(open_sqlite(tmp_path / "outbox.sqlite", DURABLE)), threading.Semaphore(0)

    def clock() -> datetime:
        looked.release()
        return NOON

    syncer = Syncer(outbox, MoodyHub(), seconds=0.02, clock=clock)
    syncer.start()
    for _ in range(3):
        assert looked.acquire(timeout=PATIENCE)
    syncer.stop()

    assert "cannot be used" in syncer.state.last_error


def test_a_fault_that_nobody_foresaw_does_not_end_the_syncer(
    outbox: SqlOutbox, caplog: pytest.LogCaptureFixture
) -> None:
    faults = [ValueError("/a/file/of/ours")]

    def mood(_batch: Sequence[Envelope]) -> HubError | None:
        while faults:
            raise faults.pop()
        return None

    outbox.save(envelope())
    syncer = Syncer(outbox, MoodyHub(mood), seconds=0.02)
    syncer.start()
    wait_until(lambda: outbox.counts().waiting == 0)
    syncer.stop()

    assert "ValueError" in caplog.text and "/a/file" not in caplog.text


def test_a_syncer_that_never_started_can_be_stopped(outbox: SqlOutbox) -> None:
    Syncer(outbox, MoodyHub(), seconds=60).stop()


@pytest.mark.promise(15)
def test_waking_and_stopping_take_no_time_while_the_hub_hangs(outbox: SqlOutbox) -> None:
    hanging, release = threading.Event(), threading.Event()

    def hang(batch: Sequence[Envelope]) -> HubError | None:
        hanging.set()
        release.wait(PATIENCE)
        return None

    outbox.save(envelope())
    syncer = Syncer(outbox, MoodyHub(hang), seconds=60)
    syncer.start()
    assert hanging.wait(PATIENCE)

    syncer.wake()
    outbox.save(envelope())
    syncer.stop(seconds=0.01)

    assert outbox.counts().waiting == 2
    release.set()
    syncer.stop(seconds=PATIENCE)
