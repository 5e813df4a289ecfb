"""A batch that overtook another waits for it, and holds nobody else up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection

from kiosk.callbacks.contract import first_link, next_link
from kiosk.callbacks.model import Envelope, Link
from kiosk.hub import turns
from kiosk.hub.lines import Known, Said
from kiosk.hub.store import HubStore
from kiosk.hub.turns import PLACES, wait_for_turn
from tests.callbacks.samples import KIOSK_VERIFY_KEY, NOON, envelope
from tests.processes import PATIENCE

FIRST = first_link()
LINK = next_link(FIRST)
LATEST = Known(LINK.line, LINK.number, LINK.this, (FIRST.this,))
Turn = Callable[[UUID], "Future[None]"]


def wait(store: HubStore, after: UUID | None, link: Link = LINK) -> None:
    with store.engine.begin() as connection:
        wait_for_turn(connection, Said(link, 60, 0), LATEST, after)


class CountedPlaces(threading.BoundedSemaphore):
    """Places to wait at that tell once somebody asks for one, and once somebody has one."""

    def __init__(self) -> None:
        super().__init__(PLACES)
        self.asked, self.taken = threading.Semaphore(0), threading.Semaphore(0)

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        self.asked.release()
        if is_free := super().acquire(blocking, timeout):
            self.taken.release()
        return is_free


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> CountedPlaces:
    places = CountedPlaces()
    monkeypatch.setattr(turns, "_free", places)
    return places


@pytest.fixture
def turn(store: HubStore, places: CountedPlaces, monkeypatch: pytest.MonkeyPatch) -> Iterator[Turn]:
    """Begin to wait after an envelope, for as long as it takes; return once somebody waits."""
    monkeypatch.setattr(turns, "PATIENCE", PATIENCE)
    with ThreadPoolExecutor() as pool:

        def turn(after: UUID) -> Future[None]:
            waits = pool.submit(wait, store, after)
            assert places.taken.acquire(timeout=PATIENCE)
            return waits

        yield turn


@pytest.fixture
def come(store: HubStore) -> Callable[[Envelope], object]:
    """Take in an envelope."""
    kiosk = store.enrol(store.create_code("rose-hill", NOON), KIOSK_VERIFY_KEY, NOON)
    return lambda each: store.add_envelope(Envelope(each.id, kiosk, each.blob, each.sha256), "k" * 16, NOON)


@pytest.mark.promise(15)
def test_a_batch_waits_until_the_one_before_it_is_taken_in(come: Callable[[Envelope], object], turn: Turn) -> None:
    before = envelope()

    early = turn(before.id)
    assert not early.done()
    come(before)

    assert early.result(PATIENCE) is None


def test_two_looks_at_one_queue_wait_side_by_side(come: Callable[[Envelope], object], turn: Turn) -> None:
    before = envelope()

    early = [turn(before.id) for _ in range(2)]
    come(before)

    assert [each.result(PATIENCE) for each in early] == [None, None]


def test_whose_turn_it_is_does_not_wait(
    store: HubStore, come: Callable[[Envelope], object], places: CountedPlaces
) -> None:
    here, handled = envelope(), envelope()
    for each in (here, handled):
        come(each)
    store.forget(handled.id, NOON.date())

    for after, link in ((None, LINK), (here.id, LINK), (handled.id, FIRST), (uuid4(), next_link(LINK))):
        wait(store, after, link)

    assert not places.taken.acquire(blocking=False)


def test_however_many_come_too_early_a_thread_is_left_for_the_rest(
    store: HubStore,
    come: Callable[[Envelope], object],
    turn: Turn,
    places: CountedPlaces,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "IN_LINE", PATIENCE)
    before = envelope()
    early = [turn(before.id) for _ in range(PLACES)]

    with ThreadPoolExecutor() as pool:
        early.append(pool.submit(wait, store, before.id))
        for _ in range(PLACES + 2):  # who stands in line has asked twice
            assert places.asked.acquire(timeout=PATIENCE)
        for _ in range(9):
            pool.submit(wait, store, before.id).result(PATIENCE / 6)
        assert not any(each.done() for each in early)
        come(before)

        assert [each.result(PATIENCE) for each in early] == [None] * (PLACES + 1)


def test_a_place_that_is_about_to_be_free_is_had(
    store: HubStore,
    come: Callable[[Envelope], object],
    turn: Turn,
    places: CountedPlaces,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "IN_LINE", PATIENCE)
    before, other = envelope(), envelope()
    early = [turn(before.id) for _ in range(PLACES)]
    for _ in early:
        places.asked.acquire()

    with ThreadPoolExecutor() as pool:
        in_line = pool.submit(wait, store, other.id)
        assert places.asked.acquire(timeout=PATIENCE)
        come(before)
        assert places.taken.acquire(timeout=PATIENCE)
        come(other)
        assert [each.result(PATIENCE) for each in (*early, in_line)] == [None] * (PLACES + 1)


def test_a_place_is_given_back_when_the_database_goes(
    store: HubStore, places: CountedPlaces, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = iter([False])

    def look_once(_connection: Connection, _id: UUID) -> bool:
        for has_come in looks:
            return has_come
        raise ConnectionError

    monkeypatch.setattr(turns, "_has_come", look_once)
    with pytest.raises(ConnectionError):
        wait(store, uuid4())

    assert places.taken.acquire(blocking=False)
    assert all(places.acquire(blocking=False) for _ in range(PLACES))
