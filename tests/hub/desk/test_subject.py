"""A copy of everything held about one person, and deletion before its time."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine

from kiosk.callbacks.model import Envelope
from kiosk.callbacks.seal import seal
from kiosk.hub import subject
from kiosk.hub.arrivals import AlreadyHandled
from kiosk.hub.case_tables import reminders
from kiosk.hub.cases import Cases
from kiosk.hub.conflicts import Conflicts
from kiosk.hub.notes import Notes
from kiosk.hub.record import find_stories
from kiosk.hub.report import bounds
from kiosk.settings import Settings
from tests.hub.desk.conftest import Worker
from tests.hub.desk.people import COLLEAGUE, NOW, WORKER, Kiosk
from tests.hub.desk.reading import colleague, names, once, words
from tests.hub.desk.test_booking import TODAY_AT_TWO
from tests.hub.desk.test_notes import write


@pytest.fixture
def settings(on_both: Settings) -> Settings:
    return on_both


def work_on(worker: Worker, id: UUID) -> None:
    """Claim a request, call, book, and write a note."""
    sheet = worker.ring(id)
    worker.post(f"/requests/{id}/attempts", kind="no-answer", once=once(sheet))
    worker.post(f"/requests/{id}/next", "/", **TODAY_AT_TWO)
    write(worker, id, "Ask for Amina")


class TestACopy:
    def test_it_holds_everything_that_is_held(self, worker: Worker, kiosk: Kiosk, hub: Engine) -> None:
        id = kiosk.leave("Amina", topic="Paying for childcare", language="ar")
        work_on(worker, id)
        with hub.begin() as connection:
            connection.execute(reminders.insert().values(case=str(id), day=NOW.date()))
        answer = worker.post(f"/requests/{id}/copy")
        copy = json.loads(answer.data)

        assert answer.headers["Content-Disposition"] == "attachment; filename=request.json"
        assert copy["request"]["name"] == "Amina"
        assert copy["request"]["phone"] == "07700 900123"
        assert copy["request"]["safe times"] == ["Sat, 09:00 to 14:30"]
        assert copy["calls"] == [{"at": "2026-11-21T11:52:00+00:00", "by": WORKER, "what": "No answer"}]
        assert copy["next contact"] == {"at": "2026-11-21T14:00:00+00:00", "booked by": WORKER}
        assert [note["text"] for note in copy["notes"]] == ["Ask for Amina"]
        assert copy["mails to the centre that somebody has waited long"] == ["2026-11-21"]
        assert copy["where it stands"]["held by"] == WORKER
        assert copy["who saw or changed it"][-1]["what"] == "copied for them"

    def test_it_can_be_printed_in_words_and_leaves_no_file(self, worker: Worker, kiosk: Kiosk, cases: Cases) -> None:
        id = kiosk.leave("Amina", topic="Paying for childcare", language="ar")
        work_on(worker, id)
        answer = worker.post(f"/requests/{id}/copy/print")
        copy = words(answer.text)

        assert "Content-Disposition" not in answer.headers
        assert "Request Name Amina Phone 07700 900123 About Paying for childcare Language Arabic" in copy
        assert "A message may be left No Centre Rose Hill" in copy and "clock 21 November 2026, 10:52 Came" in copy
        assert f"Next contact At 21 November 2026, 14:00 Booked by {WORKER}" in copy
        assert f"Calls 21 November 2026, 11:52, {WORKER}, No answer Results None" in copy
        assert f"Notes 21 November 2026, 11:52, {WORKER}, Ask for Amina" in copy
        assert f"{WORKER}, tried: no answer" in copy
        assert cases.find_accesses(id)[-1][2] == "copied for them"

    def test_it_is_for_a_lead_and_for_who_holds_the_case(self, app: Flask, worker: Worker, kiosk: Kiosk) -> None:
        id, other = kiosk.leave(), colleague(app)

        assert other.post(f"/requests/{id}/copy").status_code == 403
        assert other.get(f"/requests/{id}/delete").status_code == 403
        assert other.post(f"/requests/{id}/delete").status_code == 403
        assert other.post(f"/requests/{id}/copy/print").status_code == 403
        assert "Show a copy to print" not in other.sheet(id)
        assert worker.post(f"/requests/{id}/copy").status_code == 200
        other.ring(id)
        assert other.post(f"/requests/{id}/copy").status_code == 200


class TestDeletion:
    def test_it_is_asked_once_more_which_is_a_look_and_nothing_is_deleted_by_asking(
        self, worker: Worker, kiosk: Kiosk, cases: Cases
    ) -> None:
        id = kiosk.leave("Amina")

        assert "Delete the request of <bdi>Amina</bdi>?" in worker.get(f"/requests/{id}/delete").text
        assert cases.find_accesses(id) == [(WORKER, NOW, "opened")]
        assert names(worker.get("/").text) == ["Amina"]

    @pytest.mark.promise(34)
    def test_the_request_goes_with_all_that_was_written_about_it(
        self, app: Flask, worker: Worker, kiosk: Kiosk, cases: Cases, hub: Engine, settings: Settings
    ) -> None:
        id = kiosk.leave()
        work_on(colleague(app), id)
        blob, box = kiosk.store.find_open_envelopes()[0].blob, Notes(hub).find(id)[0].box
        assert worker.post(f"/requests/{id}/delete").status_code == 200

        assert kiosk.store.find_envelope(id) is None
        assert Notes(hub).find(id) == []
        assert worker.get(f"/requests/{id}").status_code == 404
        for middle in (blob[1000:1064], box[1000:1064]):
            assert not any(middle in file.read_bytes() for file in settings.data.iterdir())

    @pytest.mark.promise(34)
    def test_who_deleted_it_and_when_stays_and_it_still_counts(
        self, worker: Worker, kiosk: Kiosk, cases: Cases, hub: Engine
    ) -> None:
        id = kiosk.leave()
        worker.sheet(id)
        worker.post(f"/requests/{id}/delete")

        assert cases.find_accesses(id) == [(WORKER, NOW, "deleted on request")]
        assert len(find_stories(hub, *bounds(2026))) == 1

    def test_who_deleted_it_stays_also_where_the_file_cannot_be_written_anew(
        self, worker: Worker, kiosk: Kiosk, cases: Cases, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def ends_here(_engine: Engine) -> None:
            raise OSError("the process was ended")

        id = kiosk.leave()
        monkeypatch.setattr(subject, "clear_free_pages", ends_here)
        assert worker.post(f"/requests/{id}/delete").status_code == 500

        assert kiosk.store.find_envelope(id) is None
        assert cases.find_deletions() == [(WORKER, NOW)]

    @pytest.mark.promise(11)
    def test_what_came_under_its_number_waits_for_a_lead_as_it_may_be_somebody_elses(
        self, app: Flask, worker: Worker, kiosk: Kiosk, hub: Engine
    ) -> None:
        id, other = kiosk.leave("Amina"), colleague(app)
        kiosk.hand_in(seal(replace(kiosk.left[-1], name="Sophie"), kiosk.identity))
        other.ring(id)
        asked, leads = (words(somebody.get(f"/requests/{id}/delete").text) for somebody in (other, worker))
        other.post(f"/requests/{id}/delete")

        [left] = Conflicts(hub).find()
        assert "stays until a lead has looked at it. Ask one to." in asked
        assert "Look at what is set aside" in leads
        assert "Sophie" in worker.get(f"/kiosks/set-aside/{id}/{left.sha256}").text

    def test_it_does_not_come_back(self, worker: Worker, kiosk: Kiosk) -> None:
        id = kiosk.leave()
        held = kiosk.store.find_open_envelopes()[0]
        worker.post(f"/requests/{id}/delete")
        again = Envelope(held.id, held.kiosk, held.blob, held.sha256)

        assert kiosk.store.add_envelope(again, held.team_key_id, NOW + timedelta(days=1)) == AlreadyHandled()
        assert names(worker.get("/").text) == []


class TestTheAccessLog:
    def test_a_lead_and_whose_case_it_is_read_all_of_it_the_latest_first(
        self, app: Flask, worker: Worker, kiosk: Kiosk
    ) -> None:
        id, other = kiosk.leave(), colleague(app)
        sheet = other.ring(id)
        other.post(f"/requests/{id}/attempts", kind="no-answer", once=once(sheet))
        pages = [words(somebody.get(f"/requests/{id}/access").text) for somebody in (worker, other)]

        assert f"requests/{id}/access" in other.sheet(id)
        for page in pages:
            latest, first = page.index(f"{COLLEAGUE} Tried: no answer"), page.index(f"{COLLEAGUE} Claimed")
            assert latest < first

    @pytest.mark.parametrize(("form", "fields"), [("close", {}), ("notes", {"note": ""}), ("next", {})])
    def test_a_form_that_is_asked_for_again_shows_the_request_and_is_a_look(
        self, worker: Worker, kiosk: Kiosk, cases: Cases, form: str, fields: dict[str, str]
    ) -> None:
        id = kiosk.leave("Amina")
        answer = worker.post(f"/requests/{id}/{form}", once=str(uuid4()), **fields)

        assert "Amina" in answer.text
        assert cases.find_accesses(id) == [(WORKER, NOW, "opened")]

    def test_nobody_else_does(self, app: Flask, worker: Worker, kiosk: Kiosk) -> None:
        id, other = kiosk.leave(), colleague(app)
        worker.ring(id)

        assert other.get(f"/requests/{id}/access").status_code == 403
        assert f"requests/{id}/access" not in other.sheet(id)

    def test_a_lead_reads_who_deleted_one_before_its_time(self, app: Flask, worker: Worker, kiosk: Kiosk) -> None:
        worker.post(f"/requests/{kiosk.leave('Canary')}/delete")
        page, others = worker.get("/handled").text, colleague(app).get("/handled").text

        assert f"Sat 21 Nov, 11:52, <bdi>{WORKER}</bdi>" in page
        assert "Canary" not in page
        assert "Deleted before their time" not in others
