"""When all passwords are lost: the recovery key on paper opens what is held, for a new first worker under new keys.

Nothing is sealed anew. Every envelope was sealed for a recovery key as well, so it is enough to hand the old recovery
key on: sealed for the new team key, which opens with it all that is held and all that still comes from kiosks that have
not heard of the new keys; and sealed for the new recovery key, so that a second recovery reaches as far back. The old
paper has then been typed into a computer and opens nothing new: a new one takes its place. Nothing is stored in plain.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine, select

from kiosk.errors import SealBroken
from kiosk.hub.accounts import insert_worker, make_worker
from kiosk.hub.desk_tables import workers
from kiosk.hub.free_pages import clear_keys
from kiosk.hub.keys import MODERATE, Cost, make_private_key, public_half
from kiosk.hub.people import forget_worker
from kiosk.hub.ring import add_copy, lock_generations, next_generation
from kiosk.hub.roles import Role
from kiosk.hub.store import HubKeys, HubStore, insert_keys


def check_recovery_key(keys: HubKeys, recovery_key: bytes) -> None:
    """Raise SealBroken unless `recovery_key` is the private half of the one in use."""
    if public_half(recovery_key) != keys.recovery_key:
        raise SealBroken(
            "This is the recovery key of another hub, or one that was replaced.", "Look for the paper of latest date."
        )


def recover(
    engine: Engine,
    recovery_key: bytes,
    renewed: bytes,
    worker: str,
    password: str,
    now: datetime,
    cost: Cost = MODERATE,
) -> None:
    """Make a new team key, shut everybody out but the new lead `worker`, and put `renewed` in the recovery key's place.

    `renewed` is the private half of the new recovery key; it is not stored. Raises SealBroken if `recovery_key` is not
    this hub's, AccountFaulty if the name or password breaks a rule; then nothing has changed.
    """
    check_recovery_key(HubStore(engine).get_keys(), recovery_key)
    team_key = make_private_key()
    lead = make_worker(worker, password, team_key, now, Role.LEAD, (), cost)
    with engine.begin() as connection:
        keys = lock_generations(connection)
        check_recovery_key(keys, recovery_key)
        changed = replace(keys, team_key=public_half(team_key), recovery_key=public_half(renewed))
        for key in (changed.team_key, changed.recovery_key):
            add_copy(connection, recovery_key, key)
        add_copy(connection, team_key, changed.recovery_key)
        for row in connection.execute(select(workers.c.id, workers.c.name)).all():
            forget_worker(connection, row.id, row.name)
        insert_worker(connection, lead)
        insert_keys(connection, changed, next_generation(keys, now))
    clear_keys(engine)
