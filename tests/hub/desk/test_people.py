"""Who is in the team, and what their passwords open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine, select

from kiosk.errors import AccountFaulty, RoleRefused, SignInRefused, TooManyTries
from kiosk.hub.accounts import Accounts
from kiosk.hub.case import CaseState
from kiosk.hub.cases import Cases
from kiosk.hub.desk_tables import workers
from kiosk.hub.people import People, appoint_lead
from kiosk.hub.roles import Opened, Role, Worker
from kiosk.hub.sessions import Sessions
from tests.hub.desk.people import (
    CHEAP,
    COLLEAGUE,
    COLLEAGUES_PASSWORD,
    NOW,
    PASSWORD,
    TEAM,
    WORKER,
    Clock,
    make_kiosk,
    make_team,
)

NEW = "pencil orchard friday"


@pytest.fixture
def team(engine: Engine) -> Engine:
    """A hub of each kind with a lead and a worker."""
    return make_team(engine)


@pytest.fixture
def accounts(team: Engine) -> Accounts:
    return Accounts(team, CHEAP)


@pytest.fixture
def people(team: Engine) -> People:
    return People(team, CHEAP)


@pytest.fixture
def sessions(team: Engine) -> Sessions:
    return Sessions(team, timedelta(minutes=10))


@pytest.fixture
def lead(accounts: Accounts) -> Opened:
    return accounts.open(WORKER, PASSWORD, NOW)


class TestRoles:
    @pytest.mark.parametrize(
        ("role", "centres", "sees"),
        [
            (Role.WORKER, (), True),
            (Role.WORKER, ("Rose Hill",), True),
            (Role.WORKER, ("Barton",), False),
            (Role.LEAD, ("Barton",), True),
            (Role.PUBLISHER, (), False),
            (Role.PUBLISHER, ("Rose Hill",), False),
        ],
    )
    def test_who_sees_the_requests_of_rose_hill(self, role: Role, centres: tuple[str, ...], sees: bool) -> None:
        assert Worker(1, "M. Silva", role, centres).may_see("Rose Hill") is sees

    def test_the_first_worker_leads_and_the_next_does_not(self, people: People) -> None:
        assert [(each.worker.name, each.worker.role) for each in people.find()] == [
            (COLLEAGUE, Role.WORKER),
            (WORKER, Role.LEAD),
        ]

    def test_a_hub_of_the_first_version_gets_its_first_worker_as_lead(self, team: Engine, people: People) -> None:
        with team.begin() as connection:
            connection.execute(workers.update().values(role=Role.WORKER.value))
            connection.execute(workers.update().where(workers.c.name == WORKER).values(id=0))  # they were counted up

        appoint_lead(team)
        appoint_lead(team)

        assert people.get(WORKER).role is Role.LEAD
        assert people.get(COLLEAGUE).role is Role.WORKER

    def test_only_a_lead_adds_removes_and_assigns(self, people: People, accounts: Accounts) -> None:
        colleague = accounts.open(COLLEAGUE, COLLEAGUES_PASSWORD, NOW)
        changes: tuple[Callable[[], None], ...] = (
            lambda: people.add(colleague, "M. Silva", NEW, Role.WORKER, NOW),
            lambda: people.remove(colleague.worker, people.get(WORKER).id),
            lambda: people.set_centres(colleague.worker, colleague.worker.id, ()),
        )

        for change in changes:
            with pytest.raises(RoleRefused):
                change()
        assert len(people.find()) == 2


class TestAdding:
    def test_a_worker_joins_with_the_centres_that_are_theirs(
        self, people: People, accounts: Accounts, lead: Opened
    ) -> None:
        people.add(lead, "M. Silva", NEW, Role.WORKER, NOW, ["Rose Hill", "Barton", "Rose Hill"])

        opened = accounts.open("M. Silva", NEW, NOW)
        assert opened.worker.centres == ("Barton", "Rose Hill")
        assert opened.team_key == TEAM.team_key

    def test_a_publishers_password_opens_no_key_of_the_teams(
        self, people: People, accounts: Accounts, sessions: Sessions, lead: Opened
    ) -> None:
        people.add(lead, "P. Reed", NEW, Role.PUBLISHER, NOW)

        opened = accounts.open("P. Reed", NEW, NOW)
        here = sessions.find(sessions.start(opened, NOW), NOW)
        assert opened.team_key != TEAM.team_key
        assert here and here.worker.role is Role.PUBLISHER

    def test_centres_change_for_who_is_signed_in_already(
        self, people: People, accounts: Accounts, sessions: Sessions, lead: Opened
    ) -> None:
        token = sessions.start(accounts.open(COLLEAGUE, COLLEAGUES_PASSWORD, NOW), NOW)

        people.set_centres(lead.worker, people.get(COLLEAGUE).id, ["Barton"])

        here = sessions.find(token, NOW)
        assert here and here.worker.centres == ("Barton",)

    def test_a_worker_who_is_not_there_gets_no_centres(self, people: People, lead: Opened) -> None:
        with pytest.raises(AccountFaulty):
            people.set_centres(lead.worker, 999, ["Barton"])

    def test_the_centres_to_choose_from_are_those_with_a_kiosk(self, people: People, team: Engine) -> None:
        make_kiosk(team, Clock())

        assert people.find_centres() == ["Rose Hill"]


class TestChangingAPassword:
    def test_the_new_one_opens_the_same_key_and_the_old_one_nothing(self, accounts: Accounts) -> None:
        accounts.change_password(WORKER, PASSWORD, NEW, NOW)

        assert accounts.open(WORKER, NEW, NOW).team_key == TEAM.team_key
        with pytest.raises(SignInRefused):
            accounts.open(WORKER, PASSWORD, NOW)

    def test_all_sign_ins_of_that_worker_end_and_nobody_elses(
        self, accounts: Accounts, sessions: Sessions, lead: Opened
    ) -> None:
        before, colleague = (
            sessions.start(lead, NOW),
            sessions.start(accounts.open(COLLEAGUE, COLLEAGUES_PASSWORD, NOW), NOW),
        )

        after = sessions.start(accounts.change_password(WORKER, PASSWORD, NEW, NOW), NOW)

        assert sessions.find(after, NOW) and sessions.find(colleague, NOW)
        assert sessions.find(before, NOW) is None

    @pytest.mark.parametrize("new", ["123456789", "x" * 201, PASSWORD])
    def test_one_that_breaks_a_rule_changes_nothing(self, accounts: Accounts, new: str) -> None:
        with pytest.raises(AccountFaulty):
            accounts.change_password(WORKER, PASSWORD, new, NOW)

        assert accounts.open(WORKER, PASSWORD, NOW)

    def test_guessing_the_old_one_is_slowed_like_a_sign_in(self, accounts: Accounts) -> None:
        for _ in range(3):
            with pytest.raises(SignInRefused):
                accounts.change_password(WORKER, "a wrong password", NEW, NOW)

        with pytest.raises(TooManyTries):
            accounts.change_password(WORKER, PASSWORD, NEW, NOW)


class TestRemoving:
    def test_who_is_removed_is_out_at_once_and_cannot_come_back(
        self, people: People, accounts: Accounts, sessions: Sessions, lead: Opened
    ) -> None:
        token = sessions.start(accounts.open(COLLEAGUE, COLLEAGUES_PASSWORD, NOW), NOW)

        people.remove(lead.worker, people.get(COLLEAGUE).id)

        assert sessions.find(token, NOW) is None
        with pytest.raises(SignInRefused):
            accounts.open(COLLEAGUE, COLLEAGUES_PASSWORD, NOW)

    def test_nothing_of_their_copy_of_the_key_stays(self, people: People, team: Engine, lead: Opened) -> None:
        people.remove(lead.worker, people.get(COLLEAGUE).id)

        with team.connect() as connection:
            assert connection.execute(select(workers.c.name)).scalars().all() == [WORKER]

    def test_what_they_hold_goes_back_to_the_list_and_what_they_closed_stays_closed(
        self, people: People, team: Engine, lead: Opened
    ) -> None:
        cases, held, closed, mine = Cases(team), uuid4(), uuid4(), uuid4()
        for id, name in ((held, COLLEAGUE), (closed, COLLEAGUE), (mine, WORKER)):
            cases.claim(id, name, NOW)
        cases.close(closed, COLLEAGUE, [], NOW)

        people.remove(lead.worker, people.get(COLLEAGUE).id)

        assert (cases.get(held).state, cases.get(held).claimed_by) == (CaseState.OPEN, None)
        assert cases.get(closed).state is CaseState.CLOSED
        assert cases.get(mine).is_held_by(WORKER)

    def test_the_last_lead_stays(self, people: People, lead: Opened) -> None:
        with pytest.raises(AccountFaulty, match="last lead"):
            people.remove(lead.worker, lead.worker.id)

    def test_a_lead_may_go_when_another_is_there(self, people: People, lead: Opened) -> None:
        people.add(lead, "M. Silva", NEW, Role.LEAD, NOW)

        people.remove(lead.worker, lead.worker.id)

        assert "M. Silva" in [each.worker.name for each in people.find()]

    def test_who_is_not_there_cannot_be_removed(self, people: People, lead: Opened) -> None:
        with pytest.raises(AccountFaulty, match="no worker"):
            people.remove(lead.worker, 999)
        with pytest.raises(AccountFaulty, match="no worker"):
            people.get("Nobody")


class TestAnotherRole:
    def test_a_worker_leads_from_the_next_page_on_and_keeps_password_and_sign_in(
        self, people: People, accounts: Accounts, sessions: Sessions, lead: Opened
    ) -> None:
        token = sessions.start(accounts.open(COLLEAGUE, COLLEAGUES_PASSWORD, NOW), NOW)
        people.set_role(lead, people.get(COLLEAGUE).id, Role.LEAD, NOW)

        here = sessions.find(token, NOW)
        assert here and here.worker.role is Role.LEAD
        assert accounts.open(COLLEAGUE, COLLEAGUES_PASSWORD, NOW).team_key == TEAM.team_key

    def test_the_last_lead_stays_a_lead_and_one_of_two_need_not(self, people: People, lead: Opened) -> None:
        with pytest.raises(AccountFaulty, match="The last lead stays a lead"):
            people.set_role(lead, lead.worker.id, Role.WORKER, NOW)
        people.set_role(lead, people.get(COLLEAGUE).id, Role.LEAD, NOW)
        people.set_role(lead, lead.worker.id, Role.WORKER, NOW)

        assert [(each.worker.name, each.worker.role) for each in people.find()] == [
            (COLLEAGUE, Role.LEAD),
            (WORKER, Role.WORKER),
        ]

    def test_a_publishers_new_password_opens_nothing_and_the_old_one_not_either(
        self, people: People, accounts: Accounts, sessions: Sessions, lead: Opened, team: Engine
    ) -> None:
        opened, id = accounts.open(COLLEAGUE, COLLEAGUES_PASSWORD, NOW), uuid4()
        token = sessions.start(opened, NOW)
        Cases(team).claim(id, COLLEAGUE, NOW)
        people.set_role(lead, opened.worker.id, Role.PUBLISHER, NOW, NEW)

        assert sessions.find(token, NOW) is None
        assert accounts.open(COLLEAGUE, NEW, NOW).team_key != TEAM.team_key
        with pytest.raises(SignInRefused):
            accounts.open(COLLEAGUE, COLLEAGUES_PASSWORD, NOW)
        assert Cases(team).get(id).state is CaseState.OPEN

    def test_a_publisher_who_becomes_a_worker_opens_the_teams_key(
        self, people: People, accounts: Accounts, lead: Opened
    ) -> None:
        people.add(lead, "P. Reed", PASSWORD, Role.PUBLISHER, NOW)
        people.set_role(lead, people.get("P. Reed").id, Role.WORKER, NOW, NEW)

        assert accounts.open("P. Reed", NEW, NOW).team_key == TEAM.team_key

    @pytest.mark.parametrize("password", ["", "too short"])
    def test_without_a_new_password_nobody_becomes_a_publisher(
        self, people: People, accounts: Accounts, lead: Opened, password: str
    ) -> None:
        with pytest.raises(AccountFaulty):
            people.set_role(lead, people.get(COLLEAGUE).id, Role.PUBLISHER, NOW, password)

        assert people.get(COLLEAGUE).role is Role.WORKER
        assert accounts.open(COLLEAGUE, COLLEAGUES_PASSWORD, NOW).team_key == TEAM.team_key

    def test_a_worker_changes_nobodys(self, people: People, accounts: Accounts) -> None:
        worker = accounts.open(COLLEAGUE, COLLEAGUES_PASSWORD, NOW)
        with pytest.raises(RoleRefused):
            people.set_role(worker, worker.worker.id, Role.LEAD, NOW)

    def test_who_is_not_there_gets_none(self, people: People, lead: Opened) -> None:
        with pytest.raises(AccountFaulty, match="no worker of this name"):
            people.set_role(lead, 999, Role.LEAD, NOW)
