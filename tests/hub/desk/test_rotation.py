"""Promise 20 at the hub: the team's key is changed, and every request opens."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, func, select

from kiosk.errors import AccountFaulty, RoleRefused, SealBroken
from kiosk.hub.accounts import replace_box
from kiosk.hub.desk_tables import workers
from kiosk.hub.keys import private_key_id, unseal_key, wrap
from kiosk.hub.people import People
from kiosk.hub.people_tables import handovers, key_copies
from kiosk.hub.ring import load_ring
from kiosk.hub.roles import Role
from kiosk.hub.rotation import rotate_key
from kiosk.hub.sessions import Sessions
from tests.hub.desk.keyed_hub import NEW, Hub
from tests.hub.desk.people import (
    CHEAP,
    COLLEAGUE,
    COLLEAGUES_PASSWORD,
    NOW,
    PASSWORD,
    TEAM,
    WORKER,
)


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
