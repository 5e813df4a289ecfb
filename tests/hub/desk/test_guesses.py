"""Promise 33 at the pages: passwords and codes that are guessed wait, and nobody is shut out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.hub.desk.conftest import Worker
from tests.hub.desk.people import COLLEAGUE, COLLEAGUES_PASSWORD, WORKER, Clock


class TestWrongPasswords:
    @pytest.mark.parametrize("name", [WORKER, "Nobody"])
    @pytest.mark.promise(33)
    def test_twenty_in_a_row_are_slowed_and_never_an_error(self, visitor: Worker, name: str) -> None:
        answers = [visitor.sign_in(name, "a wrong password") for _ in range(20)]

        assert [answer.status_code for answer in answers] == [403] * 3 + [429] * 17
        assert "Wait 3 seconds" in answers[-1].text

    @pytest.mark.promise(33)
    def test_a_wrong_name_gets_the_same_page_as_a_wrong_password(self, app: Flask) -> None:
        pages = [
            Worker(app.test_client()).sign_in(name, "a wrong password").text.replace(name, "NAME")
            for name in (WORKER, "Nobody Known")
        ]
        plain = [page.split('<form action="/sign-in"')[0] + page.split('for="name"')[1] for page in pages]

        assert plain[0] == plain[1]

    @pytest.mark.promise(33)
    def test_the_right_password_after_the_wait_opens_the_desk(self, visitor: Worker, clock: Clock) -> None:
        for _ in range(4):
            visitor.sign_in(password="a wrong password")
        clock.forward(timedelta(seconds=3))

        assert "<h1" in visitor.sign_in().text
        assert visitor.get("/").status_code == 200

    def test_nothing_at_all_is_answered_like_a_wrong_password(self, visitor: Worker) -> None:
        assert visitor.post("/sign-in", "/sign-in").status_code == 403


class TestGuessesFromOneAddress:
    CENTRE, HOME = "203.0.113.7", "198.51.100.20"

    def at(self, app: Flask, address: str) -> Worker:
        visitor = Worker(app.test_client())
        visitor.client.environ_base["REMOTE_ADDR"] = address
        return visitor

    def guess(self, app: Flask, names: int) -> list[TestResponse]:
        """Try one password on so many names: no name is slowed by that, the address is."""
        visitor = self.at(app, self.CENTRE)
        return [visitor.sign_in(f"Worker {number}", "heron basket monday") for number in range(names)]

    def test_are_slowed_in_plain_words_after_thirty(self, app: Flask) -> None:
        answers = self.guess(app, 32)

        assert [answer.status_code for answer in answers] == [403] * 30 + [429] * 2
        assert "There were too many tries. Wait 3 seconds, then try again." in answers[-1].text
        assert answers[-1].headers["Retry-After"] == "3"

    def test_a_name_that_there_is_and_one_that_there_is_not_are_slowed_alike(self, app: Flask) -> None:
        self.guess(app, 30)
        answers = [self.at(app, self.CENTRE).sign_in(name) for name in (WORKER, "Nobody Known")]

        assert [answer.status_code for answer in answers] == [429, 429]
        # But for the name that was typed, and the form's own token.
        assert len({re.sub(r'value="[^"]*"', "", answer.text) for answer in answers}) == 1

    def test_slow_nobody_elsewhere(self, app: Flask) -> None:
        self.guess(app, 31)

        assert self.at(app, self.HOME).sign_in().status_code == 200

    def test_slow_a_colleague_there_for_half_a_minute_at_most(self, app: Flask, clock: Clock) -> None:
        self.guess(app, 30)
        for _ in range(8):
            clock.forward(timedelta(seconds=30))
            self.guess(app, 1)
        clock.forward(timedelta(seconds=30))

        assert self.at(app, self.CENTRE).sign_in().status_code == 200

    def test_do_not_slow_a_browser_that_the_worker_was_in_before(self, app: Flask) -> None:
        known = self.at(app, self.CENTRE)
        known.sign_in()
        known.post("/lock")
        self.guess(app, 31)

        assert known.sign_in(COLLEAGUE, COLLEAGUES_PASSWORD).status_code == 429
        assert known.sign_in().status_code == 200
