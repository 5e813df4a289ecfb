"""Who opened a list or searched it is logged by the hour, in few rows, and never what was searched for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from kiosk.hub.case import ResultKind
from kiosk.hub.cases import Cases
from kiosk.hub.desk_tables import list_looks
from kiosk.hub.looks import KEPT_FOR, Looks, What
from kiosk.settings import Settings
from tests.hub.desk.conftest import Worker
from tests.hub.desk.people import COLLEAGUE, NOW, WORKER, Clock, Kiosk
from tests.hub.desk.reading import colleague, words

HOUR = timedelta(hours=1)


def kept(engine: Engine) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(list_looks))]


@pytest.fixture
def looks(engine: Engine) -> Looks:
    return Looks(engine)


class TestTheLog:
    def test_one_page_opened_all_day_is_one_row_an_hour_of_the_most_it_showed(
        self, looks: Looks, engine: Engine
    ) -> None:
        for minute, rows in ((0, 3), (7, 5), (8, 2), (68, 4)):
            looks.note(WORKER, What.OPEN, 1, rows, NOW + timedelta(minutes=minute - 52))

        assert len(kept(engine)) == 2
        assert [(look.hour.hour, look.rows) for look in looks.find()] == [(12, 4), (11, 5)]

    def test_each_page_of_a_long_list_counts(self, looks: Looks) -> None:
        for page in (1, 2, 2, 3):
            looks.note(WORKER, What.OPEN, page, 100, NOW)

        [look] = looks.find()
        assert (look.pages, look.searches, look.rows) == (3, 0, 300)

    def test_each_search_counts(self, looks: Looks, engine: Engine) -> None:
        for _ in range(4):
            looks.note(WORKER, What.SEARCH, 1, 1, NOW)

        [look] = looks.find()
        assert (look.searches, look.rows) == (4, 4)
        assert len(kept(engine)) == 1

    def test_each_worker_and_list_has_a_row_of_its_own(self, looks: Looks) -> None:
        for who, what in ((WORKER, What.OPEN), (COLLEAGUE, What.OPEN), (WORKER, What.HANDLED)):
            looks.note(who, what, 1, 1, NOW)

        assert [(look.worker, look.what) for look in looks.find()] == [
            (COLLEAGUE, What.OPEN),
            (WORKER, What.HANDLED),
            (WORKER, What.OPEN),
        ]

    def test_ninety_days_later_it_is_gone(self, looks: Looks, engine: Engine) -> None:
        looks.note(WORKER, What.OPEN, 1, 1, NOW - KEPT_FOR - HOUR)
        looks.note(WORKER, What.OPEN, 1, 1, NOW - KEPT_FOR + HOUR)
        looks.forget_before(NOW - KEPT_FOR)

        assert len(kept(engine)) == 1


class TestTheDesk:
    def test_a_lead_reads_who_looked_when_and_how_many_there_were(
        self, app: Flask, worker: Worker, kiosk: Kiosk, cases: Cases, clock: Clock
    ) -> None:
        kiosk.leave("Amina")
        closed = kiosk.leave("Beatriz")
        cases.claim(closed, WORKER, NOW)
        cases.close(closed, WORKER, [ResultKind.COLLEGE], NOW)
        clock.forward(timedelta(days=1))
        other = colleague(app)
        other.get("/handled")
        other.post("/search", "/handled", words="")
        worker.sign_in()
        page = words(worker.get("/team/lists").text)

        assert f"Sun 22 Nov, 11:00 {COLLEAGUE} Handled 1" in page
        assert f"Sun 22 Nov, 11:00 {COLLEAGUE} Waiting for a call 1" in page
        assert f"Sun 22 Nov, 11:00 {COLLEAGUE} Searched once 1" in page
        assert page.index("Sun 22 Nov") < page.index(f"Sat 21 Nov, 11:00 {WORKER} Waiting for a call 0")

    def test_only_a_lead_reads_it_and_finds_the_way_from_a_requests_log(
        self, app: Flask, worker: Worker, kiosk: Kiosk
    ) -> None:
        id = kiosk.leave()
        other = colleague(app)
        other.ring(id)

        assert other.get("/team/lists").status_code == 403
        assert "/team/lists" not in other.get(f"/requests/{id}/access").text
        assert "/team/lists" in worker.get(f"/requests/{id}/access").text

    @pytest.mark.promise(6)
    def test_what_was_searched_for_is_in_no_file(self, worker: Worker, kiosk: Kiosk, settings: Settings) -> None:
        kiosk.leave("Amina")
        worker.post("/search", "/", words="Quokka")

        assert "Searched once" in worker.get("/team/lists").text
        files = [file for file in Path(settings.data).rglob("*") if file.is_file()]
        assert files and not [file for file in files if b"quokka" in file.read_bytes().lower()]
