"""What a support worker sees and does, page by page."""

from __future__ import annotations

import re
from datetime import time, timedelta
from uuid import uuid4

from flask import Flask

from kiosk.callbacks.model import SafeTime
from kiosk.hub.case import AttemptKind, CaseState, ResultKind
from kiosk.hub.cases import Cases
from kiosk.settings import Settings
from tests.hub.desk.conftest import Worker
from tests.hub.desk.people import COLLEAGUE, NOW, WORKER, Clock, Kiosk
from tests.hub.desk.reading import colleague, names, once, sealed_for_another_team, words

NOT_NOW = (SafeTime(1, time(10), time(11, 30)),)


class TestTheList:
    def test_an_empty_list_says_so(self, worker: Worker) -> None:
        assert "Nobody waits for a call." in worker.get("/").text

    def test_a_row_has_all_that_one_needs_to_choose(self, worker: Worker, kiosk: Kiosk) -> None:
        kiosk.leave(waited=timedelta(days=4), topic="Paying for childcare", language="ar", interpreter=True)
        page = words(worker.get("/").text)

        for says in (
            "1 safe to call now",
            "1 waiting 3 days or more",
            "1 open",
            "Safe now, until 14:30",
            "Paying for childcare",
            "Arabic, interpreter wanted",
            "Rose Hill",
            "4 days Overdue",
        ):
            assert says in page

    def test_those_who_may_be_rung_now_stand_on_top(self, worker: Worker, kiosk: Kiosk) -> None:
        kiosk.leave("Later", timedelta(days=2), safe_times=NOT_NOW)
        kiosk.leave("Now", timedelta(hours=1))

        assert names(worker.get("/").text) == ["Now", "Later"]

    def test_a_request_that_a_colleague_rings_says_who(self, app: Flask, worker: Worker, kiosk: Kiosk) -> None:
        colleague(app).ring(kiosk.leave())

        assert f"Claimed by {COLLEAGUE}" in words(worker.get("/").text)
        assert "0 safe to call now" in words(worker.get("/").text)

    def test_a_number_is_not_in_the_list(self, worker: Worker, kiosk: Kiosk) -> None:
        kiosk.leave()

        assert "900123" not in worker.get("/").text.replace(" ", "")

    def test_what_does_not_open_is_quarantined_by_its_number_and_the_rest_is_there(
        self, worker: Worker, kiosk: Kiosk
    ) -> None:
        broken = sealed_for_another_team(kiosk)
        kiosk.leave("Amina")
        answer = worker.get("/")

        assert answer.status_code == 200
        assert names(answer.text) == ["Amina"]
        assert "1 request does not open" in answer.text
        assert str(broken) in answer.text

    def test_markup_in_a_name_is_shown_as_it_was_typed(self, worker: Worker, kiosk: Kiosk) -> None:
        id = kiosk.leave("<script>alert(1)</script>")

        for page in (worker.get("/").text, worker.ring(id)):
            assert "<script>alert" not in page
            assert "&lt;script&gt;" in page


class TestTheCallSheet:
    def test_the_number_is_there_for_who_has_claimed_it_and_may_ring_now(self, worker: Worker, kiosk: Kiosk) -> None:
        id = kiosk.leave()

        assert "tel:" not in worker.sheet(id)
        assert 'href="tel:+447700900123"' in worker.ring(id)

    def test_outside_the_safe_times_there_is_no_number(self, worker: Worker, kiosk: Kiosk) -> None:
        page = worker.ring(kiosk.leave(safe_times=NOT_NOW))

        assert "Not now. Tue, 10:00 to 11:30" in page
        assert "Do not ring now." in page
        assert "tel:" not in page
        assert "900123" not in page.replace(" ", "")

    def test_it_says_what_to_say_first_and_names_no_service(self, worker: Worker, kiosk: Kiosk) -> None:
        page = worker.sheet(kiosk.leave("Amina"))

        assert "“Hello, may I speak to Amina, please?”" in page
        assert "Do not say where you are ringing from" in page

    def test_no_message_may_be_left_unless_the_parent_said_so(self, worker: Worker, kiosk: Kiosk) -> None:
        refused, allowed = kiosk.leave(), kiosk.leave(may_leave_message=True)

        assert "DO NOT LEAVE A MESSAGE" in worker.sheet(refused)
        assert "DO NOT LEAVE A MESSAGE" not in worker.sheet(allowed)
        assert "You may leave a message" in worker.sheet(allowed)

    def test_no_title_holds_a_name_as_browsers_keep_titles_for_months(self, worker: Worker, kiosk: Kiosk) -> None:
        id = kiosk.leave("Amina")
        worker.ring(id)

        titles = [
            re.findall("<title>(.*?)</title>", worker.get(f"/requests/{id}{page}").text)
            for page in ("", "/access", "/delete")
        ]
        assert all(len(each) == 1 and "Amina" not in each[0] for each in titles)
        assert titles[0] == [f"Call sheet {str(id)[:8]} – Waymark desk"]

    def test_the_language_stands_before_the_number(self, worker: Worker, kiosk: Kiosk) -> None:
        sheet = words(worker.ring(kiosk.leave("Amina", language="ar", interpreter=True)))

        assert sheet.index("Arabic, interpreter wanted") < sheet.index("Say first") < sheet.index("Ring 07700 900123")
        assert "interpreter" not in words(worker.ring(kiosk.leave("Sophie")))

    def test_looking_is_logged(self, worker: Worker, kiosk: Kiosk, cases: Cases) -> None:
        id = kiosk.leave()
        worker.sheet(id)

        assert cases.find_accesses(id) == [(WORKER, NOW, "opened")]

    def test_a_colleague_sees_who_rings_and_no_number(self, app: Flask, worker: Worker, kiosk: Kiosk) -> None:
        id = kiosk.leave()
        worker.ring(id)
        page = colleague(app).sheet(id)

        assert f"{WORKER} rings." in page
        assert "tel:" not in page

    def test_a_colleague_can_take_over_from_the_one_named(self, app: Flask, worker: Worker, kiosk: Kiosk) -> None:
        id, other = kiosk.leave(), colleague(app)
        worker.ring(id)

        assert other.post(f"/requests/{id}/claim").status_code == 409
        assert "tel:" in other.post(f"/requests/{id}/claim", instead_of=WORKER).text
        assert "tel:" not in worker.sheet(id)

    def test_one_that_does_not_open_is_a_page_and_not_an_error(self, worker: Worker, kiosk: Kiosk) -> None:
        answer = worker.get(f"/requests/{sealed_for_another_team(kiosk)}")

        assert answer.status_code == 409
        assert "This request does not open" in answer.text


class TestAttemptsAndResults:
    def test_an_attempt_is_on_the_sheet_with_its_time_and_worker(self, worker: Worker, kiosk: Kiosk) -> None:
        id = kiosk.leave()
        sheet = worker.ring(id)
        page = worker.post(f"/requests/{id}/attempts", kind="no-answer", once=once(sheet)).text

        assert f"No answer, Sat 21 Nov, 11:52, {WORKER}" in page

    def test_a_doubled_press_counts_once(self, worker: Worker, kiosk: Kiosk, cases: Cases) -> None:
        id = kiosk.leave()
        sheet = worker.ring(id)
        for _ in range(2):
            worker.post(f"/requests/{id}/attempts", kind="talked", once=once(sheet))

        assert [attempt.kind for attempt in cases.find_attempts(id)] == [AttemptKind.TALKED]

    def test_a_colleague_who_does_not_have_it_cannot_log(self, app: Flask, worker: Worker, kiosk: Kiosk) -> None:
        id = kiosk.leave()
        sheet = worker.ring(id)
        answer = colleague(app).post(f"/requests/{id}/attempts", kind="talked", once=once(sheet))

        assert answer.status_code == 409
        assert "Somebody else has this request" in answer.text

    def test_words_that_are_on_no_button_are_refused(self, worker: Worker, kiosk: Kiosk) -> None:
        id = kiosk.leave()
        worker.ring(id)

        for fields in ({"kind": "nonsense", "once": str(uuid4())}, {"kind": "talked", "once": "1"}, {}):
            assert worker.post(f"/requests/{id}/attempts", **fields).status_code == 400
        assert worker.post(f"/requests/{id}/close", result="nonsense").status_code == 400

    def test_closing_needs_a_result(self, worker: Worker, kiosk: Kiosk, cases: Cases) -> None:
        id = kiosk.leave()
        worker.ring(id)
        answer = worker.post(f"/requests/{id}/close")

        assert answer.status_code == 400
        assert "Tick what came of it" in answer.text
        assert cases.get(id).state is CaseState.CLAIMED

    def test_a_closed_request_leaves_the_list_and_says_when_it_is_deleted(
        self, worker: Worker, kiosk: Kiosk, cases: Cases
    ) -> None:
        id = kiosk.leave("Amina")
        worker.ring(id)
        page = words(worker.post(f"/requests/{id}/close", result=["college", "better-off"]).text)

        assert "Referred to college Better-off calculation asked for" in page
        assert "It is deleted on Sat 5 Dec" in page
        assert names(worker.get("/").text) == []
        assert names(worker.get("/handled").text) == ["Amina"]
        assert {result.kind for result in cases.find_results(id)} == {ResultKind.COLLEGE, ResultKind.BETTER_OFF}

    def test_a_slip_can_be_taken_back(self, worker: Worker, kiosk: Kiosk) -> None:
        id = kiosk.leave("Amina")
        worker.ring(id)
        worker.post(f"/requests/{id}/close", result="college")

        assert "tel:" in worker.post(f"/requests/{id}/reopen").text
        assert names(worker.get("/").text) == ["Amina"]

    def test_given_back_a_request_is_free_again(self, app: Flask, worker: Worker, kiosk: Kiosk) -> None:
        id = kiosk.leave()
        worker.ring(id)
        worker.post(f"/requests/{id}/give-back")

        assert "tel:" in colleague(app).ring(id)


def test_no_word_that_a_parent_typed_is_in_the_hubs_files(
    worker: Worker, kiosk: Kiosk, settings: Settings, clock: Clock
) -> None:
    id = kiosk.leave("Canary", topic="Canary topic", phone="+447700900987")
    worker.ring(id)
    worker.post(f"/requests/{id}/close", result="college")

    for file in settings.data.iterdir():
        raw = file.read_bytes()
        assert b"Canary" not in raw
        assert b"900987" not in raw
