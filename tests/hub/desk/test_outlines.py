"""Outlines: the order of work without a name, opened by the team's key alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from uuid import UUID

import pytest
from sqlalchemy import Engine, delete, select, update

from kiosk.callbacks.model import SAFE_TIMES_LIMIT, SafeTime
from kiosk.errors import SealBroken
from kiosk.hub import waiting
from kiosk.hub.case_tables import outlines, working_copies
from kiosk.hub.outlines import open_outline, outline_key, pack_weekly, read_weekly, seal_outline
from kiosk.hub.retention import erase
from kiosk.hub.safety import merge
from kiosk.hub.tables import envelopes
from tests.callbacks.samples import request
from tests.hub.desk.conftest import Worker
from tests.hub.desk.people import COLLEAGUE, COLLEAGUES_PASSWORD, NOW, SATURDAY, TEAM, WORKER, Kiosk
from tests.hub.desk.reading import names

KEY = outline_key(TEAM.team_key)
FULL = tuple(SafeTime(number % 7, time(number // 7), time(number // 7, 59)) for number in range(SAFE_TIMES_LIMIT))


@pytest.fixture
def bit_by_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look opens two of a backlog, and leaves copies and outlines of both."""
    monkeypatch.setattr(waiting, "AT_A_LOOK", 2)
    monkeypatch.setattr(waiting, "FEW", 1)


def boxes(engine: Engine) -> list[bytes]:
    with engine.connect() as connection:
        return list(connection.execute(select(outlines.c.box)).scalars())


def test_what_the_order_needs_comes_back_and_nothing_else() -> None:
    asked = request(name="Canary", centre="Łódź", safe_times=FULL, asked_at=datetime(2026, 11, 21, 9, 0, 0, 7, UTC))
    outline = open_outline(seal_outline(asked, KEY) or b"", KEY, str(asked.id))

    assert (outline.centre, outline.asked_at) == ("Łódź", asked.asked_at)
    assert read_weekly(outline.weekly) == merge(FULL)
    assert "Canary" not in repr(outline)


def test_the_same_hours_in_another_order_or_in_parts_are_the_same() -> None:
    morning, noon = SafeTime(SATURDAY, time(9), time(12)), SafeTime(SATURDAY, time(12), time(14, 30))

    assert pack_weekly((noon, morning)) == pack_weekly((SafeTime(SATURDAY, time(9), time(14, 30)),))


def test_its_length_says_nothing() -> None:
    asked = request()
    told = (asked, replace(asked, safe_times=FULL), replace(asked, centre="Ø" * 80), replace(asked, name="A"))

    assert len({len(seal_outline(one, KEY) or b"") for one in told}) == 1


@pytest.mark.parametrize(
    "changed", [{"safe_times": (SafeTime(0, time(9, 0, 1), time(10)),)}, {"centre": "x" * 321}, {"centre": "x\0"}]
)
def test_what_does_not_fit_has_no_outline(changed: dict[str, object]) -> None:
    assert seal_outline(request(**changed), KEY) is None


def test_it_opens_with_no_other_key_and_for_no_other_request() -> None:
    asked = request()
    box = seal_outline(asked, KEY) or b""

    with pytest.raises(SealBroken):
        open_outline(box, outline_key(b"another key of thirty-two bytes."), str(asked.id))
    with pytest.raises(SealBroken):
        open_outline(box, KEY, str(UUID(int=1)))
    with pytest.raises(SealBroken):
        open_outline(box[:-1], KEY, str(asked.id))


@pytest.mark.usefixtures("bit_by_bit")
def test_a_backlog_that_nobody_has_opened_is_sorted_bit_by_bit_and_the_page_says_so(
    worker: Worker, kiosk: Kiosk
) -> None:
    for name in "ABCDE":
        kiosk.leave(name)

    assert names(page := worker.get("/").text) == ["A", "B"]
    assert "Still sorting: 2 of 5 requests" in page
    assert names(page := worker.get("/").text) == ["A", "B", "C", "D"]
    assert "Still sorting: 4 of 5 requests" in page
    assert names(page := worker.get("/").text) == ["A", "B", "C", "D", "E"]
    assert "Still sorting" not in page


@pytest.mark.usefixtures("bit_by_bit")
def test_who_signs_in_next_has_the_whole_order_at_once(visitor: Worker, worker: Worker, kiosk: Kiosk) -> None:
    for name in "ABCDE":
        kiosk.leave(name)
    for _ in range(3):
        worker.get("/")
    worker.post("/sign-out")
    visitor.sign_in(COLLEAGUE, COLLEAGUES_PASSWORD)

    assert names(visitor.get("/").text) == ["A", "B", "C", "D", "E"]


@pytest.mark.usefixtures("bit_by_bit")
def test_what_goes_before_it_is_sorted_is_not_waited_for(worker: Worker, kiosk: Kiosk, hub: Engine) -> None:
    ids = [kiosk.leave(name) for name in "ABC"]
    worker.get("/")
    erase(hub, ids[2], NOW, WORKER)

    assert "Still sorting" not in worker.get("/").text


def test_outlines_that_were_changed_or_swapped_are_not_believed(worker: Worker, kiosk: Kiosk, hub: Engine) -> None:
    kiosk.leave("Amina", centre="Barton")
    kiosk.leave("Sophie", centre="Rose Hill")
    worker.get("/")
    with hub.begin() as connection:
        first, second = connection.execute(select(outlines)).all()
        connection.execute(update(outlines).where(outlines.c.id == first.id).values(box=second.box))
        changed = second.box[:-1] + bytes([second.box[-1] ^ 1])
        connection.execute(update(outlines).where(outlines.c.id == second.id).values(box=changed))
    worker.sign_in()

    assert sorted(names(worker.get("/").text)) == ["Amina", "Sophie"]
    assert names(worker.post("/search", centre="Barton").text) == ["Amina"]


def test_an_outline_goes_with_its_request(worker: Worker, kiosk: Kiosk, hub: Engine) -> None:
    id = kiosk.leave()
    worker.get("/")
    assert len(boxes(hub)) == 1
    erase(hub, id, NOW, WORKER)

    assert boxes(hub) == []


def test_what_opens_no_more_is_told_of_on_the_page_that_would_show_it(
    worker: Worker, kiosk: Kiosk, hub: Engine
) -> None:
    kiosk.leave("Amina")
    id = kiosk.leave("Sophie")
    worker.get("/")
    with hub.begin() as connection:
        connection.execute(delete(working_copies).where(working_copies.c.id == str(id)))
        connection.execute(update(envelopes).where(envelopes.c.id == str(id)).values(blob=b"{}"))
    page = worker.get("/").text

    assert names(page) == ["Amina"]
    assert "1 request does not open" in page
    assert str(id) in page
