"""Promise 33 by network address: guesses are slowed, nobody is locked out, and no address is kept."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from kiosk.callbacks import wire
from kiosk.callbacks.seal import public_key, sign
from kiosk.errors import EnrolmentRefused, SignInRefused, TooManyTries
from kiosk.hub.desk_tables import address_tries
from kiosk.hub.intake import register_intake
from kiosk.hub.serving import upkeep
from kiosk.hub.store import HubStore
from kiosk.hub.tries import forget_tries, try_from
from kiosk.settings import Settings
from tests.callbacks.samples import KIOSK_KEY, NOON
from tests.processes import wait_until

CENTRE, HOME = "203.0.113.7", "198.51.100.20"
SECOND = timedelta(seconds=1)
HALF_A_MINUTE = timedelta(seconds=30)


def guess(store: HubStore, address: str | None = CENTRE, at: datetime = NOON) -> None:
    """Guess wrong, from an address that is not slowed yet."""
    with pytest.raises(SignInRefused) as why, try_from(store.engine, address, at):
        raise SignInRefused("wrong")
    assert not isinstance(why.value, TooManyTries)


def wait_told(store: HubStore, address: str = CENTRE, at: datetime = NOON) -> int:
    """Return how many seconds this address has to wait; 0 if it may try."""
    try:
        with try_from(store.engine, address, at):
            return 0
    except TooManyTries as why:
        return why.seconds


def slow(store: HubStore, address: str = CENTRE) -> None:
    for _ in range(30):
        guess(store, address)


def kept(store: HubStore) -> list[tuple[object, ...]]:
    with store.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(address_tries))]


def test_thirty_wrong_tries_are_free_then_the_waits_grow_to_half_a_minute_and_no_more(store: HubStore) -> None:
    slow(store)
    waits, now = [], NOON
    for _ in range(8):
        waits.append(wait_told(store, at=now) - 1)
        now += timedelta(seconds=waits[-1])
        guess(store, at=now)

    assert waits == [2, 4, 8, 16, 30, 30, 30, 30]


def test_another_address_is_not_slowed(store: HubStore) -> None:
    slow(store)

    assert wait_told(store) > 0
    assert wait_told(store, HOME) == 0


def test_a_right_try_counts_for_nothing_and_forgives_nothing(store: HubStore) -> None:
    for _ in range(29):
        guess(store)
    for _ in range(3):
        assert wait_told(store) == 0
    guess(store)

    assert wait_told(store) > 0
    assert wait_told(store, at=NOON + HALF_A_MINUTE) == 0


@pytest.mark.parametrize(
    "one, other, same",
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),  # one household's
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("203.0.113.7", "::ffff:203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
    ],
)
def test_what_one_household_has_is_one_address(store: HubStore, one: str, other: str, same: bool) -> None:
    guess(store, one)
    guess(store, other)

    assert len(kept(store)) == (1 if same else 2)


@pytest.mark.parametrize("address", [None, "", "unix:", "fe80::1%eth0"])
def test_an_address_of_another_kind_is_counted_as_well(store: HubStore, address: str | None) -> None:
    guess(store, address)

    assert len(kept(store)) == 1


def test_no_address_is_kept_and_another_hub_would_keep_it_otherwise(store: HubStore) -> None:
    guess(store)
    [(key, *_)] = kept(store)
    forget_tries(store.engine, NOON + timedelta(hours=2))
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE hub_keys SET signing_key = hub_keys.team_key")
    guess(store)
    [(elsewhere, *_)] = kept(store)

    assert CENTRE not in str(key)
    assert key != elsewhere


@pytest.mark.promise(17)
def test_a_clock_that_was_far_ahead_and_is_put_right_locks_nobody_out(store: HubStore) -> None:
    far_ahead = datetime(2099, 12, 31, tzinfo=UTC)
    guess(store, at=far_ahead)
    assert wait_told(store, HOME, at=far_ahead) == 0

    assert [wait_told(store, address) for address in (CENTRE, HOME)] == [0, 0]


def test_an_hour_after_the_last_wrong_try_nothing_is_known(store: HubStore) -> None:
    guess(store)
    forget_tries(store.engine, NOON + timedelta(minutes=59))
    assert len(kept(store)) == 1
    forget_tries(store.engine, NOON + timedelta(hours=1) + SECOND)

    assert kept(store) == []


class TestCodes:
    """An enrolment code, guessed over the network."""

    @pytest.fixture
    def app(self, store: HubStore) -> Flask:
        app = Flask("hub")
        self.now = NOON
        register_intake(app, store, lambda: self.now)
        return app

    @pytest.fixture
    def codes(self) -> Iterator[str]:
        return (f"2222-{number:04}" for number in count())

    def join(self, app: Flask, code: str, address: str = CENTRE) -> tuple[int, str]:
        wish = wire.EnrolRequest(1, code, public_key(KIOSK_KEY), sign("enrolment", code.encode(), KIOSK_KEY))
        answer = app.test_client().post(
            "/api/v1/enrol",
            data=wire.encode(wish),
            content_type="application/json",
            environ_base={"REMOTE_ADDR": address},
        )
        return answer.status_code, answer.headers.get("Retry-After", "")

    def test_are_slowed_even_the_right_one(self, app: Flask, store: HubStore, codes: Iterator[str]) -> None:
        right = store.create_code("rose-hill", NOON)
        answers = [self.join(app, next(codes)) for _ in range(32)]

        assert [status for status, _ in answers] == [403] * 30 + [429] * 2
        assert answers[-1] == self.join(app, right) == (429, "3")
        self.now = NOON + timedelta(seconds=3)
        assert self.join(app, right)[0] == 200

    def test_are_not_slowed_at_another_address(self, app: Flask, store: HubStore) -> None:
        slow(store)

        assert self.join(app, store.create_code("rose-hill", NOON), HOME)[0] == 200

    def test_what_is_no_message_is_no_guess(self, app: Flask, store: HubStore) -> None:
        for _ in range(40):
            app.test_client().post("/api/v1/enrol", data=b"{}", content_type="application/json")

        assert kept(store) == []


def test_a_block_that_ends_in_any_error_counts(store: HubStore) -> None:
    for _ in range(30):
        with suppress(EnrolmentRefused), try_from(store.engine, CENTRE, NOON):
            raise EnrolmentRefused("This code is wrong, used or expired.")

    assert wait_told(store) > 0


def test_many_at_once_get_no_more_than_one_by_one(store: HubStore) -> None:
    def may_try(_number: int) -> bool:
        try:
            with try_from(store.engine, CENTRE, NOON):
                raise SignInRefused("wrong")
        except SignInRefused as why:
            return not isinstance(why, TooManyTries)

    with ThreadPoolExecutor(8) as many:
        assert sum(many.map(may_try, range(60))) == 30


def test_a_hub_that_serves_forgets_addresses_by_itself(store: HubStore, tmp_path: Path) -> None:
    guess(store, at=datetime.now(UTC) - timedelta(minutes=90))

    with upkeep(store.engine, Settings(data=tmp_path)):
        wait_until(lambda: not kept(store))
