from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, select

from kiosk.errors import SignInRefused
from kiosk.hub.accounts import Accounts, replace_box
from kiosk.hub.desk_tables import sessions as table
from kiosk.hub.keys import wrap
from kiosk.hub.people import forget_worker
from kiosk.hub.roles import Opened
from kiosk.hub.sessions import Sessions, end_idle
from kiosk.hub.store import HubStore
from tests.hub.desk.people import CHEAP, NOW, PASSWORD, TEAM, WORKER, add_worker

IDLE = timedelta(minutes=10)


@pytest.fixture
def opened(engine: Engine) -> Opened:
    HubStore(engine).save_keys(TEAM.public)
    add_worker(engine, WORKER)
    return Accounts(engine, CHEAP).open(WORKER, PASSWORD, NOW)


@pytest.fixture
def sessions(engine: Engine) -> Sessions:
    return Sessions(engine, IDLE)


def test_a_token_brings_back_the_worker_and_the_teams_key(sessions: Sessions, opened: Opened) -> None:
    here = sessions.find(sessions.start(opened, NOW), NOW)

    assert here is not None
    assert (here.worker, here.team_key) == (opened.worker, TEAM.team_key)


def test_another_process_knows_the_token_as_well(sessions: Sessions, opened: Opened, engine: Engine) -> None:
    token = sessions.start(opened, NOW)

    assert Sessions(engine, IDLE).find(token, NOW) is not None


def test_the_table_holds_neither_the_token_nor_the_key(sessions: Sessions, opened: Opened, engine: Engine) -> None:
    token = sessions.start(opened, NOW)

    with engine.connect() as connection:
        row = connection.execute(select(table)).one()
    assert token not in str(tuple(row))
    assert TEAM.team_key not in row.sealed_key


def test_a_token_that_was_never_given_finds_nobody(sessions: Sessions, opened: Opened) -> None:
    sessions.start(opened, NOW)

    assert sessions.find("a guess", NOW) is None


def test_ten_minutes_without_a_click_lock_the_desk_for_good(sessions: Sessions, opened: Opened) -> None:
    token = sessions.start(opened, NOW)

    assert sessions.find(token, NOW + IDLE + timedelta(seconds=1)) is None
    assert sessions.find(token, NOW) is None


def test_each_click_starts_the_ten_minutes_again(sessions: Sessions, opened: Opened) -> None:
    token = sessions.start(opened, NOW)

    for minutes in (9, 18, 27):
        assert sessions.find(token, NOW + timedelta(minutes=minutes)) is not None


def test_a_clock_that_jumps_back_a_day_locks_the_desk(sessions: Sessions, opened: Opened) -> None:
    token = sessions.start(opened, NOW)

    assert sessions.find(token, NOW - timedelta(days=1)) is None


def test_lock_destroys_the_row(sessions: Sessions, opened: Opened, engine: Engine) -> None:
    sessions.end(sessions.start(opened, NOW))

    with engine.connect() as connection:
        assert list(connection.execute(select(table))) == []


def test_what_was_left_open_is_cleared_when_somebody_else_signs_in(
    sessions: Sessions, opened: Opened, engine: Engine
) -> None:
    sessions.start(opened, NOW)
    sessions.start(opened, NOW + timedelta(hours=1))

    with engine.connect() as connection:
        assert len(list(connection.execute(select(table)))) == 1


def test_what_was_left_open_ends_though_nobody_signs_in_and_what_is_in_use_does_not(
    sessions: Sessions, opened: Opened, engine: Engine
) -> None:
    for used_at in (NOW - timedelta(minutes=11), NOW + timedelta(days=1)):
        sessions.start(opened, used_at)
    token = sessions.start(opened, NOW - timedelta(minutes=9))
    end_idle(engine, timedelta(minutes=10), NOW)

    with engine.connect() as connection:
        assert len(connection.execute(select(table)).all()) == 1
    assert sessions.find(token, NOW)


class TestAPasswordThatIsChangedMeanwhile:
    NEW = "pencil orchard friday"

    def test_a_sign_in_with_the_old_one_that_comes_after_it_is_refused(
        self, sessions: Sessions, opened: Opened, engine: Engine
    ) -> None:
        Accounts(engine, CHEAP).change_password(WORKER, PASSWORD, self.NEW, NOW)

        with pytest.raises(SignInRefused):
            sessions.start(opened, NOW)
        with engine.connect() as connection:
            assert list(connection.execute(select(table))) == []

    def test_a_sign_in_that_is_trying_the_old_one_is_refused(self, opened: Opened, engine: Engine) -> None:
        changed: list[str] = []

        def change_once(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            # The old password has been found right by now: what the worker may see is looked up next.
            if "FROM worker_centres" in statement and not changed:
                changed.append(statement)
                Accounts(engine, CHEAP).change_password(WORKER, PASSWORD, self.NEW, NOW)

        event.listen(engine, "before_cursor_execute", change_once)
        with pytest.raises(SignInRefused):
            Accounts(engine, CHEAP).open(WORKER, PASSWORD, NOW)

        assert changed

    def test_of_two_new_ones_at_once_the_first_counts(self, opened: Opened, engine: Engine) -> None:
        wrapped = [wrap(opened.team_key, word, CHEAP) for word in ("first", "second")]
        with engine.begin() as connection:
            took = [replace_box(connection, opened.worker.id, opened.box, each) for each in wrapped]

        assert took == [True, False]

    def test_who_was_removed_meanwhile_is_refused(self, sessions: Sessions, opened: Opened, engine: Engine) -> None:
        with engine.begin() as connection:
            forget_worker(connection, opened.worker.id, WORKER)

        with pytest.raises(SignInRefused):
            sessions.start(opened, NOW)
