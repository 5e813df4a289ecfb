"""What a page's script asks so that whoever is there can go on: how long the sign-in lasts, and that it is in use."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from kiosk.hub.app import create_app
from kiosk.hub.cases import Cases
from kiosk.hub.desk_tables import sessions
from kiosk.hub.door import BY_ITSELF, warned_before
from kiosk.settings import Settings
from tests.hub.desk.conftest import Worker
from tests.hub.desk.people import CHEAP, COLLEAGUE, COLLEAGUES_PASSWORD, WORKER, Clock, Kiosk
from tests.hub.desk.reading import once

NINE = timedelta(minutes=9)


@pytest.fixture
def settings(on_both: Settings) -> Settings:
    return on_both


def stay(somebody: Worker, token: str, by_itself: bool = False) -> TestResponse:
    headers = {"X-CSRFToken": token} | ({BY_ITSELF: "1"} if by_itself else {})
    return somebody.client.post("/stay", headers=headers)


def write(somebody: Worker, id: UUID, text: str, token: str, press: str) -> int:
    """Save a note as the page's script does."""
    said = {"csrf_token": token, "note": text, "once": press}
    return somebody.client.post(f"/requests/{id}/notes", data=said, headers={BY_ITSELF: "1"}).status_code


@pytest.mark.promise(37)
def test_whoever_stays_has_the_whole_time_again(worker: Worker, clock: Clock) -> None:
    token = worker.token("/")
    for _ in range(3):
        clock.forward(NINE)
        assert stay(worker, token).json == {"seconds": 600, "isLast": False}

    assert worker.get("/").status_code == 200


@pytest.mark.promise(37)
def test_what_a_page_asks_by_itself_keeps_nothing_open(worker: Worker, clock: Clock, hub: Engine) -> None:
    token = worker.token("/")
    clock.forward(NINE)

    assert stay(worker, token, by_itself=True).json == {"seconds": 60, "isLast": False}
    clock.forward(timedelta(seconds=61))
    assert stay(worker, token, by_itself=True).status_code == 303
    with hub.connect() as connection:
        assert connection.execute(sessions.select()).all() == []


def test_a_page_hears_that_another_page_of_its_sign_in_is_in_use(worker: Worker, clock: Clock) -> None:
    token = worker.token("/")
    clock.forward(NINE)
    worker.get("/handled")
    clock.forward(timedelta(minutes=1))

    assert stay(worker, token, by_itself=True).json == {"seconds": 540, "isLast": False}


def test_a_note_that_a_page_saves_by_itself_is_saved_and_keeps_nothing_open(
    worker: Worker, kiosk: Kiosk, clock: Clock
) -> None:
    id = kiosk.leave()
    page = worker.ring(id) and worker.sheet(id)
    token, press = worker.token("/"), once(page)
    clock.forward(NINE)

    assert [write(worker, id, "She has moved", token, press) for _ in range(2)] == [303, 303]
    clock.forward(timedelta(seconds=61))
    assert worker.get("/").status_code == 303
    worker.sign_in()
    assert worker.sheet(id).count("She has moved") == 1


@pytest.mark.promise(37)
def test_nobody_stays_longer_than_twelve_hours(settings: Settings, hub: Engine, clock: Clock) -> None:
    app = create_app(replace(settings, idle_lock_minutes=60), clock, CHEAP)
    worker = Worker(app.test_client())
    worker.sign_in()
    token = worker.token("/")
    for _ in range(13):
        clock.forward(timedelta(minutes=55))
        assert stay(worker, token).status_code == 200
    clock.forward(timedelta(minutes=4))

    assert stay(worker, token).json == {"seconds": 60, "isLast": True}
    assert worker.get("/").headers["Refresh"] == "60; url=/idle"
    clock.forward(timedelta(minutes=2))
    assert stay(worker, token).status_code == 303
    app.extensions["waymark-desk"].store.engine.dispose()


@pytest.mark.promise(37)
def test_the_answer_tells_nothing_to_whoever_has_no_token_or_no_sign_in(app: Flask, worker: Worker) -> None:
    stranger = Worker(app.test_client())

    assert worker.client.post("/stay").status_code == 400
    signed_out = stay(stranger, stranger.token("/sign-in"))
    assert signed_out.status_code == 303
    assert "seconds" not in signed_out.text


@pytest.mark.promise(37)
def test_a_page_of_who_was_here_before_is_not_held_open_by_who_came_after(worker: Worker) -> None:
    token = worker.token("/")
    worker.post("/lock")
    worker.sign_in(COLLEAGUE, COLLEAGUES_PASSWORD)

    assert stay(worker, token, by_itself=True).status_code == 400


def test_staying_looks_at_no_case(worker: Worker, kiosk: Kiosk, cases: Cases) -> None:
    id = kiosk.leave()
    worker.ring(id)
    before = cases.find_accesses(id)
    stay(worker, worker.token("/"))

    assert cases.find_accesses(id) == before


@pytest.mark.promise(37)
def test_every_page_of_who_is_signed_in_can_ask_and_is_cleared_by_the_browser_if_its_script_does_not(
    worker: Worker, visitor: Worker
) -> None:
    for path in ("/", "/handled", "/account", f"/requests/{uuid4()}"):
        page = worker.get(path)
        assert page.headers["Refresh"] == "600; url=/idle"
        assert page.text.count('<dialog class="desk-stay"') == 1
        assert 'data-seconds="600" data-warned-before="60"' in page.text
    worker.post("/sign-out")
    assert "<dialog" not in visitor.get("/sign-in").text
    assert WORKER not in visitor.get("/idle").text


@pytest.mark.parametrize(("minutes", "seconds"), [(1, 30), (2, 60), (3, 60), (10, 60)])
def test_a_page_asks_a_minute_before_and_never_later_than_half_of_its_time(minutes: int, seconds: int) -> None:
    assert warned_before(minutes) == seconds
