from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from kiosk.callbacks.model import Envelope, Trouble
from kiosk.errors import HubError, HubNonsense, HubRefused, HubSlows, HubUnreachable
from kiosk.sync.run import sync_once
from tests.callbacks.samples import NOON, envelope
from tests.sync.moody_hub import MoodyHub, chokes_on, outbox_with


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
@pytest.mark.parametrize(
    "places", [(0,), (7,), (19,), (20,), (33,), (59,), (0, 1), (5, 30), (20, 21, 22), (0, 1, 2, 3)], ids=str
)
@pytest.mark.promise(14)
def test_requests_that_break_every_batch_they_are_in_end_up_alone(
    error: type[HubError], places: tuple[int, ...]
) -> None:
    outbox, saved = outbox_with(60)
    broken = [saved[place] for place in places]
    hub = MoodyHub(lambda batch: error("It went wrong.") if any(each in broken for each in batch) else None)
    now, rounds = NOON, 0

    while outbox.counts().waiting > len(broken):
        sync_once(outbox, hub, now)
        now += timedelta(minutes=40)
        rounds += 1
        assert rounds <= 6
    new = envelope()
    outbox.save(new)
    for _ in range(2):
        sync_once(outbox, hub, now)
        now += timedelta(minutes=40)

    assert [each.envelope for each in outbox.pending()] == broken
    assert sorted(hub.held[:-1], key=saved.index) == [each for each in saved if each not in broken]
    assert hub.held[-1] == new


@pytest.mark.parametrize("error", [HubUnreachable, HubNonsense])
@pytest.mark.parametrize("lost", [0, 1, 3, 5])
@pytest.mark.promise(13, 15)
def test_a_batch_that_is_lost_once_is_sent_again_at_once_and_nobody_is_blamed(error: type[HubError], lost: int) -> None:
    outbox, saved = outbox_with(120)
    chokes, is_lost = chokes_on(saved[20 * lost], error), iter([True])
    hub = MoodyHub(lambda batch: (chokes(batch) and next(is_lost, False) and error("It was cut.")) or None)

    report = sync_once(outbox, hub, NOON)

    assert (report.delivered, report.waiting, report.trouble, report.fact) == (120, 0, None, "")
    assert len(hub.batches) == 7


@pytest.mark.promise(14)
def test_what_was_blamed_before_holds_nobody_up_when_it_fails_with_no_other_beside_it() -> None:
    outbox, [poison, first] = outbox_with(2)
    hub, now = MoodyHub(chokes_on(poison, HubUnreachable)), NOON
    for _ in range(5):
        sync_once(outbox, hub, now)
        now += timedelta(minutes=40)
    new = envelope()

    outbox.save(new)
    sync_once(outbox, hub, now - timedelta(minutes=39))

    assert hub.held == [first, new]


@pytest.mark.parametrize("error", [HubUnreachable, HubNonsense])
@pytest.mark.promise(15)
def test_while_the_hub_is_away_or_another_answers_it_is_asked_less_and_less_and_the_order_is_kept(
    error: type[HubError],
) -> None:
    outbox, saved = outbox_with(60)
    hub = MoodyHub(lambda batch: error("Not there."))
    for minute in range(12 * 60):
        if minute % 60 == 0:
            saved.append(envelope())
            outbox.save(saved[-1])
        sync_once(outbox, hub, NOON + timedelta(minutes=minute))
    asked = len(hub.batches)
    hub.mood = lambda batch: None

    for minute in range(12 * 60, 13 * 60):
        sync_once(outbox, hub, NOON + timedelta(minutes=minute))

    assert asked <= 3 * (5 + 12 * 60 / 30)
    assert hub.held == saved


@pytest.mark.promise(15)
def test_a_hub_that_is_asked_too_often_is_left_alone_and_no_batch_is_blamed() -> None:
    outbox, saved = outbox_with(120)

    def mood(batch: Sequence[Envelope]) -> HubError | None:
        return HubSlows(30) if saved[60] in batch else None

    hub = MoodyHub(mood)
    report = sync_once(outbox, hub, NOON)

    assert report.trouble is Trouble.UNREACHABLE
    assert len(hub.batches) <= 5
    assert {each.trouble for each in outbox.pending()} == {Trouble.UNREACHABLE, None}
    assert sync_once(outbox, hub, NOON + timedelta(minutes=1)).waiting == report.waiting


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
