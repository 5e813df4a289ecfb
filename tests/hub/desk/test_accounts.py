from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from kiosk.errors import AccountFaulty, SignInRefused, TooManyTries
from kiosk.hub import keys
from kiosk.hub.accounts import Accounts, check_new_password
from kiosk.hub.desk_tables import place_tries, sign_in_tries, workers
from kiosk.hub.roles import Role
from kiosk.hub.store import HubStore
from kiosk.hub.tries import AT_A_NAME_FROM_A_PLACE, Origin
from tests.hub.desk.people import CHEAP, NOW, PASSWORD, TEAM, WORKER, add_worker
from tests.processes import PATIENCE


@pytest.fixture
def accounts(engine: Engine) -> Accounts:
    HubStore(engine).save_keys(TEAM.public)
    add_worker(engine, WORKER)
    return Accounts(engine, CHEAP)


def fail(accounts: Accounts, name: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefused):
            accounts.open(name, "a wrong password", NOW)


@pytest.mark.promise(33)
def test_strangers_who_guess_all_at_once_leave_a_thread_for_kiosks_and_known_places_their_turn(
    engine: Engine, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, go_on = threading.Semaphore(0), threading.Event()

    def takes_long(_wrapped: keys.WrappedKey, _password: str) -> keys.Unwrapped:
        waiting.release()
        assert go_on.wait(PATIENCE)
        raise SignInRefused("no")

    def guess(number: int) -> type[Exception]:
        return type(_refusal(accounts, f"x{number}", Origin(f"2001:db8:{number}::1")))

    accounts.open(WORKER, PASSWORD, NOW, Origin("203.0.113.7"))
    known = Origin("203.0.113.7"), Origin("2001:db8::1", is_known_browser=True)
    monkeypatch.setattr("kiosk.hub.accounts.unwrap", takes_long)
    with ThreadPoolExecutor(5) as strangers:
        first = [strangers.submit(guess, number) for number in range(3)]
        assert all(waiting.acquire(timeout=PATIENCE) for _ in first)
        more = [guess(number) for number in range(3, 9)]
        let_in = [strangers.submit(_refusal, accounts, WORKER, origin) for origin in known]
        assert all(waiting.acquire(timeout=PATIENCE) for _ in known)
        go_on.set()

    assert more == [TooManyTries] * 6
    assert {one.result() for one in first} == {type(one.result()) for one in let_in} == {SignInRefused}
    assert guess(3) is SignInRefused
    with engine.connect() as connection:
        assert max(connection.execute(select(place_tries.c.tries)).scalars()) == 1  # who was sent away was not counted


def _refusal(accounts: Accounts, name: str, origin: Origin) -> Exception:
    with pytest.raises((SignInRefused, TooManyTries)) as why:
        accounts.open(name, "a wrong password", NOW, origin)
    return why.value


class TestSigningIn:
    def test_name_and_password_open_the_teams_key(self, accounts: Accounts) -> None:
        opened = accounts.open(WORKER, PASSWORD, NOW)

        assert opened.team_key == TEAM.team_key
        assert (opened.worker.name, opened.worker.role) == (WORKER, Role.WORKER)

    def test_the_case_and_spaces_of_a_name_do_not_matter(self, accounts: Accounts) -> None:
        assert accounts.open("  j.   OKAFOR ", PASSWORD, NOW).worker.name == WORKER

    @pytest.mark.parametrize("name", ["Nobody", "", "\0", "\ud800", "x" * 100_000])
    @pytest.mark.promise(33)
    def test_a_name_that_nobody_has_gets_the_same_answer_as_a_wrong_password(
        self, accounts: Accounts, name: str
    ) -> None:
        with pytest.raises(SignInRefused) as wrong_password:
            accounts.open(WORKER, "a wrong password", NOW)
        with pytest.raises(SignInRefused) as wrong_name:
            accounts.open(name, PASSWORD, NOW)

        assert str(wrong_name.value) == str(wrong_password.value)

    @pytest.mark.promise(33)
    def test_a_name_that_nobody_has_costs_the_same_work_as_a_wrong_password(
        self, accounts: Accounts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        work, spend = list[tuple[int, ...]](), keys.argon2id.kdf

        def spend_and_tell(size: int, password: bytes, salt: bytes, passes: int, memory: int) -> bytes:
            work.append((len(password), len(salt), passes, memory))
            return spend(size, password, salt, passes, memory)

        monkeypatch.setattr(keys.argon2id, "kdf", spend_and_tell)
        for name in (WORKER, "Nobody"):
            fail(accounts, name, 1)

        assert work == [(len(b"a wrong password"), 16, CHEAP.passes, CHEAP.memory)] * 2

    def test_a_password_of_any_length_is_answered(self, accounts: Accounts) -> None:
        with pytest.raises(SignInRefused):
            accounts.open(WORKER, "x" * 1_000_000, NOW)


class TestSlowing:
    def test_three_tries_are_free_and_the_waits_double_up_to_five_minutes(self) -> None:
        waits = [AT_A_NAME_FROM_A_PLACE.wait_after(tries).total_seconds() for tries in range(1, 12)]

        assert waits == [0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 300]
        assert AT_A_NAME_FROM_A_PLACE.wait_after(10_000) == AT_A_NAME_FROM_A_PLACE.longest

    @pytest.mark.parametrize("name", [WORKER, "Nobody"])
    @pytest.mark.promise(33)
    def test_the_fourth_try_in_a_row_must_wait_whether_the_name_is_known_or_not(
        self, accounts: Accounts, name: str
    ) -> None:
        fail(accounts, name, 3)

        with pytest.raises(TooManyTries) as why:
            accounts.open(name, PASSWORD, NOW)
        assert why.value.seconds == 3

    @pytest.mark.promise(17)
    def test_a_wait_that_a_wrong_clock_set_is_no_wait_once_it_is_put_right(self, accounts: Accounts) -> None:
        with pytest.raises(SignInRefused):
            accounts.open(WORKER, "a wrong password", NOW + timedelta(days=365 * 50))

        assert accounts.open(WORKER, PASSWORD, NOW).worker.name == WORKER

    def test_the_right_password_works_after_the_wait_and_makes_the_tries_free_again(self, accounts: Accounts) -> None:
        fail(accounts, WORKER, 3)
        later = NOW + timedelta(seconds=3)
        accounts.open(WORKER, PASSWORD, later)

        accounts.open(WORKER, PASSWORD, later)

    def test_tries_at_another_name_do_not_slow_mine(self, accounts: Accounts) -> None:
        fail(accounts, "Nobody", 3)

        accounts.open(WORKER, PASSWORD, NOW)

    def test_tries_at_the_same_moment_get_no_more_guesses(self, accounts: Accounts, engine: Engine) -> None:
        looked_at: list[SignInRefused] = []

        def guess() -> None:
            try:
                Accounts(engine, CHEAP).open(WORKER, "a wrong password", NOW)
            except SignInRefused as why:
                looked_at.append(why)

        threads = [threading.Thread(target=guess) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(looked_at) == 12
        assert sum(not isinstance(why, TooManyTries) for why in looked_at) <= 3

    def test_what_was_tried_is_kept_neither_as_name_nor_password(self, accounts: Accounts, engine: Engine) -> None:
        _refusal(accounts, "my password by mistake", Origin("192.0.2.1"))

        with engine.connect() as connection:
            kept = [row.name_key for table in (place_tries, sign_in_tries) for row in connection.execute(select(table))]
        # Of a whole hash a copy of the database would let anybody try passwords as fast as they can count.
        assert len(kept) == 2 and {len(key) for key in kept} == {3}

    def test_tries_of_yesterday_are_forgotten(self, accounts: Accounts, engine: Engine) -> None:
        fail(accounts, "Nobody", 1)
        accounts.open(WORKER, PASSWORD, NOW + timedelta(days=2))

        with engine.connect() as connection:
            assert list(connection.execute(select(place_tries))) == []


class TestAdding:
    def test_two_workers_have_the_same_team_key_under_two_passwords(self, accounts: Accounts, engine: Engine) -> None:
        add_worker(engine, "D. Patel", "velvet ladder tuesday")

        assert accounts.open("D. Patel", "velvet ladder tuesday", NOW).team_key == TEAM.team_key
        with engine.connect() as connection:
            boxes = connection.execute(select(workers.c.wrapped_key)).scalars().all()
        assert len(set(boxes)) == 2

    @pytest.mark.parametrize("name", [WORKER, "j. okafor ", "", "  ", "x" * 61, "two\nlines"])
    def test_a_name_that_is_taken_or_faulty_is_refused(self, accounts: Accounts, engine: Engine, name: str) -> None:
        with pytest.raises(AccountFaulty):
            add_worker(engine, name)

    @pytest.mark.parametrize("password", ["1234567890", "qwertyuiop", "password12", "P@ssword2026", "a" * 200])
    def test_a_password_that_is_tried_first_is_refused_and_three_words_are_not(self, password: str) -> None:
        with pytest.raises(AccountFaulty, match="one of the first"):
            check_new_password(password)

        check_new_password("heron basket sunday")

    def test_a_password_of_nine_characters_is_too_short(self, engine: Engine) -> None:
        with pytest.raises(AccountFaulty, match="at least 10"):
            add_worker(engine, "D. Patel", "123456789")
