"""The list in pages, and the memory that keeps its order: right after whatever happens between two looks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time, timedelta
from time import monotonic, sleep
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, select, update

from kiosk.callbacks.model import SafeTime
from kiosk.hub import lists
from kiosk.hub.app import create_app
from kiosk.hub.booking import Bookings
from kiosk.hub.case_tables import working_copies
from kiosk.hub.cases import Cases
from kiosk.hub.order import FEW, Known, Order
from kiosk.hub.orders import Orders
from kiosk.hub.outlines import Outline, pack_weekly
from kiosk.hub.retention import erase
from kiosk.hub.roles import Role
from kiosk.hub.roles import Worker as Somebody
from kiosk.hub.working_copies import Came
from kiosk.settings import Settings
from tests.hub.desk.conftest import Worker
from tests.hub.desk.people import CHEAP, COLLEAGUE, COLLEAGUES_PASSWORD, NOW, SATURDAY, TEAM, WORKER, Clock, Kiosk
from tests.hub.desk.reading import names
from tests.processes import PATIENCE, wait_until

EVENING = (SafeTime(SATURDAY, time(18), time(20)),)
HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def pages_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "ON_A_PAGE", 2)


@pytest.fixture
def orders(app: Flask) -> Orders:
    orders: Orders = app.extensions["waymark-desk"].orders
    return orders


@pytest.fixture
def second(settings: Settings, hub: Engine, clock: Clock) -> Iterator[Flask]:
    """Another process on the same database, as far as it matters here: an app of its own."""
    app = create_app(settings, clock, CHEAP)
    yield app
    app.extensions["waymark-desk"].store.engine.dispose()


@pytest.mark.usefixtures("pages_of_two")
def test_the_order_of_work_goes_on_from_page_to_page(worker: Worker, kiosk: Kiosk) -> None:
    kiosk.leave("Evening", safe_times=EVENING)
    kiosk.leave("Now")
    kiosk.leave("Overdue", timedelta(days=4))
    kiosk.leave("Now, longer", timedelta(hours=5))
    kiosk.leave("Overdue, evening", timedelta(days=9), safe_times=EVENING)

    assert names(worker.get("/").text) == ["Overdue", "Overdue, evening"]
    assert names(worker.get("/?page=2").text) == ["Now, longer", "Now"]
    assert names(worker.get("/?page=3").text) == ["Evening"]
    assert "5 open" in worker.get("/?page=3").text


@pytest.mark.usefixtures("pages_of_two")
@pytest.mark.parametrize(("asked", "shown"), [("99", "C"), ("0", "A"), ("-1", "A"), ("two", "A"), ("9" * 30, "A")])
def test_a_page_that_is_not_there_is_the_last_or_the_first(
    worker: Worker, kiosk: Kiosk, asked: str, shown: str
) -> None:
    for name, hours in (("A", 3), ("B", 2), ("C", 1)):
        kiosk.leave(name, timedelta(hours=hours))

    assert names(worker.get(f"/?page={asked}").text)[0] == shown


@pytest.mark.usefixtures("pages_of_two")
def test_what_was_found_has_pages_too_and_no_address_says_what_was_looked_for(worker: Worker, kiosk: Kiosk) -> None:
    for hours in (3, 2, 1):
        kiosk.leave(f"Amina {hours}", timedelta(hours=hours))
    kiosk.leave("Sophie")
    first = worker.post("/search", words="amina").text
    more = {"csrf_token": worker.token("/"), "words": "amina", "page": "2"}
    second = worker.client.post("/search", data=more).text

    assert names(first) == ["Amina 3", "Amina 2"]
    assert re.search(r'<button [^>]*name="page" value="2">Next page</button>', first)
    assert names(second) == ["Amina 1"]
    assert "3 requests found." in second
    assert "?" not in "".join(re.findall(r'(?:href|action)="([^"]*)"', second))


def test_what_comes_is_touched_and_goes_between_two_looks_is_seen(
    worker: Worker, kiosk: Kiosk, cases: Cases, hub: Engine, clock: Clock
) -> None:
    first, second = kiosk.leave("First", timedelta(hours=3)), kiosk.leave("Second", timedelta(hours=2))
    assert names(worker.get("/").text) == ["First", "Second"]

    kiosk.leave("Third", timedelta(hours=1))
    assert names(worker.get("/").text) == ["First", "Second", "Third"]
    cases.claim(first, COLLEAGUE, NOW)
    assert names(worker.get("/").text) == ["Second", "Third", "First"]
    cases.give_back(first, COLLEAGUE, NOW)
    assert names(worker.get("/").text) == ["First", "Second", "Third"]
    cases.claim(first, WORKER, NOW)
    Bookings(hub).book(first, NOW + timedelta(hours=9), WORKER)
    assert names(worker.get("/").text) == ["Second", "Third", "First"]
    cases.close(first, WORKER, [], NOW)
    assert names(worker.get("/").text) == ["Second", "Third"]
    cases.reopen(first, WORKER, NOW)
    erase(hub, second, NOW, WORKER)
    assert names(worker.get("/").text) == ["Third", "First"]


def test_what_goes_and_comes_in_equal_numbers_is_seen(worker: Worker, kiosk: Kiosk, hub: Engine) -> None:
    first = kiosk.leave("First")
    assert names(worker.get("/").text) == ["First"]
    erase(hub, first, NOW, WORKER)
    kiosk.leave("Second")

    assert names(worker.get("/").text) == ["Second"]


def test_time_alone_changes_the_order(worker: Worker, kiosk: Kiosk, clock: Clock, settings: Settings) -> None:
    soon = (SafeTime(SATURDAY, time(11, 55), time(20)),)
    ends = (SafeTime(SATURDAY, time(9), time(11, 55)),)
    kiosk.leave("Ends", timedelta(hours=5), safe_times=ends)
    kiosk.leave("Soon", timedelta(hours=2), safe_times=soon)
    kiosk.leave("Overdue soon", timedelta(days=settings.escalate_days, minutes=-5), safe_times=EVENING)
    assert names(worker.get("/").text) == ["Ends", "Soon", "Overdue soon"]

    clock.forward(timedelta(minutes=3))
    assert names(worker.get("/").text) == ["Soon", "Overdue soon", "Ends"]
    clock.forward(timedelta(minutes=2))
    page = worker.get("/").text
    assert names(page) == ["Overdue soon", "Soon", "Ends"]
    assert "1 safe to call now" in page
    clock.forward(timedelta(minutes=-5))
    assert names(worker.get("/").text) == ["Ends", "Soon", "Overdue soon"]


@pytest.mark.parametrize("many", [1, FEW])
def test_when_the_hour_strikes_the_order_turns_before_anybody_looks(
    worker: Worker, kiosk: Kiosk, clock: Clock, orders: Orders, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr("kiosk.hub.orders.TURN_EVERY", 0.005)
    for _ in range(many):
        kiosk.leave("Ends", timedelta(hours=5), safe_times=(SafeTime(SATURDAY, time(9), time(12)),))
    soon = kiosk.leave("Soon", timedelta(hours=2), safe_times=(SafeTime(SATURDAY, time(12), time(20)),))
    assert names(worker.get("/").text)[0] == "Ends"
    [order] = orders._orders.values()
    looked_at = clock()

    clock.forward(timedelta(minutes=9))
    until = monotonic() + PATIENCE
    while order._ordered[0].id != str(soon) and monotonic() < until:
        sleep(0.002)

    assert order._ordered[0].id == str(soon)
    assert order.used_at == looked_at  # nobody has looked since, and it is wiped by when somebody did
    assert names(worker.get("/").text)[:2] == ["Soon", "Ends"]
    clock.forward(timedelta(minutes=-9))
    assert names(worker.get("/").text)[0] == "Ends"


@pytest.mark.parametrize("path", ["/lock", "/sign-out"])
def test_the_order_is_wiped_at_lock_and_sign_out(worker: Worker, kiosk: Kiosk, orders: Orders, path: str) -> None:
    kiosk.leave()
    worker.get("/")
    assert len(orders) == 1
    worker.post(path)

    assert len(orders) == 0


def test_the_order_of_who_was_away_too_long_is_wiped_by_the_next_look_of_anybody(
    app: Flask, worker: Worker, clock: Clock, orders: Orders, settings: Settings
) -> None:
    worker.get("/")
    clock.forward(timedelta(minutes=settings.idle_lock_minutes + 1))
    colleague = Worker(app.test_client())
    colleague.sign_in(COLLEAGUE, COLLEAGUES_PASSWORD)
    colleague.get("/")

    assert [order.worker.name for order in orders._orders.values()] == [COLLEAGUE]


def test_orders_that_nobody_looks_at_are_wiped_without_a_look() -> None:
    orders = Orders(timedelta(milliseconds=20), Clock())
    with orders.of("somebody", Somebody(1, WORKER, Role.WORKER)):
        pass

    wait_until(lambda: len(orders) == 0)


def test_a_process_remembers_so_many_sign_ins_and_no_more() -> None:
    orders = Orders(HALF_AN_HOUR, Clock(), sign_ins=2)
    for name in ("a", "b", "c"):
        with orders.of(name, Somebody(1, WORKER, Role.WORKER)):
            pass

    assert list(orders._orders) == ["b", "c"]


def test_the_memory_holds_no_name_and_no_number(worker: Worker, kiosk: Kiosk, orders: Orders) -> None:
    kiosk.leave("Canary", phone="+447700900456")
    worker.get("/")
    held = repr(orders._orders)

    assert "Rose Hill" in held
    assert "Canary" not in held
    assert "900456" not in held


def test_a_worker_who_is_held_to_another_centre_sees_its_requests_alone_at_the_next_look(
    app: Flask, kiosk: Kiosk, hub: Engine, worker: Worker
) -> None:
    barton = Kiosk(kiosk.store, kiosk.identity, kiosk.clock)
    barton.leave("Amina")
    colleague = Worker(app.test_client())
    colleague.sign_in(COLLEAGUE, COLLEAGUES_PASSWORD)
    assert names(colleague.get("/").text) == ["Amina"]
    people = app.extensions["waymark-desk"].people
    [who] = [one.worker for one in people.find() if one.worker.name == COLLEAGUE]
    people.set_centres(Somebody(0, WORKER, Role.LEAD), who.id, ["Barton"])

    assert names(colleague.get("/").text) == []


def test_two_processes_show_one_list(second: Flask, worker: Worker, kiosk: Kiosk, cases: Cases) -> None:
    there = Worker(second.test_client())
    there.sign_in()
    first = kiosk.leave("First", timedelta(hours=2))
    assert names(worker.get("/").text) == names(there.get("/").text) == ["First"]
    kiosk.leave("Second")
    cases.claim(first, COLLEAGUE, NOW)

    assert names(there.get("/").text) == names(worker.get("/").text) == ["Second", "First"]


def test_a_copy_that_was_changed_or_is_gone_is_made_anew_from_the_envelope(
    worker: Worker, kiosk: Kiosk, hub: Engine
) -> None:
    kiosk.leave("Amina")
    kiosk.leave("Sophie")
    worker.get("/")
    with hub.begin() as connection:
        first, second = connection.execute(select(working_copies)).all()
        connection.execute(update(working_copies).where(working_copies.c.id == first.id).values(box=second.box))
        connection.execute(delete(working_copies).where(working_copies.c.id == second.id))

    assert sorted(names(worker.get("/").text)) == ["Amina", "Sophie"]
    with hub.connect() as connection:
        assert len(connection.execute(select(working_copies)).all()) == 2


def test_copies_say_nothing_of_what_is_in_them_and_go_with_their_request(
    worker: Worker, kiosk: Kiosk, hub: Engine
) -> None:
    short, long = kiosk.leave("A"), kiosk.leave("Canary " * 5, topic="Paying for childcare")
    worker.get("/")
    with hub.connect() as connection:
        boxes = connection.execute(select(working_copies.c.box)).scalars().all()
    erase(hub, short, NOW, WORKER)
    with hub.connect() as connection:
        left = connection.execute(select(working_copies.c.id)).scalars().all()

    assert len({len(box) for box in boxes}) == 1
    assert not any(b"Canary" in box for box in boxes)
    assert left == [str(long)]
    assert TEAM.team_key not in b"".join(boxes)


@pytest.mark.promise(17)
def test_what_came_while_the_hubs_clock_had_leapt_stands_by_when_it_was_asked(
    worker: Worker, kiosk: Kiosk, clock: Clock
) -> None:
    kiosk.leave("An hour ago")
    clock.forward(timedelta(days=365 * 70))
    kiosk.leave("Four days ago", asked_at=NOW - timedelta(days=4))
    clock.now = NOW

    page = worker.get("/").text

    assert names(page) == ["Four days ago", "An hour ago"]
    assert "1 waiting 3 days or more" in page


def test_a_clock_that_is_put_right_dates_anew_what_stands_in_the_order() -> None:
    leapt = NOW + timedelta(days=365 * 70)
    order, weekly = Order(Somebody(1, WORKER, Role.WORKER)), pack_weekly((SafeTime(SATURDAY, time(9), time(14)),))
    assert weekly is not None
    for number, received_at in enumerate((leapt, NOW), 1):
        came = Came(number, str(UUID(int=number)), "Rose Hill", received_at, None, None)
        order.note([came])
        order.take_in(came, Outline("Rose Hill", NOW - timedelta(days=3 - number), weekly))
    seen = [[line.sequence for line in order.arrange(Known({}, {}, now, timedelta(days=9)))] for now in (leapt, NOW)]

    assert seen == [[2, 1], [1, 2]]
