from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.callbacks.model import Envelope, Pending, Trouble
from kiosk.sync.plan import JITTER, LONGEST_WAIT, Send, Stop, Wait, due_at, plan
from tests.callbacks.samples import NOON

MINUTE = timedelta(minutes=1)
PUNCTUAL = "kiosk-386"  # its share of the jitter is none
LATEST = "kiosk-491"  # its share is nearly all


def pending(sequence: int = 1, kiosk: str = PUNCTUAL, **fields: object) -> Pending:
    fields = {"trouble": Trouble.UNREACHABLE if fields.get("attempts") else None} | fields
    return Pending(Envelope(UUID(int=sequence), kiosk, b"", ""), sequence, **fields)  # type: ignore[arg-type]


def sent(steps: object) -> list[list[int]]:
    """The sequence numbers of each batch."""
    assert isinstance(steps, list)
    return [[each.id.int for each in step.envelopes] for step in steps if isinstance(step, Send)]


def test_an_empty_outbox_asks_for_nothing() -> None:
    assert plan([], NOON) == []


def test_a_new_request_is_sent_at_once() -> None:
    assert sent(plan([pending()], NOON)) == [[1]]


def test_requests_go_in_batches_of_twenty_oldest_first() -> None:
    batches = sent(plan([pending(n) for n in range(1, 46)], NOON))

    assert batches == [list(range(1, 21)), list(range(21, 41)), list(range(41, 46))]


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 2), (2, 4), (3, 8), (4, 16), (5, 30), (6, 30), (5000, 30)])
@pytest.mark.promise(15)
def test_the_wait_doubles_with_each_failure_up_to_half_an_hour(attempts: int, minutes: int) -> None:
    assert plan([pending(attempts=attempts, last_tried=NOON)], NOON) == [Wait(NOON + minutes * MINUTE)]


def test_a_request_that_failed_three_times_is_sent_after_eight_minutes() -> None:
    tried = pending(attempts=3, last_tried=NOON)

    assert plan([tried], NOON + 8 * MINUTE - timedelta(seconds=1)) == [Wait(NOON + 8 * MINUTE)]
    assert sent(plan([tried], NOON + 8 * MINUTE)) == [[1]]


@pytest.mark.promise(15)
def test_kiosks_wait_differently_but_never_over_a_quarter_longer() -> None:
    waits = [due_at(pending(kiosk=f"kiosk-{n}", attempts=3, last_tried=NOON)) - NOON for n in range(100)]

    assert len(set(waits)) > 80
    assert all(8 * MINUTE <= wait <= 10 * MINUTE for wait in waits)


def test_one_kiosk_waits_the_same_for_all_that_were_tried_together() -> None:
    together = [pending(n, kiosk=LATEST, attempts=2, last_tried=NOON) for n in range(1, 11)]

    assert len({due_at(each) for each in together}) == 1


@pytest.mark.parametrize(("attempts", "size"), [(0, 20), (1, 10), (2, 5), (3, 2), (4, 1), (9, 1)])
def test_a_batch_is_halved_with_each_failure(attempts: int, size: int) -> None:
    failed = [pending(n, attempts=attempts, last_tried=NOON) for n in range(1, 41)]

    batches = sent(plan(failed, NOON + timedelta(days=1)))

    assert {len(batch) for batch in batches} == {size}
    assert [number for batch in batches for number in batch] == list(range(1, 41))


@pytest.mark.parametrize("trouble", [Trouble.UNREACHABLE, Trouble.NONSENSE])
@pytest.mark.promise(15)
def test_nothing_overtakes_the_oldest_while_the_hub_is_away(trouble: Trouble) -> None:
    away, new = pending(1, attempts=2, last_tried=NOON, trouble=trouble), pending(2)

    assert plan([away, new], NOON + MINUTE) == [Wait(NOON + 4 * MINUTE)]
    assert sent(plan([away, new], NOON + 4 * MINUTE)) == [[1, 2]]


@pytest.mark.promise(14)
def test_one_that_the_hub_did_not_take_while_it_took_others_keeps_nobody_waiting() -> None:
    poisoned, new = pending(1, attempts=5, last_tried=NOON, trouble=Trouble.BLAMED), pending(2)

    steps = plan([poisoned, new], NOON + MINUTE)

    assert sent(steps) == [[2]]
    assert steps[-1] == Wait(NOON + 30 * MINUTE)


@pytest.mark.promise(14)
def test_a_poisoned_one_that_is_due_goes_in_a_batch_of_its_own() -> None:
    poisoned = pending(2, attempts=5, last_tried=NOON, trouble=Trouble.BLAMED)

    assert sent(plan([pending(1), poisoned, pending(3), pending(4)], NOON + timedelta(hours=1))) == [[1], [2], [3, 4]]


@pytest.mark.promise(16)
def test_a_kiosk_that_was_refused_sends_nothing_at_all() -> None:
    refused, new = pending(1, attempts=1, last_tried=NOON, trouble=Trouble.REFUSED), pending(2)

    assert plan([refused, new], NOON + MINUTE) == [Stop(NOON + 2 * MINUTE)]


@pytest.mark.promise(16)
def test_a_refused_kiosk_asks_again_later_with_everything_in_order() -> None:
    refused = [pending(n, attempts=n, last_tried=NOON, trouble=Trouble.REFUSED) for n in (1, 2)]

    assert [n for batch in sent(plan([*refused, pending(3)], NOON + 2 * MINUTE)) for n in batch] == [1, 2, 3]


@pytest.mark.parametrize("trouble", Trouble)
@pytest.mark.parametrize("year", [1970, 2020])
@pytest.mark.promise(17)
def test_a_clock_that_went_back_holds_nothing_up(trouble: Trouble, year: int) -> None:
    tried_in_the_future = pending(attempts=3, last_tried=NOON, trouble=trouble)

    assert sent(plan([tried_in_the_future], datetime(year, 1, 1, tzinfo=UTC))) == [[1]]


@pytest.mark.promise(17)
def test_a_clock_that_leapt_to_2099_loses_nothing() -> None:
    assert sent(plan([pending(attempts=3, last_tried=NOON)], datetime(2099, 1, 1, tzinfo=UTC))) == [[1]]


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 12), st.sampled_from(Trouble), st.integers(-100_000, 100_000)), min_size=1, max_size=60
    )
)
@pytest.mark.promise(15)
def test_every_request_is_either_sent_now_or_waited_for_at_most_forty_minutes(
    states: list[tuple[int, Trouble, int]],
) -> None:
    queue = [
        pending(n, kiosk=LATEST, attempts=attempts, trouble=trouble, last_tried=NOON + timedelta(seconds=ago))
        if attempts
        else pending(n, kiosk=LATEST)
        for n, (attempts, trouble, ago) in enumerate(states, 1)
    ]

    steps = plan(queue, NOON)

    numbers = [number for batch in sent(steps) for number in batch]
    assert numbers == sorted(set(numbers))
    pauses = [step.until - NOON for step in steps if not isinstance(step, Send)]
    assert all(timedelta(0) < pause <= LONGEST_WAIT * (1 + JITTER) for pause in pauses)
    assert len(numbers) == len(queue) or len(pauses) == 1
