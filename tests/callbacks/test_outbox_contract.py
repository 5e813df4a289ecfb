"""What every outbox promises, asked of the one in memory and of the one on disk."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kiosk.callbacks.contract import MemoryOutbox, Outbox
from kiosk.callbacks.model import Envelope, ReceiptState, Trouble
from kiosk.callbacks.outbox import SqlOutbox
from kiosk.database import DURABLE, open_sqlite
from kiosk.errors import EnvelopeChanged, SealBroken
from tests.callbacks.samples import NOON, envelope, receipt


class OutboxContract:
    """What every outbox does."""

    def test_what_was_saved_waits_as_it_is(self, outbox: Outbox) -> None:
        saved = envelope()

        outbox.save(saved)

        [pending] = outbox.pending()
        assert pending.envelope == saved
        assert (pending.attempts, pending.last_tried, pending.trouble) == (0, None, None)

    @pytest.mark.promise(3)
    def test_a_doubled_touch_is_one_record(self, outbox: Outbox) -> None:
        saved = envelope()

        outbox.save(saved)
        outbox.save(saved)

        assert [each.envelope for each in outbox.pending()] == [saved]

    def test_the_same_id_with_other_bytes_is_refused_and_the_first_stays(self, outbox: Outbox) -> None:
        first = envelope()
        outbox.save(first)

        with pytest.raises(EnvelopeChanged):
            outbox.save(envelope(first.id))

        assert [each.envelope for each in outbox.pending()] == [first]

    def test_an_envelope_with_a_wrong_digest_is_refused(self, outbox: Outbox) -> None:
        good = envelope()

        with pytest.raises(SealBroken):
            outbox.save(Envelope(good.id, good.kiosk, good.blob + b" ", good.sha256))

        assert outbox.pending() == []

    def test_requests_wait_in_the_order_of_saving(self, outbox: Outbox) -> None:
        saved = [envelope() for _ in range(5)]
        for each in saved:
            outbox.save(each)

        pending = outbox.pending()

        assert [each.envelope for each in pending] == saved
        assert all(a.sequence < b.sequence for a, b in itertools.pairwise(pending))

    def test_the_order_outlives_a_delivery_of_the_newest(self, outbox: Outbox) -> None:
        first, second, third = envelope(), envelope(), envelope()
        outbox.save(first)
        outbox.save(second)
        [_, before] = outbox.pending()
        outbox.settle(receipt(second))
        outbox.save(third)

        assert [each.envelope for each in outbox.pending()] == [first, third]
        assert outbox.pending()[-1].sequence > before.sequence

    def test_each_failed_attempt_is_counted_with_its_time_and_trouble(self, outbox: Outbox) -> None:
        tried, other = envelope(), envelope()
        outbox.save(tried)
        outbox.save(other)

        outbox.record_attempt([tried.id], NOON, Trouble.UNREACHABLE)
        outbox.record_attempt([tried.id], NOON + timedelta(minutes=2), Trouble.NONSENSE)

        first, second = outbox.pending()
        assert (first.attempts, first.last_tried, first.trouble) == (2, NOON + timedelta(minutes=2), Trouble.NONSENSE)
        assert second.attempts == 0
        assert outbox.counts().trouble is Trouble.NONSENSE

    @pytest.mark.parametrize("state", ReceiptState)
    def test_a_receipt_leaves_a_tombstone_in_the_envelopes_place(self, outbox: Outbox, state: ReceiptState) -> None:
        delivered = envelope()
        outbox.save(delivered)

        assert outbox.settle(receipt(delivered, state))

        assert outbox.pending() == []
        assert (outbox.counts().waiting, outbox.counts().delivered) == (0, 1)

    def test_what_was_set_aside_is_listed_with_its_reason(self, outbox: Outbox) -> None:
        asides = [envelope() for _ in range(3)]
        for each in asides:
            outbox.save(each)
        outbox.set_aside(asides[2].id, "conflict")
        outbox.set_aside(asides[0].id, "unknown-signature")

        listed = outbox.find_set_aside()

        assert list(listed.items()) == [(asides[0].id, "unknown-signature"), (asides[2].id, "conflict")]

    def test_what_was_set_aside_goes_back_to_its_place_in_the_queue(self, outbox: Outbox) -> None:
        first, second = envelope(), envelope()
        outbox.save(first)
        outbox.save(second)
        outbox.record_attempt([first.id], NOON, Trouble.NONSENSE)
        outbox.set_aside(first.id, "conflict")

        assert outbox.retry(first.id)

        assert [each.envelope for each in outbox.pending()] == [first, second]
        assert (outbox.pending()[0].attempts, outbox.pending()[0].last_tried) == (0, None)
        assert outbox.find_set_aside() == {}

    def test_what_was_not_set_aside_is_not_tried_again(self, outbox: Outbox) -> None:
        waiting = envelope()
        outbox.save(waiting)
        outbox.record_attempt([waiting.id], NOON, Trouble.NONSENSE)

        assert not outbox.retry(waiting.id) and not outbox.retry(envelope().id)
        assert outbox.pending()[0].attempts == 1

    def test_a_step_is_the_same_until_it_is_answered(self, outbox: Outbox) -> None:
        step = outbox.open_link()

        assert (step.number, step.before) == (1, "")
        assert outbox.open_link() == step
        sent = envelope()
        outbox.save(sent)
        outbox.settle(receipt(sent))
        assert outbox.open_link() == step

    def test_the_step_after_an_answered_one_names_it(self, outbox: Outbox) -> None:
        sent, first = envelope(), outbox.open_link()
        outbox.save(sent)

        outbox.settle(receipt(sent), answered=first)

        second = outbox.open_link()
        assert (second.line, second.number, second.before) == (first.line, 2, first.this)
        assert second.this not in (first.this, first.line)

    def test_a_receipt_that_comes_twice_changes_nothing(self, outbox: Outbox) -> None:
        delivered = envelope()
        outbox.save(delivered)
        outbox.settle(receipt(delivered))

        assert not outbox.settle(receipt(delivered))
        assert outbox.counts().delivered == 1

    def test_a_receipt_for_something_that_never_was_here_leaves_nothing(self, outbox: Outbox) -> None:
        assert not outbox.settle(receipt(envelope()))
        assert outbox.counts().delivered == 0

    def test_a_receipt_for_other_bytes_deletes_nothing(self, outbox: Outbox) -> None:
        kept = envelope()
        outbox.save(kept)

        with pytest.raises(SealBroken):
            outbox.settle(receipt(envelope(kept.id)))

        assert [each.envelope for each in outbox.pending()] == [kept]

    def test_several_receipts_are_settled_together_or_not_at_all(self, outbox: Outbox) -> None:
        first, second, third = envelope(), envelope(), envelope()
        for each in (first, second, third):
            outbox.save(each)

        with pytest.raises(SealBroken):
            outbox.settle(receipt(first), receipt(envelope(second.id)))
        assert [each.envelope for each in outbox.pending()] == [first, second, third]

        assert outbox.settle(receipt(first), receipt(second), receipt(envelope())) == 2
        assert [each.envelope for each in outbox.pending()] == [third]

    @pytest.mark.promise(3)
    def test_a_late_second_touch_does_not_bring_a_delivered_request_back(self, outbox: Outbox) -> None:
        delivered = envelope()
        outbox.save(delivered)
        outbox.settle(receipt(delivered))

        outbox.save(delivered)
        with pytest.raises(EnvelopeChanged):
            outbox.save(envelope(delivered.id))

        assert outbox.pending() == []

    def test_what_is_set_aside_is_kept_and_not_sent(self, outbox: Outbox) -> None:
        poisoned, good = envelope(), envelope()
        outbox.save(poisoned)
        outbox.save(good)

        outbox.set_aside(poisoned.id, "conflict")

        assert [each.envelope for each in outbox.pending()] == [good]
        assert (outbox.counts().waiting, outbox.counts().set_aside) == (1, 1)

    def test_a_receipt_also_settles_what_was_set_aside(self, outbox: Outbox) -> None:
        kept = envelope()
        outbox.save(kept)
        outbox.set_aside(kept.id, "conflict")

        assert outbox.settle(receipt(kept))
        assert (outbox.counts().set_aside, outbox.counts().delivered) == (0, 1)

    def test_the_oldest_that_waits_is_told_by_its_time_of_saving(self, outbox: Outbox) -> None:
        first, second = envelope(), envelope()
        assert outbox.counts().oldest_saved_at is None

        outbox.save(first)
        outbox.save(second)
        assert outbox.counts().oldest_saved_at == NOON

        outbox.settle(receipt(first))
        assert outbox.counts().oldest_saved_at == NOON + timedelta(hours=1)


class Clock:
    """Says noon first, and an hour more each time."""

    def __init__(self) -> None:
        self._next = NOON

    def __call__(self) -> datetime:
        now, self._next = self._next, self._next + timedelta(hours=1)
        return now


class TestMemoryOutbox(OutboxContract):
    @pytest.fixture
    def outbox(self) -> MemoryOutbox:
        return MemoryOutbox(Clock())


class TestSqlOutbox(OutboxContract):
    @pytest.fixture
    def outbox(self, tmp_path: Path) -> SqlOutbox:
        outbox = SqlOutbox(open_sqlite(tmp_path / "outbox.sqlite", DURABLE), Clock())
        outbox.create_all()
        return outbox
