"""Promise 37, on every route there is: who is let in, and what every answer carries."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine

from kiosk.hub.app import create_app
from kiosk.hub.routes import ROUTES
from kiosk.settings import Settings
from tests.hub.desk.conftest import Worker
from tests.hub.desk.people import CHEAP, COLLEAGUE, COLLEAGUES_PASSWORD, PASSWORD, WORKER, Clock, Kiosk

PUBLIC = {"/sign-in", "/recover", "/idle", "/privacy", "/static/<path:filename>"}


def paths(app: Flask, method: str) -> list[tuple[str, str]]:
    """Every rule of the desk with a path to try; the intake's own are the kiosks', who sign what they send."""
    rules = [rule for rule in app.url_map.iter_rules() if not rule.endpoint.startswith("intake.")]
    return [
        (rule.rule, rule.rule.replace("<uuid:id>", str(uuid4())).replace("<int:worker>", "1"))
        for rule in rules
        if method in (rule.methods or ())
    ]


class TestNobodyIsSignedIn:
    @pytest.mark.promise(37)
    def test_every_page_but_the_door_leads_to_the_sign_in(self, app: Flask, visitor: Worker) -> None:
        closed = [path for rule, path in paths(app, "GET") if rule not in PUBLIC]

        assert len(closed) == sum(route.method == "GET" and not route.open for route in ROUTES)
        for path in closed:
            answer = visitor.get(path)
            assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")

    @pytest.mark.promise(37)
    def test_every_change_without_a_token_is_refused(self, app: Flask, visitor: Worker) -> None:
        changes = paths(app, "POST")

        assert len(changes) == sum(route.method == "POST" for route in ROUTES)
        # Of a long form no byte is read before it is known who sends it.
        long = {route.path for route in ROUTES if route.takes}
        for rule, path in changes:
            assert visitor.client.post(path).status_code == (303 if rule in long else 400)

    @pytest.mark.promise(37)
    def test_every_change_with_a_token_leads_to_the_sign_in(self, app: Flask, visitor: Worker) -> None:
        token = visitor.token("/sign-in")
        for rule, path in paths(app, "POST"):
            if rule not in PUBLIC:
                answer = visitor.client.post(path, data={"csrf_token": token})
                told = "" if rule in ("/lock", "/sign-out") else "?after=loss"
                assert (answer.status_code, answer.headers["Location"]) == (303, f"/sign-in{told}")

    def test_who_was_signed_out_before_they_sent_something_reads_that_it_is_not_saved(
        self, worker: Worker, kiosk: Kiosk, clock: Clock
    ) -> None:
        id = kiosk.leave()
        worker.ring(id)
        sheet = f"/requests/{id}"
        token = worker.token(sheet)
        clock.forward(timedelta(minutes=11))

        answer = worker.client.post(f"{sheet}/attempts", data={"csrf_token": token}, follow_redirects=True)

        assert "nothing of it was saved. Sign in, and do it again." in answer.text

    def test_a_forged_cookie_opens_nothing(self, visitor: Worker) -> None:
        visitor.client.set_cookie("waymark", "eyJ0b2tlbiI6ImEifQ.aaaa.bbbb")

        assert visitor.get("/").status_code == 303

    @pytest.mark.promise(37)
    def test_the_table_of_routes_is_all_there_is(self, app: Flask) -> None:
        served = {rule.endpoint for rule in app.url_map.iter_rules() if not rule.endpoint.startswith("intake.")}

        assert served == {route.name for route in ROUTES} | {"static"}


class TestSomebodyIsSignedIn:
    @pytest.mark.promise(37)
    def test_every_change_still_needs_a_token(self, app: Flask, worker: Worker) -> None:
        assert {worker.client.post(path).status_code for _, path in paths(app, "POST")} == {400}

    @pytest.mark.promise(37)
    def test_a_token_of_another_sign_in_is_refused(self, app: Flask, worker: Worker) -> None:
        other = Worker(app.test_client())
        other.sign_in(COLLEAGUE, COLLEAGUES_PASSWORD)

        assert worker.client.post("/lock", data={"csrf_token": other.token("/")}).status_code == 400

    def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(self, visitor: Worker) -> None:
        token = visitor.token("/sign-in")
        fields = {"csrf_token": token, "name": WORKER, "password": PASSWORD}
        cookie = visitor.client.post("/sign-in", data=fields).headers["Set-Cookie"]

        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert "Secure" not in cookie

    def test_over_https_the_cookie_is_secure(self, app: Flask) -> None:
        answer = app.test_client().get("/sign-in", base_url="https://desk.example")

        assert "Secure" in answer.headers["Set-Cookie"]
        assert answer.headers["Strict-Transport-Security"]

    def test_another_process_serves_the_next_page_and_takes_the_next_form(
        self, worker: Worker, settings: Settings, clock: Clock, kiosk: Kiosk
    ) -> None:
        id = kiosk.leave("Amina")
        cookie, token = worker.client.get_cookie("waymark"), worker.token("/")
        assert cookie
        other = create_app(settings, clock, CHEAP)
        elsewhere = other.test_client()
        elsewhere.set_cookie("waymark", cookie.value)

        assert "Amina" in elsewhere.get("/").text
        assert elsewhere.post(f"/requests/{id}/claim", data={"csrf_token": token}).status_code == 303
        other.extensions["waymark-desk"].store.engine.dispose()

    def test_lock_keeps_the_name_and_takes_the_key(self, worker: Worker) -> None:
        page = worker.post("/lock")

        assert f'value="{WORKER}"' in page.text
        assert worker.get("/").status_code == 303

    def test_an_old_cookie_is_worth_nothing_after_lock(self, app: Flask, worker: Worker) -> None:
        cookie = worker.client.get_cookie("waymark")
        assert cookie
        worker.post("/lock")
        thief = Worker(app.test_client())
        thief.client.set_cookie("waymark", cookie.value)

        assert thief.get("/").status_code == 303

    def test_an_old_cookie_is_worth_nothing_after_another_sign_in(self, app: Flask, worker: Worker) -> None:
        cookie = worker.client.get_cookie("waymark")
        assert cookie
        worker.sign_in()
        thief = Worker(app.test_client())
        thief.client.set_cookie("waymark", cookie.value)

        assert (thief.get("/").status_code, worker.get("/").status_code) == (303, 200)

    def test_sign_out_forgets_the_name_too(self, worker: Worker) -> None:
        assert WORKER not in worker.post("/sign-out").text
        assert worker.get("/").status_code == 303

    def test_after_ten_minutes_without_a_click_the_password_is_asked_again(
        self, worker: Worker, clock: Clock, kiosk: Kiosk
    ) -> None:
        id = kiosk.leave()
        clock.forward(timedelta(minutes=10, seconds=1))

        assert worker.get(f"/requests/{id}").status_code == 303

    def test_after_twelve_hours_the_password_is_asked_again_however_often_somebody_clicks(
        self, settings: Settings, hub: Engine, clock: Clock
    ) -> None:
        app = create_app(replace(settings, idle_lock_minutes=6 * 60), clock, CHEAP)
        worker = Worker(app.test_client())
        worker.sign_in()
        for _ in range(2):
            clock.forward(timedelta(hours=6))
            assert worker.get("/").status_code == 200
        clock.forward(timedelta(minutes=1))

        assert worker.get("/").headers["Location"] == "/sign-in"
        assert len(app.extensions["waymark-desk"].orders) == 0
        assert worker.sign_in().status_code == 200

    def test_a_page_that_nobody_touches_clears_itself(self, worker: Worker) -> None:
        assert worker.get("/").headers["Refresh"] == "600; url=/idle"
        cleared = worker.get("/idle")
        assert WORKER not in cleared.text
        assert "Refresh" not in cleared.headers

    def test_two_pages_that_nobody_touches_do_not_keep_each_other_open(self, worker: Worker, clock: Clock) -> None:
        for _ in range(3):
            clock.forward(timedelta(minutes=5))
            worker.get("/idle")

        assert worker.get("/").status_code == 303


class TestEveryAnswer:
    def test_pages_forbid_inline_script_framing_and_caching(self, worker: Worker) -> None:
        for path in ("/", "/handled", "/sign-in", "/nowhere"):
            headers = worker.get(path).headers
            assert "default-src 'none'" in headers["Content-Security-Policy"]
            assert "unsafe" not in headers["Content-Security-Policy"]
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
            assert headers["Cache-Control"] == "no-store"
            assert headers["X-Content-Type-Options"] == "nosniff"

    def test_no_page_has_inline_script_or_style(self, worker: Worker, kiosk: Kiosk) -> None:
        id = kiosk.leave()
        worker.ring(id)
        for path in ("/", f"/requests/{id}", "/sign-in"):
            text = worker.get(path).text
            assert "<style" not in text
            assert " style=" not in text
            assert text.count("<script") == text.count('<script type="module" src="/static/desk.js"></script>') == 1

    def test_an_unknown_page_and_request_are_404(self, worker: Worker) -> None:
        for path in ("/nowhere", f"/requests/{uuid4()}", "/requests/1"):
            answer = worker.get(path)
            assert answer.status_code == 404
            assert "There is no such page" in answer.text

    def test_a_form_over_16_kib_is_refused(self, worker: Worker) -> None:
        assert worker.client.post("/lock", data={"csrf_token": "x" * 20_000}).status_code == 413

    def test_a_fault_of_ours_is_a_page_that_tells_nothing(self, app: Flask, worker: Worker, kiosk: Kiosk) -> None:
        id = kiosk.leave("Canary")
        app.jinja_env.globals["words"] = None

        answer = worker.get(f"/requests/{id}")

        assert answer.status_code == 500
        assert "Something went wrong here" in answer.text
        assert "Canary" not in answer.text
        assert "Traceback" not in answer.text


def test_a_character_that_no_database_takes_is_refused_and_no_fault_of_ours(visitor: Worker) -> None:
    token = visitor.token("/sign-in")

    answer = visitor.client.post("/sign-in", data={"csrf_token": token, "name": "a\0b", "password": "c"})

    assert answer.status_code == 400
