"""A stranger's guesses slow the stranger: nobody is kept from the desk by them, and many strangers get few guesses."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from kiosk.errors import SignInRefused, TooManyTries
from kiosk.hub.accounts import Accounts, name_key
from kiosk.hub.desk_tables import known_places, place_tries, sign_in_tries
from kiosk.hub.keys import make_private_key, recovery_words
from kiosk.hub.known_browser import COOKIE
from kiosk.hub.tries import AT_A_NAME, DRAWER, KNOWN_FOR, Origin, forget_tries
from tests.hub.desk.conftest import Worker
from tests.hub.desk.people import (
    CHEAP,
    COLLEAGUE,
    COLLEAGUES_PASSWORD,
    NOW,
    PASSWORD,
    WORKER,
    Clock,
    make_team,
)
from tests.hub.desk.test_recovery_pages import recover

CENTRE, HOME, STRANGER = "203.0.113.7", "198.51.100.20", "192.0.2.99"
pytestmark = pytest.mark.promise(33)


def at(app: Flask, address: str) -> Worker:
    visitor = Worker(app.test_client())
    visitor.client.environ_base["REMOTE_ADDR"] = address
    return visitor


def guess(app: Flask, name: str = WORKER, address: str = STRANGER, times: int = 4) -> list[int]:
    visitor = at(app, address)
    return [visitor.sign_in(name, "a wrong password").status_code for _ in range(times)]


class TestAStrangerAtOneAddress:
    def test_does_not_keep_the_worker_out_who_is_elsewhere(self, app: Flask, clock: Clock) -> None:
        guess(app, times=3)
        for _ in range(8):
            clock.forward(timedelta(minutes=5))
            guess(app, times=1)

        assert at(app, HOME).sign_in().status_code == 200

    def test_does_not_keep_the_worker_out_whose_address_it_shares(self, app: Flask) -> None:
        known = at(app, CENTRE)
        known.sign_in()
        known.post("/lock")

        assert guess(app, address=CENTRE)[-1] == 429
        assert known.sign_in().status_code == 200

    @pytest.mark.parametrize("leave", ["/lock", "/sign-out"])
    def test_does_not_slow_a_browser_at_its_address_that_the_worker_left(self, app: Flask, leave: str) -> None:
        known = at(app, CENTRE)
        known.sign_in()
        known.post(leave)
        guess(app, address=CENTRE)

        assert at(app, CENTRE).sign_in().status_code == 429
        assert known.sign_in().status_code == 200

    def test_cannot_make_or_borrow_the_cookie_of_a_known_browser(self, app: Flask, clock: Clock) -> None:
        colleague = at(app, STRANGER)
        colleague.sign_in(COLLEAGUE, COLLEAGUES_PASSWORD)
        colleague.post("/sign-out")
        cookie = colleague.client.get_cookie(COOKIE)
        assert cookie and cookie.http_only and cookie.same_site == "Strict"
        assert cookie.max_age == timedelta(days=30).total_seconds()
        assert COLLEAGUE not in cookie.decoded_value and name_key(COLLEAGUE) not in cookie.decoded_value
        guess(app, address=STRANGER)
        guess(app, COLLEAGUE, STRANGER)

        assert colleague.sign_in().status_code == 429  # it vouches for the colleague alone
        assert self.with_cookie(app, cookie.value).sign_in(COLLEAGUE, COLLEAGUES_PASSWORD).status_code == 200
        said, _, signature = cookie.value.rpartition(".")
        # The first letter: the last carries two bits that decode to nothing, and may be another for the same signature.
        changed = ("B" if signature[0] == "A" else "A") + signature[1:]
        for forged in ("", "x", f"{said}.{changed}", "W10.x"):
            assert self.with_cookie(app, forged).sign_in(COLLEAGUE, COLLEAGUES_PASSWORD).status_code == 429

    def test_is_slowed_with_a_cookie_as_old_as_thirty_days(self, app: Flask, clock: Clock) -> None:
        known = at(app, STRANGER)
        known.sign_in()
        clock.forward(timedelta(days=30))
        guess(app)

        assert known.sign_in().status_code == 429

    def with_cookie(self, app: Flask, value: str) -> Worker:
        visitor = at(app, STRANGER)
        visitor.client.set_cookie(COOKIE, value)
        return visitor

    def test_slows_nobodys_change_of_their_own_password(self, app: Flask) -> None:
        mine = at(app, CENTRE)
        mine.sign_in()
        guess(app)
        guess(app, address=CENTRE)

        changed = mine.post("/account/password", "/account", old=PASSWORD, new="pencil orchard friday")

        assert "Your password is changed" in changed.text

    def test_does_not_keep_the_paper_key_from_opening_the_desk(self, app: Flask) -> None:
        stranger = at(app, "127.0.0.2")  # over https the page is open to any address
        guesses = [recover(stranger, old=recovery_words(make_private_key())).status_code for _ in range(4)]

        assert guesses == [403] * 3 + [429]
        assert recover(at(app, "127.0.0.1")).status_code == 200


class TestManyStrangers:
    """Guesses at one name, each from an address of its own."""

    @pytest.fixture
    def accounts(self, engine: Engine) -> Accounts:
        return Accounts(make_team(engine), CHEAP)

    def tried(self, accounts: Accounts, number: int, minutes: float = 0) -> bool:
        """Tell whether a guess from one more address is looked at."""
        origin = Origin(f"2001:db8:{number:x}::1")
        try:
            accounts.open(WORKER, "a wrong password", NOW + timedelta(minutes=minutes), origin)
        except SignInRefused as why:
            return not isinstance(why, TooManyTries)
        raise AssertionError("the wrong password was right")

    def slow(self, engine: Engine, tries: int = 106, next_at: datetime = NOW + AT_A_NAME.longest) -> None:
        """Bring the count of a name to where so many strangers would; by default to its longest wait."""
        row = {"name_key": name_key(WORKER)[:DRAWER], "tries": tries, "next_at": next_at}
        with engine.begin() as connection:
            connection.execute(sign_in_tries.delete())
            connection.execute(sign_in_tries.insert().values(row))

    def test_get_a_hundred_guesses_and_then_two_a_minute(self, accounts: Accounts, engine: Engine) -> None:
        self.slow(engine, tries=95, next_at=NOW)

        assert [self.tried(accounts, number) for number in range(7)] == [True] * 5 + [False] * 2
        looked_at = [self.tried(accounts, 100 + tenth, 10 + tenth / 10) for tenth in range(50)]
        assert sum(looked_at[25:]) == 5  # of two and a half minutes

    def test_do_not_slow_an_address_that_the_worker_was_in_from(self, accounts: Accounts, engine: Engine) -> None:
        accounts.open(WORKER, PASSWORD, NOW, Origin(HOME))
        self.slow(engine)

        assert accounts.open(WORKER, PASSWORD, NOW, Origin(HOME)).worker.name == WORKER
        for other in (Origin(CENTRE), Origin("")):
            with pytest.raises(TooManyTries):
                accounts.open(WORKER, PASSWORD, NOW, other)

    def test_do_not_slow_a_browser_or_a_colleague(self, accounts: Accounts, engine: Engine) -> None:
        self.slow(engine)

        assert accounts.open(WORKER, PASSWORD, NOW, Origin(CENTRE, is_known_browser=True))
        assert accounts.open(COLLEAGUE, COLLEAGUES_PASSWORD, NOW, Origin(CENTRE))

    def test_are_not_forgiven_when_the_worker_comes_in(self, accounts: Accounts, engine: Engine) -> None:
        self.slow(engine)
        later = NOW + timedelta(minutes=1)
        accounts.open(WORKER, PASSWORD, later, Origin(HOME))

        assert self.tried(accounts, 1, 1)
        assert not self.tried(accounts, 2, 1)

    def test_a_known_address_is_slowed_by_its_own_guesses(self, accounts: Accounts) -> None:
        accounts.open(WORKER, PASSWORD, NOW, Origin(HOME))
        for _ in range(3):
            with pytest.raises(SignInRefused):
                accounts.open(WORKER, "a wrong password", NOW, Origin(HOME))

        with pytest.raises(TooManyTries):
            accounts.open(WORKER, PASSWORD, NOW, Origin(HOME))

    def test_an_address_is_known_for_thirty_days_and_kept_as_a_hash(self, accounts: Accounts, engine: Engine) -> None:
        accounts.open(WORKER, PASSWORD, NOW, Origin(HOME))
        forget_tries(engine, NOW + KNOWN_FOR - timedelta(seconds=1))
        before = self.kept(engine)
        forget_tries(engine, NOW + KNOWN_FOR + timedelta(seconds=1))

        assert len(before) == 1
        assert HOME not in str(before) and WORKER not in str(before)
        assert self.kept(engine) == []

    def test_a_wait_is_counted_by_no_other_count(self, accounts: Accounts, engine: Engine) -> None:
        self.slow(engine)

        assert not self.tried(accounts, 1)
        with engine.connect() as connection:
            assert connection.execute(select(place_tries)).all() == []

    def kept(self, engine: Engine) -> list[tuple[object, ...]]:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(select(known_places))]
