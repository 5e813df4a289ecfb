"""Promise 37: every role at every route, and centres."""

from __future__ import annotations

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
from tests.hub.desk.conftest import NAMES, SignIn, Worker
from tests.hub.desk.people import NOW, WORKER, Clock, Kiosk, make_kiosk
from tests.hub.desk.reading import sealed_for_another_team

# Who enters where, once more and by hand: nobody enters a new route only because nobody thought of who may.
STRANGERS = {"static", "sign_in", "sign_in_now", "recover", "recover_desk", "privacy", "idle"}
# A kiosk is let in by its signature, a new one by its code; that a hub is up and what it takes is for anybody.
KIOSKS = {f"intake.{name}" for name in ("enrol", "envelopes", "tell_pack", "fetch_pack", "health", "description")}
EVERYBODY = {"lock", "sign_out", "stay", "account", "password"}
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
