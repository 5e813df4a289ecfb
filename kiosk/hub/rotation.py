"""A new team key: for a worker who left, or a password that somebody may have seen. And a new key of the hub's own.

The new private key is handed to each worker sealed for a key of their own, which only their password leads to, and lies
there until they sign in. So whoever had the old key, and comes by a copy of the database in those days or a backup of it,
does not come by the new one: those who are not to have it are removed first. Of a worker who has not signed in since an
older Waymark no such key is known yet: theirs is sealed for the team key that their password opens.

The hub's own key lies in its database as it is, for the hub answers when nobody is there: whoever has a copy of that, and
stands between a kiosk and the hub, which TLS is to prevent, could answer in its name. Nothing signed with the old key may
tell a kiosk of the new one, as they could sign the same. So each kiosk joins anew, and brings what waits in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from nacl.signing import SigningKey
from sqlalchemy import Connection, Engine, delete, insert, select

from kiosk.callbacks.seal import key_id
from kiosk.errors import AccountFaulty
from kiosk.hub.codes import withdraw_all
from kiosk.hub.desk_tables import sessions, workers
from kiosk.hub.free_pages import clear_keys
from kiosk.hub.keys import Unwrapped, make_private_key, private_key_id, public_half, seal_key, unseal_key
from kiosk.hub.people_tables import handovers
from kiosk.hub.ring import add_copy, load_ring, lock_generations, lock_keys, next_generation
from kiosk.hub.roles import Role, Worker, check_lead
from kiosk.hub.row_locks import lock_rows
from kiosk.hub.store import HubKeys, insert_keys
from kiosk.hub.tables import hub_keys


@dataclass(frozen=True)
class Handover:
    """A newer team key that waits for one worker; `box` tells this handover from a later one."""

    team_key: bytes
    box: bytes


def rotate_key(engine: Engine, by: Worker, team_key: bytes, now: datetime) -> str:
    """Make a new team key, let every worker have it at their next sign-in, end every sign-in; return its id.

    Raises RoleRefused unless `by` is a lead, AccountFaulty if `team_key` is not the newest any more.
    """
    check_lead(by)
    new_key = make_private_key()
    with engine.begin() as connection:
        keys = lock_keys(connection, team_key)
        renewed = replace(keys, team_key=public_half(new_key))
        add_copy(connection, team_key, renewed.team_key)
        for each in (team_key, new_key):
            add_copy(connection, each, keys.recovery_key)
        _hand_over(connection, new_key, keys, now)
        insert_keys(connection, renewed, next_generation(keys, now))
        connection.execute(delete(sessions))
    clear_keys(engine)
    return renewed.team_key_id


def rotate_hub_key(engine: Engine, by: Worker, now: datetime) -> str:
    """Make a new key of the hub's own, end every sign-in and every unused enrolment code; return the new one's id.

    From then on the hub takes nothing from a kiosk that has not joined anew. Raises RoleRefused unless `by` is a lead.
    """
    check_lead(by)
    with engine.begin() as connection:
        keys = lock_generations(connection)
        renewed = replace(keys, signing_key=bytes(SigningKey.generate()))
        insert_keys(connection, renewed, next_generation(keys, now))
        withdraw_all(connection)
        connection.execute(delete(sessions))
    return key_id(renewed.verify_key)


def find_handover(connection: Connection, worker: int, mine: Unwrapped) -> Handover | None:
    """Return the newer key that waits for `worker`, whose password opened `mine`; None if theirs is the newest.

    Raises AccountFaulty if it was sealed for a key that is lost.
    """
    row = connection.execute(select(handovers).where(handovers.c.worker == worker)).one_or_none()
    if row is None:
        return None
    keys = {private_key_id(mine.own_key): mine.own_key}
    key = keys.get(row.for_key_id) or load_ring(connection, mine.key).keys.get(row.for_key_id)
    if key is None:
        raise AccountFaulty("The team's new key waits for you, and cannot be opened.", "A lead has to add you anew.")
    return Handover(unseal_key(row.box, key), row.box)


def end_handover(connection: Connection, worker: int, taken: Handover | None) -> bool:
    """Forget the handover that was taken. False, and all stays, if another waits than that: it has come since."""
    waits = handovers.c.worker == worker
    box = connection.execute(select(handovers.c.box).where(waits)).scalar_one_or_none()
    if box is not None and (taken is None or box != taken.box):
        return False
    connection.execute(delete(handovers).where(waits))
    return True


def lock_workers(connection: Connection) -> None:
    """Keep others from removing workers until this transaction ends: two leads must not remove each other, and who is
    removed must be handed nothing.
    """
    lock_rows(connection, workers)


def _hand_over(connection: Connection, new_key: bytes, keys: HubKeys, now: datetime) -> None:
    """Seal `new_key` for each worker's own key. Where that is not known yet, for the team key that their password opens:
    the newest, or an older one not exchanged yet.
    """
    lock_workers(connection)
    waiting = {row.worker: row.for_key_id for row in connection.execute(select(handovers))}
    publics = {row.team_key_id: row.team_key for row in connection.execute(select(hub_keys))}
    connection.execute(delete(handovers))
    who = select(workers.c.id, workers.c.own_key).where(workers.c.role != Role.PUBLISHER.value)
    for worker, own_key in connection.execute(who).all():
        for_key = own_key or publics[waiting.get(worker, keys.team_key_id)]
        row = {"worker": worker, "for_key_id": key_id(for_key), "box": seal_key(new_key, for_key), "since": now}
        connection.execute(insert(handovers).values(row))
