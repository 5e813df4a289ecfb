"""What a lead sees and does about what a copy brought, and about two requests of one number."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine

from kiosk.callbacks.model import Envelope
from kiosk.errors import CaseTaken
from kiosk.hub.arrivals import AlreadyHandled
from kiosk.hub.booking import Bookings
from kiosk.hub.case import AttemptKind, ResultKind
from kiosk.hub.cases import Cases
from kiosk.hub.conflicts import Conflicts
from kiosk.hub.kept_apart import KeptApart
from kiosk.hub.lines import set_apart
from kiosk.hub.record import find_stories
from kiosk.hub.report import bounds
from kiosk.hub.retention import purge
from tests.hub.desk.conftest import Worker
from tests.hub.desk.odd_arrivals import copy_disk, double
from tests.hub.desk.people import NOW, WORKER, Clock, Kiosk, make_kiosk, make_team
from tests.hub.desk.reading import colleague, names, sealed_for_another_team, words


class TestWhatACopyBrought:
    def page(self, hub: Engine) -> str:
        [one] = KeptApart(hub).find()
        return f"/kiosks/apart/{one.id}/{one.sha256}"

    def test_a_lead_is_told_finds_it_and_opens_it(self, worker: Worker, kiosk: Kiosk, hub: Engine) -> None:
        copy_disk(kiosk)
        page = self.page(hub)

        assert "1 request is kept apart." in words(worker.get("/").text)
        for listed in ("/kiosks/set-aside", f"/kiosks/{kiosk.identity.kiosk}"):
            assert f'href="{page}"' in worker.get(listed).text
        assert "Kept apart" in worker.get(page).text
        assert "07700 900123" in worker.get(page).text

    def test_it_can_be_put_on_the_desk_alone(self, worker: Worker, kiosk: Kiosk, hub: Engine) -> None:
        copy_disk(kiosk)
        page = self.page(hub)
        worker.post(f"{page}/admit", page)

        assert "Kept apart" in names(worker.get("/").text)
        assert KeptApart(hub).find() == []
        assert worker.post(f"{page}/admit", "/kiosks/new").status_code == 409

    def test_deleted_it_stays_so_when_the_copy_brings_it_again(self, worker: Worker, kiosk: Kiosk, hub: Engine) -> None:
        copy_disk(kiosk)
        page = self.page(hub)
        held = KeptApart(hub).find_one(UUID(page.split("/")[3]), page.split("/")[4])
        assert held
        worker.post(f"{page}/delete", page)
        again = Envelope(held.id, held.kiosk, held.blob, held.sha256)
        with hub.begin() as connection:
            set_apart(connection, again, held.team_key_id, NOW)

        assert KeptApart(hub).find() == []
        assert kiosk.store.add_envelope(again, held.team_key_id, NOW) == AlreadyHandled()
        assert worker.get(page).status_code == 404

    def test_who_looked_and_who_settled_it_is_kept_for_a_fortnight(
        self, worker: Worker, kiosk: Kiosk, hub: Engine, cases: Cases
    ) -> None:
        copy_disk(kiosk)
        page = self.page(hub)
        id = UUID(page.split("/")[3])
        worker.get(page)
        worker.post(f"{page}/delete", page)
        fortnight = timedelta(days=14)

        assert f"Sat 21 Nov, 11:52, {WORKER} : kept apart: deleted" in words(worker.get("/kiosks/set-aside").text)
        purge(hub, 14, NOW + fortnight)
        assert [what for *_, what in cases.find_accesses(id)] == [*["kept apart: opened"] * 2, "kept apart: deleted"]
        purge(hub, 14, NOW + fortnight + timedelta(seconds=1))
        assert cases.find_accesses(id) == []

    def test_no_purge_takes_what_nobody_has_settled(self, worker: Worker, kiosk: Kiosk, hub: Engine) -> None:
        copy_disk(kiosk)
        worker.get(self.page(hub))
        purge(hub, 14, NOW + timedelta(days=1000))

        assert len(KeptApart(hub).find()) == 1

    def test_only_a_lead_sees_or_settles_it(self, app: Flask, kiosk: Kiosk, hub: Engine) -> None:
        copy_disk(kiosk)
        other, page = colleague(app), self.page(hub)

        assert other.get(page).status_code == 403
        assert {other.post(f"{page}/{do}", "/").status_code for do in ("admit", "delete")} == {403}
        assert len(KeptApart(hub).find()) == 1


class TestSetAside:
    def test_nothing_is_said_where_nothing_is(self, worker: Worker, kiosk: Kiosk) -> None:
        assert "Nothing is set aside." in worker.get("/kiosks/set-aside").text

    def test_a_lead_reads_both_requests_of_one_number_and_that_is_logged(
        self, worker: Worker, kiosk: Kiosk, cases: Cases
    ) -> None:
        page = double(kiosk)
        banner, listed, both = (worker.get(path).text for path in ("/", "/kiosks/set-aside", page))

        assert "1 request came under a number that was taken." in banner
        assert page in listed
        assert names(both) == ["Amina", "Sophie"]
        assert cases.find_accesses(kiosk.left[0].id) == [(WORKER, NOW, "both compared")]

    def test_what_was_written_about_the_first_is_not_shown_nor_handed_out_as_the_others(
        self, worker: Worker, kiosk: Kiosk, cases: Cases, clock: Clock
    ) -> None:
        page, id = double(kiosk), kiosk.left[0].id
        worker.ring(id)
        cases.add_attempt(id, uuid4(), WORKER, AttemptKind.NO_ANSWER, NOW)
        worker.post(f"/requests/{id}/notes", note="Amina's sister picks up", once=str(uuid4()))
        clock.forward(timedelta(minutes=1))
        worker.post(f"{page}/swap")
        clock.forward(timedelta(minutes=1))
        sheet = worker.ring(id)
        worker.post(f"/requests/{id}/notes", note="Sophie has moved", once=str(uuid4()))
        copy = worker.post(f"/requests/{id}/copy").text

        assert "Sophie" in sheet and "sister" not in sheet and "No answer, Sat" not in sheet
        assert "Sophie has moved" in copy and "sister" not in copy and "No answer" not in copy

    def test_the_other_is_deleted_and_the_first_stays(self, worker: Worker, kiosk: Kiosk) -> None:
        page = double(kiosk)
        worker.post(f"{page}/delete")

        assert names(worker.get("/").text) == ["Amina"]
        assert Conflicts(kiosk.store.engine).find() == []
        assert worker.get(page).status_code == 404

    def test_the_other_takes_the_firsts_place_free_to_be_rung_and_closed(
        self, worker: Worker, kiosk: Kiosk, cases: Cases
    ) -> None:
        page, id = double(kiosk), kiosk.left[0].id
        worker.ring(id)
        worker.post(f"/requests/{id}/close", result="college")
        worker.post(f"{page}/swap")
        on_the_desk = names(worker.get("/").text)
        worker.ring(id)
        closed = worker.post(f"/requests/{id}/close", result=["college", "better-off"])

        assert on_the_desk == ["Sophie"]
        assert closed.status_code == 200
        assert [result.kind for result in cases.find_results(id)] == [ResultKind.COLLEGE, ResultKind.BETTER_OFF]
        assert len(Conflicts(kiosk.store.engine).find()) == 1

    def test_what_came_of_the_first_is_not_said_of_the_other_nor_taken_back_with_its_own(
        self, worker: Worker, kiosk: Kiosk, cases: Cases, clock: Clock, hub: Engine
    ) -> None:
        page, id = double(kiosk), kiosk.left[0].id
        worker.ring(id)
        worker.post(f"/requests/{id}/close", result=["debt-advice", "jobcentre"])
        clock.forward(timedelta(minutes=1))
        worker.post(f"{page}/swap")
        clock.forward(timedelta(minutes=1))
        worker.ring(id)
        closed = worker.post(f"/requests/{id}/close", result=["college", "jobcentre"]).text
        copy = worker.post(f"/requests/{id}/copy").text
        worker.post(f"/requests/{id}/reopen")

        for says in (closed, copy):
            assert "Referred to college" in says and "Referred to the jobcentre" in says
            assert "Referred to debt advice" not in says
        assert cases.find_results(id) == []
        assert [kind for _, kind in find_stories(hub, *bounds(2026))[0].results] == [ResultKind.DEBT_ADVICE]

    def test_whose_place_was_taken_is_known_also_where_the_process_ends_right_after(
        self, kiosk: Kiosk, cases: Cases, hub: Engine
    ) -> None:
        double(kiosk)
        [other] = Conflicts(hub).find()
        cases.claim(other.id, WORKER, NOW)
        Bookings(hub).book(other.id, NOW + timedelta(days=1), WORKER)
        Conflicts(hub).swap(other.id, other.sha256, WORKER, NOW)

        assert cases.find_swapped_at(other.id) == NOW
        assert Bookings(hub).get(other.id) is None

    def test_settled_twice_is_said_and_is_no_error(self, worker: Worker, kiosk: Kiosk) -> None:
        page = double(kiosk)
        worker.post(f"{page}/delete")

        assert worker.post(f"{page}/delete").status_code == 200
        assert "This was settled a moment ago." in worker.post(f"{page}/swap").text

    def test_what_does_not_open_is_there_with_its_reason_and_a_lead_may_delete_it(
        self, worker: Worker, kiosk: Kiosk
    ) -> None:
        broken = sealed_for_another_team(kiosk)
        listed = words(worker.get("/kiosks/set-aside").text)
        asked = worker.get(f"/requests/{broken}/delete").text
        worker.post(f"/requests/{broken}/delete")

        assert "not sealed for this key" in listed
        assert str(broken) in listed
        assert "Delete a request that does not open?" in asked
        assert "Nothing is set aside." in worker.get("/kiosks/set-aside").text


def test_two_that_trade_places_twice_are_as_before_in_each_database(engine: Engine) -> None:
    kiosk = make_kiosk(make_team(engine), Clock())
    double(kiosk)
    conflicts, id = Conflicts(engine), kiosk.left[0].id
    first = kiosk.store.find_envelope(id)
    [other] = conflicts.find()
    conflicts.swap(id, other.sha256, WORKER, NOW)
    swapped = kiosk.store.find_envelope(id)
    assert first and swapped
    conflicts.swap(id, first.sha256, WORKER, NOW)

    back = kiosk.store.find_envelope(id)
    assert back and (back.blob, back.team_key_id) == (first.blob, first.team_key_id)
    assert swapped.sha256 == other.sha256
    with pytest.raises(CaseTaken):
        conflicts.swap(id, first.sha256, WORKER, NOW)
