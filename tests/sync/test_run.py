from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from kiosk.callbacks.model import Envelope, Trouble
from kiosk.callbacks.outbox import MemoryOutbox
from kiosk.errors import HubError, HubNonsense, HubRefused, HubUnreachable
from kiosk.sync.model import Answer, Standing
from kiosk.sync.run import Hub, sync_once
from tests.callbacks.samples import NOON, envelope, receipt

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


def test_only_what_was_answered_counts_as_done() -> None:
    outbox, saved = outbox_with(60)
    done = list[int]()

    sync_once(outbox, MoodyHub(chokes_on(saved[25], HubNonsense)), NOON, on_batch=done.append)

    assert done == [20, 20]


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
