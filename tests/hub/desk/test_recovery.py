"""Promise 20 at the hub: all passwords are lost, and the paper opens every request."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from kiosk.callbacks.new_keys import adopt, sign_new_keys
from kiosk.errors import SealBroken, SignInRefused
from kiosk.hub.keys import make_private_key, public_half
from kiosk.hub.people_tables import key_copies
from kiosk.hub.recovery import recover
from kiosk.hub.ring import load_ring
from kiosk.hub.roles import Role
from kiosk.hub.rotation import rotate_key
from tests.hub.desk.keyed_hub import NEW, Hub
from tests.hub.desk.people import (
    CHEAP,
    NOW,
    TEAM,
    WORKER,
)


@pytest.fixture
def hub(engine: Engine) -> Hub:
    return Hub(engine)


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
