"""Promise 20 at the hub: a key is changed or lost, and every request opens."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, func, select

from kiosk.callbacks.new_keys import adopt, sign_new_keys
from kiosk.errors import AccountFaulty, RoleRefused, SealBroken, SignInRefused
from kiosk.hub.accounts import Accounts, replace_box
from kiosk.hub.desk_tables import workers
from kiosk.hub.keys import make_private_key, private_key_id, public_half, unseal_key, wrap
from kiosk.hub.people import People
from kiosk.hub.people_tables import handovers, key_copies
from kiosk.hub.recovery import recover
from kiosk.hub.ring import load_ring
from kiosk.hub.roles import Opened, Role
from kiosk.hub.rotation import rotate_key
from kiosk.hub.sessions import Sessions
from kiosk.hub.store import HubStore
from kiosk.hub.tables import hub_keys
from tests.hub.desk.people import (
    CHEAP,
    COLLEAGUE,
    COLLEAGUES_PASSWORD,
    NOW,
    PASSWORD,
    TEAM,
    WORKER,
    Clock,
    Kiosk,
    make_kiosk,
    make_team,
)

NEW = "pencil orchard friday"


class Hub:
    """A hub with a kiosk, and the few things that are done to its keys."""

    def __init__(self, engine: Engine) -> None:
        self.engine = make_team(engine)
        self.store = HubStore(engine)
        self.accounts = Accounts(engine, CHEAP)
        self.kiosk: Kiosk = make_kiosk(engine, Clock())

    def opened(self, name: str = WORKER, password: str = PASSWORD) -> Opened:
        return self.accounts.open(name, password, NOW)

    def rotate(self) -> None:
        lead = self.opened()
        rotate_key(self.engine, lead.worker, lead.team_key, NOW)

    def recover(self, recovery_key: bytes) -> bytes:
        """Recover for P. Reed, and return the private half of the new recovery key."""
        renewed = make_private_key()
        recover(self.engine, recovery_key, renewed, "P. Reed", NEW, NOW, CHEAP)
        return renewed

    def kiosk_learns(self) -> None:
        keys = self.store.get_keys()
        learnt = replace(self.kiosk.identity, team_key=keys.team_key, recovery_key=keys.recovery_key)
        learnt = replace(learnt, generation=keys.generation)
        self.kiosk.identity = learnt

    def lose_a_rotation(self) -> None:
        """Change the team's key twice, let the kiosk know, and put the database back as it was in a copy from before."""
        tables = (hub_keys, key_copies, handovers, workers)
        with self.engine.connect() as connection:
            copy = {table: connection.execute(select(table)).all() for table in tables}
        for hour in range(2):
            lead = self.opened()
            rotate_key(self.engine, lead.worker, lead.team_key, NOW - timedelta(hours=2 - hour))
        self.kiosk_learns()
        with self.engine.begin() as connection:
            for table, rows in copy.items():
                connection.execute(table.delete())
                if rows:
                    connection.execute(table.insert(), [row._asdict() for row in rows])

    def names(self, private_key: bytes) -> list[str]:
        """Whom a worker with this key reads of."""
        with self.engine.connect() as connection:
            ring = load_ring(connection, private_key)
        return [ring.open(held).name for held in self.store.find_open_envelopes()]


@pytest.fixture
def hub(engine: Engine) -> Hub:
    return Hub(engine)


class TestRotating:
    @pytest.mark.promise(20)
    def test_requests_from_before_and_after_open_and_so_do_those_from_full_queues(self, hub: Hub) -> None:
        hub.kiosk.leave("before")
        hub.rotate()
        hub.kiosk.leave("from a queue")
        hub.kiosk_learns()
        hub.kiosk.leave("after")

        for name, password in ((WORKER, PASSWORD), (COLLEAGUE, COLLEAGUES_PASSWORD)):
            assert hub.names(hub.opened(name, password).team_key) == ["before", "from a queue", "after"]

    def test_the_new_key_is_another_and_the_recovery_key_the_same(self, hub: Hub) -> None:
        before = hub.store.get_keys()
        hub.rotate()
        after = hub.store.get_keys()

        assert after.team_key != before.team_key
        assert (after.recovery_key, after.signing_key) == (before.recovery_key, before.signing_key)
        assert after.generation > before.generation

    def test_the_old_key_alone_does_not_open_what_is_sealed_for_the_new_one(self, hub: Hub) -> None:
        hub.rotate()
        hub.kiosk_learns()
        hub.kiosk.leave("after")

        with pytest.raises(SealBroken):
            hub.names(TEAM.team_key)

    def test_a_worker_who_was_away_for_three_rotations_opens_everything(self, hub: Hub) -> None:
        for name in ("first", "second", "third", "fourth"):
            hub.kiosk_learns()
            hub.kiosk.leave(name)
            hub.rotate()

        colleague = hub.opened(COLLEAGUE, COLLEAGUES_PASSWORD)

        assert hub.names(colleague.team_key) == ["first", "second", "third", "fourth"]
        assert private_key_id(colleague.team_key) == hub.store.get_keys().team_key_id

    def test_a_handover_is_gone_once_it_was_taken(self, hub: Hub) -> None:
        hub.rotate()
        waiting = [each.worker.name for each in People(hub.engine).find() if each.key_waits]
        for name, password in ((WORKER, PASSWORD), (COLLEAGUE, COLLEAGUES_PASSWORD)):
            hub.opened(name, password)

        with hub.engine.connect() as connection:
            assert connection.execute(select(func.count()).select_from(handovers)).scalar_one() == 0
        assert waiting == [COLLEAGUE, WORKER]
        assert hub.opened().team_key == hub.opened(COLLEAGUE, COLLEAGUES_PASSWORD).team_key

    def test_a_handover_opens_for_its_worker_and_not_for_who_has_the_old_key_and_a_copy_of_these_days(
        self, hub: Hub
    ) -> None:
        hub.rotate()

        with hub.engine.connect() as connection:
            waiting = connection.execute(select(handovers.c.box)).scalars().all()
            reached = load_ring(connection, TEAM.team_key).keys.values()
        assert len(waiting) == 2 and TEAM.team_key in reached
        for box in waiting:
            for key in reached:
                with pytest.raises(SealBroken):
                    unseal_key(box, key)

    def test_who_has_not_signed_in_since_an_older_waymark_is_handed_it_as_before_and_better_the_next_time(
        self, hub: Hub
    ) -> None:
        for _ in range(2):
            with hub.engine.begin() as connection:
                connection.execute(workers.update().values(own_key=None))
            hub.rotate()
        newest = hub.opened().team_key

        assert hub.opened(COLLEAGUE, COLLEAGUES_PASSWORD).team_key == newest
        hub.rotate()
        with hub.engine.connect() as connection, pytest.raises(SealBroken):
            unseal_key(connection.execute(select(handovers.c.box)).scalars().first() or b"", newest)

    def test_a_password_that_is_changed_while_the_key_is_loses_nobody_the_new_key(self, hub: Hub) -> None:
        before = hub.opened(COLLEAGUE, COLLEAGUES_PASSWORD)
        hub.rotate()
        with hub.engine.begin() as connection:
            late = wrap(before.team_key, NEW, CHEAP)
            assert not replace_box(connection, before.worker.id, before.box, late)

        assert hub.opened(COLLEAGUE, COLLEAGUES_PASSWORD).team_key == hub.opened().team_key

    def test_whichever_of_a_rotation_and_a_new_password_comes_first_the_worker_has_the_newest_key(
        self, hub: Hub
    ) -> None:
        password = COLLEAGUES_PASSWORD
        with ThreadPoolExecutor(2) as both:
            for number in range(2):
                lead, new = hub.opened(), f"{NEW} {number}"
                changing = both.submit(hub.accounts.change_password, COLLEAGUE, password, new, NOW)
                both.submit(rotate_key, hub.engine, lead.worker, lead.team_key, NOW).result()
                password = password if changing.exception() else new

                assert hub.opened(COLLEAGUE, password).team_key == hub.opened().team_key

    def test_a_sign_in_between_whose_steps_another_comes_and_a_newer_key_opens_the_newest(self, hub: Hub) -> None:
        hub.rotate()
        came: list[str] = []

        def come_between(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            # The password has been found right by now: what waits for this worker is looked up next.
            if "FROM worker_centres" in statement and not came:
                came.append(statement)
                hub.rotate()

        event.listen(hub.engine, "before_cursor_execute", come_between)

        assert private_key_id(hub.opened().team_key) == hub.store.get_keys().team_key_id
        assert came

    def test_a_handover_for_a_key_that_is_lost_is_told_and_what_to_do(self, hub: Hub) -> None:
        hub.rotate()
        with hub.engine.begin() as connection:
            connection.execute(handovers.update().values(for_key_id="0" * 16))

        with pytest.raises(AccountFaulty, match="add you anew"):
            hub.opened()

    def test_who_was_removed_before_is_handed_nothing(self, hub: Hub) -> None:
        people = People(hub.engine)
        colleague = people.get(COLLEAGUE)
        people.remove(hub.opened().worker, colleague.id)
        hub.rotate()

        with hub.engine.connect() as connection:
            given = connection.execute(select(handovers.c.worker)).scalars().all()
        assert colleague.id not in given

    def test_a_publisher_is_handed_nothing(self, hub: Hub) -> None:
        People(hub.engine, CHEAP).add(hub.opened(), "P. Reed", NEW, Role.PUBLISHER, NOW)
        before = hub.opened("P. Reed", NEW).team_key
        hub.rotate()

        assert hub.opened("P. Reed", NEW).team_key == before

    def test_every_sign_in_ends_and_one_that_was_under_way_opens_no_page(self, hub: Hub) -> None:
        sessions, under_way = Sessions(hub.engine, timedelta(minutes=10)), hub.opened()
        token = sessions.start(under_way, NOW)
        hub.rotate()

        assert sessions.find(token, NOW) is None
        assert sessions.find(sessions.start(under_way, NOW), NOW) is None
        assert sessions.find(sessions.start(hub.opened(), NOW), NOW)

    def test_two_leads_at_once_make_one_new_key(self, hub: Hub) -> None:
        lead = hub.opened()
        rotate_key(hub.engine, lead.worker, lead.team_key, NOW)

        with pytest.raises(AccountFaulty, match="a moment ago"):
            rotate_key(hub.engine, lead.worker, lead.team_key, NOW)

    def test_nobody_is_added_with_a_key_that_was_changed_meanwhile(self, hub: Hub) -> None:
        lead = hub.opened()
        hub.rotate()

        with pytest.raises(AccountFaulty, match="a moment ago"):
            People(hub.engine, CHEAP).add(lead, "M. Silva", NEW, Role.WORKER, NOW)

    def test_a_worker_who_does_not_lead_may_not(self, hub: Hub) -> None:
        colleague = hub.opened(COLLEAGUE, COLLEAGUES_PASSWORD)

        with pytest.raises(RoleRefused):
            rotate_key(hub.engine, colleague.worker, colleague.team_key, NOW)

    def test_a_damaged_copy_of_an_old_key_does_not_hide_what_is_new(self, hub: Hub) -> None:
        hub.rotate()
        with hub.engine.begin() as connection:
            connection.execute(key_copies.update().values(box=b"damaged"))
        hub.kiosk_learns()
        hub.kiosk.leave("after")

        assert hub.names(hub.opened().team_key) == ["after"]


class TestRecovery:
    def test_what_is_held_opens_for_the_new_worker_and_so_does_what_still_comes(self, hub: Hub) -> None:
        hub.kiosk.leave("before")
        hub.recover(TEAM.recovery_key)
        hub.kiosk.leave("from a queue")
        hub.kiosk_learns()
        hub.kiosk.leave("after")

        assert hub.names(hub.opened("P. Reed", NEW).team_key) == ["before", "from a queue", "after"]

    def test_only_the_new_worker_can_sign_in_and_leads(self, hub: Hub) -> None:
        hub.recover(TEAM.recovery_key)

        assert hub.opened("P. Reed", NEW).worker.role is Role.LEAD
        with pytest.raises(SignInRefused):
            hub.opened()

    def test_the_first_worker_may_have_the_name_they_had(self, hub: Hub) -> None:
        recover(hub.engine, TEAM.recovery_key, make_private_key(), WORKER, NEW, NOW, CHEAP)

        assert hub.opened(WORKER, NEW)

    def test_a_second_recovery_reaches_as_far_back_as_the_first(self, hub: Hub) -> None:
        hub.kiosk.leave("first")
        paper = hub.recover(TEAM.recovery_key)
        hub.kiosk_learns()
        hub.kiosk.leave("second")
        hub.recover(paper)

        assert hub.names(hub.opened("P. Reed", NEW).team_key) == ["first", "second"]

    def test_a_key_changed_before_and_after_opens_as_well(self, hub: Hub) -> None:
        hub.kiosk.leave("first")
        hub.rotate()
        hub.kiosk_learns()
        hub.kiosk.leave("second")
        hub.recover(TEAM.recovery_key)
        lead = hub.opened("P. Reed", NEW)
        rotate_key(hub.engine, lead.worker, lead.team_key, NOW)

        assert hub.names(hub.opened("P. Reed", NEW).team_key) == ["first", "second"]

    def test_what_was_sealed_for_the_team_key_alone_opens_too(self, hub: Hub) -> None:
        hub.rotate()
        between = hub.store.get_keys().team_key_id
        hub.recover(TEAM.recovery_key)

        with hub.engine.connect() as connection:
            ring = load_ring(connection, hub.opened("P. Reed", NEW).team_key)
        assert {between, TEAM.public.team_key_id} <= set(ring.keys)

    def test_a_hub_of_the_first_version_gets_that_copy_at_a_sign_in(self, hub: Hub) -> None:
        with hub.engine.begin() as connection:
            connection.execute(key_copies.delete())
        hub.opened()
        hub.recover(TEAM.recovery_key)

        with hub.engine.connect() as connection:
            ring = load_ring(connection, hub.opened("P. Reed", NEW).team_key)
        assert ring.keys[TEAM.public.team_key_id] == TEAM.team_key

    def test_what_kiosks_sealed_for_a_key_that_was_lost_with_the_hubs_disk_opens_with_the_paper(self, hub: Hub) -> None:
        hub.lose_a_rotation()
        hub.kiosk.leave("for the lost key")
        with pytest.raises(SealBroken):
            hub.names(hub.opened().team_key)
        hub.recover(TEAM.recovery_key)

        assert hub.names(hub.opened("P. Reed", NEW).team_key) == ["for the lost key"]

    @pytest.mark.parametrize("change", ["rotate", "recover"])
    def test_a_kiosk_that_knows_a_lost_key_takes_the_next_one(self, hub: Hub, change: str) -> None:
        hub.lose_a_rotation()
        hub.rotate() if change == "rotate" else hub.recover(TEAM.recovery_key)
        keys = hub.store.get_keys()
        said = sign_new_keys(keys.generation, keys.team_key, keys.recovery_key, keys.signing_key)

        newer = adopt(hub.kiosk.identity, said)
        assert newer and newer.team_key == keys.team_key

    @pytest.mark.parametrize("wrong", [b"x" * 32, TEAM.team_key], ids=["made-up", "the-teams"])
    def test_another_key_is_refused_and_nothing_changes(self, hub: Hub, wrong: bytes) -> None:
        before = hub.store.get_keys()

        with pytest.raises(SealBroken):
            hub.recover(wrong)

        assert hub.store.get_keys() == before
        assert hub.opened()

    def test_the_old_paper_is_worth_nothing_afterwards(self, hub: Hub) -> None:
        hub.recover(TEAM.recovery_key)

        with pytest.raises(SealBroken, match="replaced"):
            hub.recover(TEAM.recovery_key)

    def test_the_database_holds_no_private_key_as_it_is(self, hub: Hub) -> None:
        renewed = hub.recover(TEAM.recovery_key)
        team_key = hub.opened("P. Reed", NEW).team_key

        with hub.engine.connect() as connection:
            boxes = connection.execute(select(key_copies.c.box)).scalars().all()
        for secret in (renewed, team_key, TEAM.recovery_key):
            assert not any(secret in box for box in boxes)
        assert hub.store.get_keys().recovery_key == public_half(renewed)
