"""What a lead does about the team page by page, and what everybody does about their own account."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Engine

from kiosk.hub.people import People
from kiosk.hub.roles import Role
from tests.hub.desk.conftest import NAMES, SignIn, Worker
from tests.hub.desk.people import COLLEAGUE, PASSWORD, WORKER, Kiosk


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
