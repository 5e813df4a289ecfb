"""A next contact: read from the form, kept to the safe times, shown in the list, carried to a calendar."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from icalendar import Calendar, Event
from sqlalchemy import Engine

from kiosk.callbacks.model import SafeTime
from kiosk.errors import CaseTaken, FormFaulty
from kiosk.hub.booking import Booking, Bookings, read_moment
from kiosk.hub.calendar_file import calendar_file
from kiosk.hub.cases import Cases
from tests.hub.desk.conftest import Worker
from tests.hub.desk.people import NOW, SATURDAY, WORKER, Clock, Kiosk
from tests.hub.desk.reading import colleague, names, once, words

CASE = UUID("11111111-2222-4333-8444-555555555555")
OTHER = "D. Patel"
TODAY_AT_TWO = {"next-day": "21", "next-month": "11", "next-year": "2026", "next-clock": "14:00"}
TODAY_AT_FIVE = TODAY_AT_TWO | {"next-clock": "17:00"}


class TestReading:
    def test_what_is_typed_is_london_time(self) -> None:
        summer = read_moment("1", "7", "2027", "14:30", NOW)

        assert summer.astimezone(UTC) == datetime(2027, 7, 1, 13, 30, tzinfo=UTC)

    @pytest.mark.parametrize("clock", ["9:05", "09:05", " 9.05 "])
    def test_a_time_may_be_typed_as_people_do(self, clock: str) -> None:
        assert read_moment("24", "11", "2026", clock, NOW).time() == time(9, 5)

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            (("31", "11", "2026", "14:30"), "next-day"),
            (("", "", "", "14:30"), "next-day"),
            (("24", "Nov", "2026", "14:30"), "next-day"),
            (("24", "11", "99999999999999999999", "14:30"), "next-day"),
            (("24", "11", "2026", ""), "next-clock"),
            (("24", "11", "2026", "24:00"), "next-clock"),
            (("24", "11", "2026", "14:60"), "next-clock"),
            (("24", "11", "2026", "half past two"), "next-clock"),
            (("21", "11", "2026", "11:52"), "next-day"),
            (("21", "11", "2028", "11:52"), "next-day"),
            (("28", "3", "2027", "01:30"), "next-clock"),
        ],
    )
    def test_what_cannot_be_is_said_at_its_field(self, typed: tuple[str, str, str, str], field: str) -> None:
        with pytest.raises(FormFaulty) as refused:
            read_moment(*typed, NOW)

        assert refused.value.field == field

    def test_a_wrong_day_and_a_wrong_time_are_said_together_with_a_day_still_to_come(self) -> None:
        with pytest.raises(FormFaulty) as refused:
            read_moment("31", "2", "2026", "25:00", NOW)

        assert refused.value.problems == {
            "next-day": "Give a day that exists, such as 22 11 2026.",
            "next-clock": "Give a time such as 14:30.",
        }


class TestKeeping:
    @pytest.fixture
    def bookings(self, engine: Engine) -> Bookings:
        Cases(engine).claim(CASE, WORKER, NOW)
        return Bookings(engine)

    def test_a_second_booking_takes_the_place_of_the_first(self, bookings: Bookings) -> None:
        for hours in (1, 2):
            bookings.book(CASE, NOW + timedelta(hours=hours), WORKER)

        assert bookings.get(CASE) == Booking(NOW + timedelta(hours=2), WORKER)

    def test_only_who_has_the_case_can_book(self, bookings: Bookings) -> None:
        with pytest.raises(CaseTaken):
            bookings.book(CASE, NOW, OTHER)
        assert bookings.get(CASE) is None

    def test_a_try_before_the_time_leaves_it_and_one_after_it_ends_it(self, bookings: Bookings) -> None:
        bookings.book(CASE, NOW, WORKER)
        bookings.keep_until(CASE, NOW - timedelta(seconds=1))
        assert bookings.get(CASE)
        bookings.keep_until(CASE, NOW)
        assert bookings.get(CASE) is None


class TestTheCalendarFile:
    def test_a_calendar_reads_the_time_and_no_word_about_whom_or_why(self) -> None:
        file = calendar_file(CASE, NOW, "https://desk.example/requests/1", NOW - timedelta(days=1))
        event = next(part for part in Calendar.from_ical(file).walk() if isinstance(part, Event))

        assert event["dtstart"].dt == NOW
        assert event["summary"] == "Call back"
        assert event["uid"] == str(CASE)
        assert b"waymark" not in file.lower()

    def test_booked_anew_it_is_the_same_entry_with_a_later_word(self) -> None:
        files = [calendar_file(CASE, NOW, "https://desk.example/", NOW + timedelta(days=days)) for days in (0, 1)]
        first, second = (Calendar.from_ical(file).walk("VEVENT")[0] for file in files)

        assert first["uid"] == second["uid"]
        assert first["sequence"] < second["sequence"]


class TestOnTheDesk:
    def book(self, worker: Worker, id: UUID, **fields: str) -> tuple[int, str]:
        answer = worker.post(f"/requests/{id}/next", "/", **fields)
        return answer.status_code, answer.text

    def test_a_booking_is_on_the_sheet_and_in_the_list_at_its_place(self, worker: Worker, kiosk: Kiosk) -> None:
        id = kiosk.leave("Booked")
        kiosk.leave("Later", safe_times=(SafeTime(SATURDAY, time(15), time(16)),))
        kiosk.leave("Now", timedelta(0))
        worker.ring(id)
        status, page = self.book(worker, id, **TODAY_AT_TWO)

        assert status == 200
        assert f"Sat 21 Nov, 14:00 , booked by {WORKER}" in words(page)
        assert names(worker.get("/").text) == ["Now", "Booked", "Later"]
        assert "Booked. Sat 21 Nov, 14:00" in worker.get("/").text

    def test_outside_the_safe_times_it_is_asked_whether_they_agreed(self, worker: Worker, kiosk: Kiosk) -> None:
        id = kiosk.leave()
        worker.ring(id)
        status, page = self.book(worker, id, **TODAY_AT_FIVE)

        assert status == 400
        assert "This is outside the safe times." in page
        assert 'value="17:00"' in page
        assert self.book(worker, id, agreed="yes", **TODAY_AT_FIVE)[0] == 200
        assert "Booked. Sat 21 Nov, 17:00" in worker.get("/").text

    def test_at_the_time_they_agreed_to_the_number_is_there_until_a_try(
        self, worker: Worker, kiosk: Kiosk, clock: Clock
    ) -> None:
        id = kiosk.leave()
        worker.ring(id)
        self.book(worker, id, agreed="yes", **TODAY_AT_FIVE)
        clock.now = datetime(2026, 11, 21, 17, 10, tzinfo=UTC)
        worker.sign_in()
        sheet = worker.sheet(id)

        assert "Safe now, until 18:00" in sheet
        assert "tel:" in sheet
        assert "tel:" not in worker.post(f"/requests/{id}/attempts", kind="no-answer", once=once(sheet)).text

    def test_a_slip_is_said_beside_its_field_and_nothing_is_booked(
        self, worker: Worker, kiosk: Kiosk, hub: Engine
    ) -> None:
        id = kiosk.leave()
        worker.ring(id)
        status, page = self.book(worker, id, **(TODAY_AT_TWO | {"next-day": "32"}))

        assert status == 400
        assert 'href="#next-day"' in page
        assert Bookings(hub).get(id) is None

    def test_a_colleague_who_does_not_have_it_cannot_book(self, app: Flask, worker: Worker, kiosk: Kiosk) -> None:
        id = kiosk.leave()
        worker.ring(id)

        assert self.book(colleague(app), id, **TODAY_AT_TWO)[0] == 409

    def test_the_file_links_to_the_sheet_and_names_nobody(self, worker: Worker, kiosk: Kiosk) -> None:
        id = kiosk.leave("Canary", topic="Canary topic")
        worker.ring(id)
        assert worker.get(f"/requests/{id}/next.ics").status_code == 404
        self.book(worker, id, **TODAY_AT_TWO)
        answer = worker.get(f"/requests/{id}/next.ics")
        event = Calendar.from_ical(answer.data).walk("VEVENT")[0]

        assert answer.headers["Content-Type"].startswith("text/calendar")
        assert event["url"] == f"http://localhost/requests/{id}"
        for word in ("canary", "rose hill", "900123", "waymark"):
            assert word not in answer.text.lower()

    def test_a_closed_request_has_no_next_contact(self, worker: Worker, kiosk: Kiosk, hub: Engine) -> None:
        id = kiosk.leave()
        worker.ring(id)
        self.book(worker, id, **TODAY_AT_TWO)
        worker.post(f"/requests/{id}/close", result="college")

        assert Bookings(hub).get(id) is None

    def test_after_three_calls_without_an_answer_it_can_be_closed_with_one_press(
        self, worker: Worker, kiosk: Kiosk, cases: Cases
    ) -> None:
        id = kiosk.leave()
        worker.ring(id)
        for calls in range(1, 4):
            page = worker.post(f"/requests/{id}/attempts", kind="no-answer", once=str(uuid4())).text
            assert ("Close: no contact" in page) == (calls == 3)
        assert "3 calls, and nobody was reached." in page
        worker.post(f"/requests/{id}/close", result="no-contact")

        assert [result.kind.value for result in cases.find_results(id)] == ["no-contact"]
