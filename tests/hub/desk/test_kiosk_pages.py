"""What a lead sees and does about kiosks, page by page."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine

from kiosk.callbacks.contract import first_link
from kiosk.callbacks.seal import public_key
from kiosk.errors import EnrolmentRefused
from kiosk.hub.codes import Codes
from kiosk.hub.fleet import Fleet
from kiosk.hub.store import HubStore
from tests.hub.desk.conftest import Worker
from tests.hub.desk.odd_arrivals import bring, copy_disk
from tests.hub.desk.people import NOW, WORKER, Clock, Kiosk
from tests.hub.desk.reading import colleague, names, words

CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")


class TestACode:
    def test_it_lets_one_kiosk_join_and_says_how(self, worker: Worker, hub: Engine) -> None:
        page = worker.post("/kiosks/new", centre="  Barton ").text
        code = CODE.search(page)

        assert code
        assert f"kiosk device enrol http://localhost {code[0]}" in page
        assert "28 November 2026, 11:52" in page
        assert HubStore(hub).enrol(code[0], public_key(b"k" * 32), NOW).startswith("kiosk-")
        assert "Barton" in worker.get("/kiosks").text

    def test_a_centre_that_is_known_keeps_its_spelling(self, worker: Worker, kiosk: Kiosk) -> None:
        assert "A kiosk of Rose Hill can join" in worker.post("/kiosks/new", centre="rose  hill").text

    @pytest.mark.parametrize("typed", ["", "  ", "x" * 81, "Rose\x07Hill"])
    def test_a_centre_without_a_usable_name_is_asked_for_again(self, worker: Worker, typed: str) -> None:
        answer = worker.post("/kiosks/new", centre=typed)

        assert answer.status_code == 400
        assert "There is no code yet" in answer.text
        assert not CODE.search(words(answer.text))


class TestCodesThatNobodyHasUsed:
    WITHDRAW = re.compile(r"/kiosks/codes/[0-9a-f]+/withdraw")

    def test_each_says_where_when_and_by_whom_and_never_the_code(self, worker: Worker) -> None:
        made = CODE.search(worker.post("/kiosks/new", centre="Barton").text)
        page = words(worker.get("/kiosks").text)

        assert f"Barton 21 November 2026, 11:52 {WORKER} 28 November 2026, 11:52 Withdraw" in page
        assert made and made[0] not in page

    def test_one_that_was_used_or_has_expired_is_not_listed(self, worker: Worker, kiosk: Kiosk, clock: Clock) -> None:
        kiosk.store.create_code("Barton", clock() - timedelta(days=7))
        kiosk.store.create_code("Cowley", clock() - timedelta(days=6, hours=23))

        assert [code.centre for code in Codes(kiosk.store.engine).find_unused(clock())] == ["Cowley"]
        assert len(self.WITHDRAW.findall(worker.get("/kiosks").text)) == 1

    def test_one_that_is_withdrawn_lets_nobody_join(self, worker: Worker, hub: Engine) -> None:
        code = HubStore(hub).create_code("Barton", NOW)
        other = HubStore(hub).create_code("Cowley", NOW + timedelta(days=1))
        [withdraw, _] = self.WITHDRAW.findall(worker.get("/kiosks").text)

        for _ in range(2):
            assert worker.post(withdraw, "/kiosks").status_code == 200

        with pytest.raises(EnrolmentRefused):
            HubStore(hub).enrol(code, public_key(b"k" * 32), NOW)
        assert HubStore(hub).enrol(other, public_key(b"k" * 32), NOW)

    def test_what_names_it_in_the_address_tells_nothing_of_it(self, hub: Engine) -> None:
        code = HubStore(hub).create_code("Barton", NOW)
        [listed] = Codes(hub).find_unused(NOW)

        assert hashlib.sha256(code.replace("-", "").encode()).hexdigest()[:8] != listed.id
        with hub.begin() as connection:
            connection.exec_driver_sql("UPDATE hub_keys SET signing_key = hub_keys.team_key")
        assert Codes(hub).find_unused(NOW)[0].id != listed.id

    def test_only_a_lead_withdraws(self, app: Flask, hub: Engine) -> None:
        HubStore(hub).create_code("Barton", NOW)
        [code] = Codes(hub).find_unused(NOW)
        other = colleague(app)

        assert other.post(f"/kiosks/codes/{code.id}/withdraw", "/").status_code == 403
        assert Codes(hub).find_unused(NOW) == [code]


class TestTheList:
    def test_an_empty_one_says_so(self, worker: Worker) -> None:
        assert "No kiosk has joined yet." in worker.get("/kiosks").text

    def test_a_line_says_where_when_which_queue_and_how_the_clock_is(self, worker: Worker, kiosk: Kiosk) -> None:
        bring(kiosk, first_link())
        page = words(worker.get("/kiosks").text)

        for says in (
            "Rose Hill",
            kiosk.identity.kiosk,
            "In use",
            "21 November 2026, 11:52",
            "3 waiting",
            "2 hours ahead",
            "1.4.0",
        ):
            assert says in page

    def test_one_that_never_delivered_says_so(self, worker: Worker, kiosk: Kiosk) -> None:
        page = words(worker.get("/kiosks").text)

        assert "Not seen yet Never Not known Not known Not known" in page

    def test_only_a_lead_sees_them(self, app: Flask, worker: Worker, kiosk: Kiosk) -> None:
        other = colleague(app)

        assert "/kiosks" not in other.get("/").text
        assert other.get("/kiosks").status_code == 403


class TestOneKiosk:
    def test_it_is_revoked_when_the_question_is_answered(self, worker: Worker, kiosk: Kiosk) -> None:
        page = f"/kiosks/{kiosk.identity.kiosk}"
        asked = words(worker.get(f"{page}/revoke").text)
        before = kiosk.store.find_kiosk(kiosk.identity.kiosk)
        answer = words(worker.post(f"{page}/revoke").text)
        after = kiosk.store.find_kiosk(kiosk.identity.kiosk)

        assert "Revoke the kiosk of Rose Hill?" in asked
        assert before and not before.revoked
        assert after and after.revoked
        assert "The hub takes nothing from it." in answer

    @pytest.mark.parametrize("path", ["", "/revoke"])
    def test_one_that_never_joined_has_no_page(self, worker: Worker, path: str) -> None:
        assert worker.get(f"/kiosks/kiosk-nobody{path}").status_code == 404

    def test_a_copy_is_told_of_on_the_list_of_requests_until_it_is_settled(
        self, app: Flask, worker: Worker, kiosk: Kiosk
    ) -> None:
        copy_disk(kiosk)
        page = f"/kiosks/{kiosk.identity.kiosk}"
        told = (worker.get("/").text, colleague(app).get("/").text)
        before = words(worker.get(page).text)
        after = worker.post(f"{page}/readmit")

        assert ["A copy of a kiosk was noticed." in text for text in told] == [True, False]
        assert "1 of its requests is kept apart" in before
        assert "1 request that was kept apart is on the desk." in after.text
        assert "Kept apart" in names(worker.get("/").text)
        assert "A copy of a kiosk" not in worker.get("/").text

    def test_a_revoked_kiosk_is_told_of_while_something_of_it_is_kept_apart(self, worker: Worker, kiosk: Kiosk) -> None:
        copy_disk(kiosk)
        Fleet(kiosk.store.engine).revoke(kiosk.identity.kiosk)
        told = "A copy of a kiosk was noticed." in worker.get("/").text
        worker.post(f"/kiosks/{kiosk.identity.kiosk}/readmit")

        assert told
        assert "A copy of a kiosk was noticed." not in worker.get("/").text
