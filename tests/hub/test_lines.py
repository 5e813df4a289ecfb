"""What a step is to a hub that knows another."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from kiosk.callbacks.contract import first_link, next_link
from kiosk.callbacks.model import Link
from kiosk.hub.arrivals import Held
from kiosk.hub.fleet import Fleet
from kiosk.hub.lines import RECENT, Forked, Known, Said, Verdict, judge
from kiosk.hub.reception import receive
from kiosk.hub.store import HubStore, Kiosk
from tests.callbacks.samples import IDENTITY, KIOSK_VERIFY_KEY, NOON, envelope

ONE = first_link()
TWO = next_link(ONE)
THREE = next_link(TWO)


@pytest.mark.parametrize(
    ("kept", "link", "verdict"),
    [
        (None, ONE, Verdict.FOLLOWS),
        (None, THREE, Verdict.FOLLOWS),
        (TWO, THREE, Verdict.FOLLOWS),
        (TWO, TWO, Verdict.AGAIN),
        (THREE, TWO, Verdict.AGAIN),
        (THREE, next_link(TWO), Verdict.FORKS),
        (THREE, ONE, Verdict.FORKS),
        (THREE, next_link(ONE), Verdict.FORKS),
        (ONE, next_link(next_link(THREE)), Verdict.FOLLOWS),
        (THREE, first_link(), Verdict.FOLLOWS),
        (THREE, next_link(first_link()), Verdict.FORKS),
    ],
    ids=[
        "never heard of", "a hub that forgot", "the next", "the same again", "late", "a copy took the same step",
        "far behind", "a copy that is behind", "a restored hub", "a new outbox", "another outbox",
    ],
)  # fmt: skip
def test_a_step_is_judged_by_the_one_before(kept: Link | None, link: Link, verdict: Verdict) -> None:
    known = kept and Known(kept.line, kept.number, kept.this, (kept.before,))

    assert judge(known, link) is verdict


def test_a_step_that_ten_others_overtook_is_still_known_and_one_older_is_not() -> None:
    steps = [ONE]
    known = Known(ONE.line, ONE.number, ONE.this)
    for _ in range(RECENT + 1):
        steps.append(next_link(steps[-1]))
        known = known.then(steps[-1])

    assert judge(known, steps[1]) is Verdict.AGAIN
    assert judge(known, steps[0]) is Verdict.FORKS


@pytest.fixture
def kiosk(store: HubStore) -> Kiosk:
    id = store.enrol(store.create_code("rose-hill", NOON), KIOSK_VERIFY_KEY, NOON)
    kiosk = store.find_kiosk(id)
    assert kiosk
    return kiosk


def bring(store: HubStore, kiosk: Kiosk, link: Link) -> str:
    sealed = envelope(identity=replace(IDENTITY, kiosk=kiosk.id))
    [item] = receive(store, kiosk, [sealed.blob], NOON, Said(link, 7, -90))
    return item.state


def test_what_a_copy_brings_is_not_on_the_desk(store: HubStore, kiosk: Kiosk) -> None:
    bring(store, kiosk, ONE)
    bring(store, kiosk, TWO)

    with pytest.raises(Forked):
        bring(store, kiosk, next_link(ONE))

    assert len(store.find_open_envelopes()) == 2
    [told] = Fleet(store.engine).find_kiosks()
    assert (told.apart, told.forked_at, told.waiting) == (1, NOON, 7)


def test_a_readmitted_kiosk_has_on_the_desk_what_was_kept_apart(store: HubStore, kiosk: Kiosk) -> None:
    bring(store, kiosk, ONE)
    bring(store, kiosk, TWO)
    with pytest.raises(Forked):
        bring(store, kiosk, next_link(ONE))

    assert Fleet(store.engine).readmit(kiosk.id, NOON) == [Held(NOON)]

    assert len(store.find_open_envelopes()) == 3
    [told] = Fleet(store.engine).find_kiosks()
    assert (told.apart, told.forked_at) == (0, None)


def test_the_same_step_from_many_at_once_is_one_step(store: HubStore, kiosk: Kiosk) -> None:
    states, together = list[str](), threading.Barrier(6)

    def one_of_many(link: Link) -> None:
        together.wait()
        states.append(bring(store, kiosk, link))

    for link in (ONE, TWO):
        threads = [threading.Thread(target=one_of_many, args=(link,)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert states == ["held"] * 12
    assert bring(store, kiosk, THREE) == "held"


def test_two_copies_that_step_at_the_same_instant_are_told_apart(store: HubStore, kiosk: Kiosk) -> None:
    bring(store, kiosk, ONE)
    outcomes, together = list[str](), threading.Barrier(2)

    def step() -> None:
        link = next_link(ONE)
        together.wait()
        try:
            outcomes.append(bring(store, kiosk, link))
        except Forked:
            outcomes.append("refused")

    threads = [threading.Thread(target=step) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["held", "refused"]
