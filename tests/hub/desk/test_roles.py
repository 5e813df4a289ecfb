"""Promise 37: every role at every route, and centres."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine

from kiosk.hub.case import ResultKind
from kiosk.hub.cases import Cases
from kiosk.hub.desk_tables import cases as cases_table
from kiosk.hub.people import People
from kiosk.hub.roles import Role
from kiosk.hub.routes import ROUTES, Route
from kiosk.settings import Settings
from tests.hub.desk.conftest import Worker
from tests.hub.desk.people import COLLEAGUE, NOW, PASSWORD, WORKER, Clock, Kiosk, add_worker, make_kiosk
from tests.hub.desk.test_pages import sealed_for_another_team

NAMES = {Role.WORKER: "W. Hart", Role.LEAD: "L. Stone", Role.PUBLISHER: "P. Reed"}
SignIn = Callable[[Role], Worker]
# Who enters where, once more and by hand: nobody enters a new route only because nobody thought of who may.
STRANGERS = {"static", "sign_in", "sign_in_now", "recover", "recover_desk", "privacy", "idle"}
# A kiosk is let in by its signature, a new one by its code; that a hub is up and what it takes is for anybody.
KIOSKS = {f"intake.{name}" for name in ("enrol", "envelopes", "tell_pack", "fetch_pack", "health", "description")}
EVERYBODY = {"lock", "sign_out", "account", "password"}
REQUESTS = {"requests", "search", "leave_search", "report", "report_file", "handled"} | {
    *("call_sheet", "access", "claim", "give_back"),
    *("attempt", "note", "book", "next_contact", "close", "reopen", "copy", "print_copy", "ask_to_delete", "delete"),
}
PACKS = {"packs", "upload_pack", "publishers", "pack", "try_pack", "roll_out_pack", "stop_pack", "roll_back_pack"}
LEADS_ALONE = (
    {"team", "looks", "new_worker", "add_worker", "worker", "set_role", "centres", "ask_to_remove", "remove_worker"}
    | {"team_key", "rotate_key", "clock", "trust_clock"}
    | {"kiosks", "new_code", "make_code", "withdraw_code", "kiosk", "ask_to_revoke", "revoke", "readmit"}
    | {"set_aside", "conflict", "swap_conflict", "ask_to_settle", "settle_conflict"}
    | {"broken", "copy_set_aside", "print_set_aside"}
    | {"apart", "admit_apart", "ask_to_delete_apart", "delete_apart"}
    | {"trust_publisher", "follow_publisher", "distrust_publisher"}
)
ENTERS = {
    Role.WORKER: STRANGERS | EVERYBODY | REQUESTS,
    Role.PUBLISHER: STRANGERS | EVERYBODY | PACKS,
    Role.LEAD: STRANGERS | EVERYBODY | REQUESTS | PACKS | LEADS_ALONE,
}
# Locking and signing out end the sign-in that the others need, and a new key ends everybody's.
ENDS = {"lock", "sign_out", "rotate_key"}


@pytest.fixture
def sign_in(app: Flask, hub: Engine) -> SignIn:
    """Somebody of a role, signed in."""

    def sign_in(role: Role) -> Worker:
        add_worker(hub, NAMES[role], role=role)
        somebody = Worker(app.test_client())
        somebody.sign_in(NAMES[role])
        return somebody

    return sign_in


def try_route(somebody: Worker, route: Route, id: UUID) -> int:
    path = (
        route.path.replace("<uuid:id>", str(id))
        .replace("<int:worker>", "999")
        .replace("<kiosk>", "kiosk-0")
        .replace("<sha256>", "0")
    )
    if route.method == "GET":
        return somebody.get(path).status_code
    token = somebody.token("/account")
    return somebody.client.post(path, data={"csrf_token": token}).status_code


@pytest.mark.promise(37)
def test_of_every_address_that_the_hub_answers_at_somebody_has_said_who_enters(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == ENTERS[Role.LEAD] | KIOSKS


@pytest.mark.parametrize("role", Role)
@pytest.mark.promise(37)
def test_a_role_enters_the_routes_of_its_own_and_no_others(
    sign_in: SignIn, kiosk: Kiosk, cases: Cases, role: Role
) -> None:
    somebody = sign_in(role)

    def their_own() -> UUID:
        id = kiosk.leave()
        cases.claim(id, NAMES[role], NOW)
        return id

    walked = [route for route in ROUTES if route.name not in ENDS]
    refused = {route.name for route in walked if try_route(somebody, route, their_own()) == 403}

    # The form for a new password answers an empty old one in the same way; it is everybody's.
    assert refused - {"password", "sign_in_now"} == {route.name for route in walked} - ENTERS[role]


def test_what_ends_a_sign_in_is_for_everybody_and_a_new_key_for_leads() -> None:
    roles = {route.name: set(route.roles) for route in ROUTES if route.name in ENDS}

    assert roles == {name: {role for role in Role if name in ENTERS[role]} for name in ENDS}


def test_a_page_that_is_not_for_a_publisher_leads_to_one_that_is(sign_in: SignIn) -> None:
    page = sign_in(Role.PUBLISHER).get("/").text

    assert ("This page is not for you" in page, "Go to the packs" in page, "the list of requests" in page) == (
        True,
        True,
        False,
    )


def test_a_worker_cannot_make_a_new_key(sign_in: SignIn) -> None:
    somebody = sign_in(Role.WORKER)

    assert somebody.client.post("/team/key", data={"csrf_token": somebody.token("/account")}).status_code == 403


def test_every_route_that_shows_a_request_is_closed_to_publishers() -> None:
    about_requests = [route for route in ROUTES if "/requests" in route.path or route.path in ("/", "/handled")]

    assert about_requests
    assert not [route.name for route in about_requests if Role.PUBLISHER in route.roles]


def test_a_publisher_comes_to_their_account_and_sees_no_way_to_requests(sign_in: SignIn, kiosk: Kiosk) -> None:
    kiosk.leave("Canary")
    page = sign_in(Role.PUBLISHER).get("/account").text

    assert "Publisher: looks after content, and sees no request" in page
    assert 'href="/handled"' not in page and 'href="/team"' not in page


class TestCentres:
    @pytest.fixture
    def settings(self, on_both: Settings) -> Settings:
        return on_both

    @pytest.fixture
    def barton(self, hub: Engine, clock: Clock) -> Kiosk:
        return make_kiosk(hub, clock, "Barton")

    @pytest.fixture
    def of_barton(self, sign_in: SignIn, hub: Engine) -> Worker:
        """A worker who is held to Barton, signed in before they were."""
        somebody, people = sign_in(Role.WORKER), People(hub)
        people.set_centres(people.get(WORKER), people.get(NAMES[Role.WORKER]).id, ["Barton"])
        return somebody

    @pytest.mark.promise(37)
    def test_a_worker_reads_the_requests_of_their_own_centres_alone(
        self, of_barton: Worker, kiosk: Kiosk, barton: Kiosk
    ) -> None:
        kiosk.leave("Amina")
        barton.leave("Sophie")
        page = of_barton.get("/").text

        assert "Sophie" in page
        assert "Amina" not in page
        assert "1 open" in page

    @pytest.mark.parametrize("change", [route for route in ROUTES if "/requests/<" in route.path], ids=lambda r: r.name)
    @pytest.mark.promise(37)
    def test_nothing_can_be_done_to_a_request_of_another_centre(
        self, of_barton: Worker, kiosk: Kiosk, hub: Engine, change: Route
    ) -> None:
        id, fields = kiosk.leave("Canary"), {"kind": "talked", "once": str(uuid4()), "note": "n", "result": "college"}
        path = change.path.replace("<uuid:id>", str(id))
        token = of_barton.token("/account")
        if change.method == "GET":
            answer = of_barton.get(path)
        else:
            answer = of_barton.client.post(path, data={"csrf_token": token} | fields)

        assert answer.status_code == 404
        assert "Canary" not in answer.text
        with hub.connect() as connection:
            assert connection.execute(cases_table.select()).all() == []

    @pytest.mark.promise(37)
    def test_no_list_no_search_and_no_report_tells_of_another_centre(
        self, of_barton: Worker, kiosk: Kiosk, barton: Kiosk, cases: Cases
    ) -> None:
        waiting, handled = [kiosk.leave("Amina") for _ in range(6)], kiosk.leave("Amina")
        cases.claim(handled, WORKER, NOW)
        cases.close(handled, WORKER, [ResultKind.COLLEGE], NOW)
        quarantined = sealed_for_another_team(kiosk)
        barton.leave("Sophie", centre="Barton")
        pages = [of_barton.get(path).text for path in ("/", "/handled", "/report", "/report.csv")]
        pages += [of_barton.post("/search", **asked).text for asked in ({"words": "a"}, {"centre": "Rose Hill"})]

        for page in pages:
            assert "Amina" not in page and "Rose Hill" not in page
            assert not any(str(id) in page for id in (*waiting, handled, quarantined))

    def test_a_lead_and_a_worker_without_centres_read_all(
        self, worker: Worker, sign_in: SignIn, kiosk: Kiosk, barton: Kiosk
    ) -> None:
        kiosk.leave("Amina")
        barton.leave("Sophie")

        for somebody in (worker, sign_in(Role.WORKER)):
            page = somebody.get("/").text
            assert "Amina" in page and "Sophie" in page


class TestTheTeamsPages:
    def test_a_lead_adds_a_worker_of_one_centre(self, app: Flask, worker: Worker, hub: Engine, kiosk: Kiosk) -> None:
        page = worker.post(
            "/team/new", name="M. Silva", password="pencil orchard friday", role="worker", centre="Rose Hill"
        ).text
        other = Worker(app.test_client())
        other.sign_in("M. Silva", "pencil orchard friday")

        assert "M. Silva" in page
        assert People(hub).get("M. Silva").centres == ("Rose Hill",)
        kiosk.leave("Amina")
        assert "Amina" in other.get("/").text

    def test_a_name_that_is_taken_is_asked_for_again_and_the_password_is_not_shown(self, worker: Worker) -> None:
        answer = worker.post("/team/new", name=COLLEAGUE, password="pencil orchard friday", role="lead")

        assert answer.status_code == 400
        assert "There is a worker of this name." in answer.text
        assert f'value="{COLLEAGUE}"' in answer.text
        assert "pencil orchard friday" not in answer.text

    def test_all_that_is_wrong_with_a_newcomer_is_said_at_once_each_at_its_field(
        self, worker: Worker, kiosk: Kiosk
    ) -> None:
        page = worker.post("/team/new", name="", password="short", role="worker").text

        assert re.findall(r'<a href="#(\w+)">', page) == ["name", "password", "every"]
        assert re.findall(r'<p id="([\w-]+)-error"', page) == ["name", "password", "centre"]

    @pytest.mark.parametrize("fields", [{"role": "king"}, {"role": "worker", "centre": "Nowhere"}, {}])
    def test_what_is_on_no_form_is_refused(self, worker: Worker, fields: dict[str, str]) -> None:
        typed = {"name": "M. Silva", "password": "pencil orchard friday"}

        assert worker.post("/team/new", **(typed | fields)).status_code == 400

    def test_centres_are_ticked_and_unticked(self, worker: Worker, hub: Engine, kiosk: Kiosk) -> None:
        people = People(hub)
        page = f"/team/{people.get(COLLEAGUE).id}"
        worker.post(f"{page}/centres", page, centre="Rose Hill")
        ticked = people.get(COLLEAGUE).centres
        asked = worker.post(f"{page}/centres", page)
        both = worker.post(f"{page}/centres", page, centre=["", "Rose Hill"])
        still = people.get(COLLEAGUE).centres
        worker.post(f"{page}/centres", page, centre="")

        assert ticked == still == ("Rose Hill",)
        assert asked.status_code == both.status_code == 400
        assert "Tick either the centres whose requests they see, or all centres." in asked.text
        assert people.get(COLLEAGUE).centres == ()

    def test_nobody_comes_to_see_all_centres_because_none_was_ticked(
        self, worker: Worker, hub: Engine, kiosk: Kiosk
    ) -> None:
        typed = {"name": "M. Silva", "password": "pencil orchard friday", "role": "worker"}
        asked = worker.post("/team/new", **typed)

        assert asked.status_code == 400
        assert "M. Silva" not in [member.worker.name for member in People(hub).find()]
        assert worker.post("/team/new", **typed, centre="").status_code == 200
        assert People(hub).get("M. Silva").centres == ()

    def test_who_is_removed_is_signed_out_and_off_the_list(self, worker: Worker, sign_in: SignIn, hub: Engine) -> None:
        gone, name = sign_in(Role.WORKER), NAMES[Role.WORKER]
        page = worker.post(f"/team/{People(hub).get(name).id}/remove")

        assert name not in page.text
        assert gone.get("/").status_code == 303

    def test_nobody_is_removed_before_it_was_asked_once_more(
        self, worker: Worker, sign_in: SignIn, hub: Engine, kiosk: Kiosk
    ) -> None:
        stays, name = sign_in(Role.WORKER), NAMES[Role.WORKER]
        stays.ring(kiosk.leave("Amina"))
        theirs = f"/team/{People(hub).get(name).id}"
        shown, asked = worker.get(theirs).text, worker.get(f"{theirs}/remove").text

        assert f'action="{theirs}/remove"' not in shown and f'href="{theirs}/remove"' in shown
        assert "The request that they hold goes back to the list." in asked and "This cannot be taken back." in asked
        assert f'action="{theirs}/remove"' in asked and f'href="{theirs}">Go back</a>' in asked
        assert stays.get("/").status_code == 200

    def test_a_worker_becomes_a_lead_and_a_publisher_with_a_new_password(self, worker: Worker, hub: Engine) -> None:
        people = People(hub)
        page = f"/team/{people.get(COLLEAGUE).id}"
        worker.post(f"{page}/role", page, role="lead")
        first = people.get(COLLEAGUE).role
        asked = worker.post(f"{page}/role", page, role="publisher")
        worker.post(f"{page}/role", page, role="publisher", password="pencil orchard friday")

        assert first is Role.LEAD
        assert asked.status_code == 400
        assert "This change needs a new first password." in asked.text
        assert people.get(COLLEAGUE).role is Role.PUBLISHER

    @pytest.mark.parametrize("before", [Role.PUBLISHER, Role.LEAD])
    def test_who_becomes_a_worker_sees_the_centres_that_were_ticked_and_not_all_because_none_was(
        self, worker: Worker, sign_in: SignIn, hub: Engine, kiosk: Kiosk, before: Role
    ) -> None:
        sign_in(before)
        people, page = People(hub), f"/team/{People(hub).get(NAMES[before]).id}"
        change = {"role": "worker", "password": "pencil orchard friday"}
        asked = worker.post(f"{page}/role", page, **change)
        still = people.get(NAMES[before]).role
        worker.post(f"{page}/role", page, **change, centre="Rose Hill")

        assert asked.status_code == 400
        assert "Tick either the centres whose requests they see, or all centres." in asked.text
        assert still is before
        became = people.get(NAMES[before])
        assert (became.role, became.centres) == (Role.WORKER, ("Rose Hill",))

    def test_a_page_that_is_still_open_on_who_left_changes_no_newcomer(self, worker: Worker, hub: Engine) -> None:
        people, page = People(hub), f"/team/{People(hub).get(COLLEAGUE).id}"
        form = {"csrf_token": worker.token(page), "role": "lead"}
        worker.post(f"{page}/remove", page)
        worker.post("/team/new", name="M. Silva", password="pencil orchard friday", role="worker")
        answer = worker.client.post(f"{page}/role", data=form)

        assert people.get("M. Silva").role is Role.WORKER
        assert answer.status_code == 404

    def test_the_last_lead_stays_a_lead_and_one_of_two_comes_to_their_account(
        self, worker: Worker, sign_in: SignIn, hub: Engine
    ) -> None:
        page = f"/team/{People(hub).get(WORKER).id}"
        alone = worker.post(f"{page}/role", page, role="worker")
        sign_in(Role.LEAD)
        answer = worker.post(f"{page}/role", page, role="worker")

        assert alone.status_code == 400
        assert "Make somebody else a lead first." in alone.text
        assert "Worker: rings the people of the centres that are theirs" in answer.text

    def test_the_last_lead_is_told_why_they_stay(self, worker: Worker, hub: Engine) -> None:
        answer = worker.post(f"/team/{People(hub).get(WORKER).id}/remove")

        assert answer.status_code == 409
        assert "Add another lead first." in answer.text

    def test_a_new_key_signs_everybody_out_and_all_requests_open_after_it(
        self, worker: Worker, sign_in: SignIn, kiosk: Kiosk
    ) -> None:
        kiosk.leave("Amina")
        other = sign_in(Role.WORKER)
        says = "The team has a new key. It is yours as soon as you sign in."
        assert says in worker.post("/team/key").text
        signed_out = (worker.get("/").status_code, other.get("/").status_code)
        kiosk.leave("Sophie")
        worker.sign_in()

        assert signed_out == (303, 303)
        page = worker.get("/").text
        assert "Amina" in page and "Sophie" in page and "does not open" not in page
        assert NAMES[Role.WORKER] in worker.get("/team/key").text

    def test_notes_from_before_a_new_key_can_still_be_read(self, worker: Worker, kiosk: Kiosk) -> None:
        id = kiosk.leave()
        worker.post(f"/requests/{id}/notes", note="Bring the letter", once=str(uuid4()))
        worker.post("/team/key")
        worker.sign_in()

        assert "Bring the letter" in worker.sheet(id)


class TestTheAccountPage:
    NEW = "pencil orchard friday"

    def test_a_new_password_keeps_this_desk_open_and_ends_the_others(self, app: Flask, worker: Worker) -> None:
        elsewhere = Worker(app.test_client())
        elsewhere.sign_in()
        page = worker.post("/account/password", old=PASSWORD, new=self.NEW).text

        assert "Your password is changed." in page
        assert worker.get("/").status_code == 200
        assert elsewhere.get("/").status_code == 303
        assert elsewhere.sign_in().status_code == 403
        assert elsewhere.sign_in(password=self.NEW).status_code == 200

    def test_a_copy_of_this_browsers_cookie_is_worth_nothing_after_it(self, app: Flask, worker: Worker) -> None:
        thief, cookie = Worker(app.test_client()), worker.client.get_cookie("waymark")
        assert cookie
        thief.client.set_cookie("waymark", cookie.value)
        before = thief.get("/").status_code
        worker.post("/account/password", old=PASSWORD, new=self.NEW)

        assert (before, thief.get("/").status_code, worker.get("/").status_code) == (200, 303, 200)

    @pytest.mark.parametrize(
        ("old", "new", "status", "says"),
        [
            ("a wrong password", NEW, 403, "This is not your password now."),
            (PASSWORD, "too short", 400, "at least 10"),
            (PASSWORD, PASSWORD, 400, "The new password is the old one."),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(
        self, worker: Worker, old: str, new: str, status: int, says: str
    ) -> None:
        answer = worker.post("/account/password", old=old, new=new)

        assert answer.status_code == status
        assert says in answer.text
        assert new not in answer.text and old not in answer.text

    def test_guesses_at_the_old_one_are_slowed(self, worker: Worker) -> None:
        answers = [worker.post("/account/password", old="a wrong password", new=self.NEW) for _ in range(4)]

        assert [answer.status_code for answer in answers] == [403, 403, 403, 429]
