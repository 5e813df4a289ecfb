"""All passwords are lost: what the paper key does at the desk, and what a wrong one does."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from kiosk.hub.keys import make_private_key, public_half, read_recovery_words, recovery_words
from kiosk.hub.people import People
from kiosk.hub.store import HubStore
from tests.hub.desk.conftest import Worker
from tests.hub.desk.people import COLLEAGUE, PASSWORD, TEAM, WORKER, Clock, Kiosk
from tests.hub.desk.reading import names, words

PAPER = recovery_words(TEAM.recovery_key)
LEAD, NEW = "P. Reed", "pencil orchard friday"


def shown(page: str) -> str:
    """The new recovery key that the page shows."""
    found = re.search(r'name="shown" value="([^"]+)"', page)
    assert found
    return found[1]


def recover(visitor: Worker, **fields: str) -> TestResponse:
    """Fill in the form as somebody does who has the paper, but for `fields`."""
    words = shown(visitor.get("/recover").text)
    typed = {"shown": words, "old": PAPER, "new": words.lower(), "name": LEAD, "password": NEW}
    return visitor.post("/recover", "/recover", **(typed | fields))


def test_the_paper_key_opens_the_desk_for_a_new_lead_who_reads_what_waits(
    visitor: Worker, kiosk: Kiosk, hub: Engine
) -> None:
    kiosk.leave("Amina")
    answer = recover(visitor)
    visitor.sign_in(LEAD, NEW)

    assert "P. Reed can sign in with the new password, and nobody else." in answer.text
    assert names(visitor.get("/").text) == ["Amina"]
    assert [member.worker.name for member in People(hub).find()] == [LEAD]


def test_the_key_that_was_shown_is_the_paper_of_the_next_time_and_the_old_one_is_worth_nothing(
    visitor: Worker, hub: Engine
) -> None:
    page = visitor.get("/recover").text
    new = shown(page)
    recover(visitor, shown=new, new=new)
    again = recover(visitor, old=PAPER)

    assert new.replace("-", "") in words(page).replace("-", "").replace(" ", "")
    assert public_half(read_recovery_words(new)) == HubStore(hub).get_keys().recovery_key
    assert again.status_code == 403
    assert "Look for the paper of latest date." in again.text


def test_everybody_else_is_shut_out_at_once(app: Flask, worker: Worker) -> None:
    recover(Worker(app.test_client()))

    assert worker.get("/").status_code == 303
    assert worker.sign_in().status_code == 403


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"old": "AAAA"}, "a letter of it is wrong"),
        ({"new": "AAAA"}, "a letter of it is wrong"),
        ({"new": recovery_words(b"x" * 32)}, "This is another key than the one shown."),
        ({"shown": "nonsense"}, "a letter of it is wrong"),
        ({"name": " "}, "A worker&#39;s name has 1 to 60 characters."),
        ({"password": "too short"}, "at least 10"),
        ({"password": "qwertyuiop"}, "one of the first that somebody would try"),
    ],
)
def test_what_is_wrong_in_the_form_is_said_and_changes_nothing(
    visitor: Worker, hub: Engine, fields: dict[str, str], says: str
) -> None:
    before = HubStore(hub).get_keys()
    answer = recover(visitor, **fields)

    assert answer.status_code == 400
    assert says in answer.text
    assert NEW not in answer.text
    assert HubStore(hub).get_keys() == before
    assert {member.worker.name for member in People(hub).find()} == {WORKER, COLLEAGUE}


def test_the_same_new_key_is_asked_for_again(visitor: Worker) -> None:
    new = shown(visitor.get("/recover").text)

    assert shown(recover(visitor, shown=new, new=new, password="").text) == new


def test_guesses_are_slowed_and_the_right_key_opens_after_the_wait(visitor: Worker, hub: Engine, clock: Clock) -> None:
    before = HubStore(hub).get_keys()
    guesses = [recover(visitor, old=recovery_words(make_private_key())).status_code for _ in range(4)]
    too_soon = recover(visitor).status_code
    unchanged = HubStore(hub).get_keys() == before
    clock.forward(timedelta(minutes=1))

    assert (guesses, too_soon, unchanged) == ([403, 403, 403, 429], 429, True)
    assert recover(visitor).status_code == 200


def test_a_form_that_is_filled_in_badly_is_no_guess(visitor: Worker) -> None:
    assert [recover(visitor, old="AAAA").status_code for _ in range(5)] == [400] * 5


def test_no_key_goes_through_a_network_in_the_clear(app: Flask, visitor: Worker) -> None:
    abroad = {"REMOTE_ADDR": "192.0.2.7"}
    plain = app.test_client().get("/recover", environ_base=abroad)
    over_https = app.test_client().get("/recover", environ_base=abroad, base_url="https://localhost")
    token = visitor.token("/recover")
    posted = visitor.client.post("/recover", data={"csrf_token": token, "old": PAPER}, environ_base=abroad)

    assert (plain.status_code, over_https.status_code, posted.status_code) == (403, 200, 403)
    assert "kiosk hub recover" in plain.text
    assert 'name="old"' not in plain.text


def test_no_key_and_no_password_is_in_the_hubs_log(visitor: Worker, caplog: pytest.LogCaptureFixture) -> None:
    recover(visitor, old=recovery_words(make_private_key()))
    recover(visitor)

    assert "The desk was opened with the recovery key." in caplog.text
    for secret in (PAPER, NEW, LEAD, PASSWORD):
        assert secret not in caplog.text
