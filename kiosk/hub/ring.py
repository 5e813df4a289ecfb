"""The key ring: whoever opens the newest team key opens everything, whichever key it was sealed for.

A copy is one private key sealed for another key. Copies lead from a new team key back to the one before it, from a new
recovery key back to the one before it, and from a recovery key to the team keys of its time. So nothing that was sealed
once is ever sealed anew, and what still waits in a kiosk's queue, sealed for an old key, opens when it comes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, select
from sqlalchemy.exc import IntegrityError

from kiosk.callbacks.model import CallbackRequest
from kiosk.callbacks.seal import Unproven, Which, key_id, open_envelope, open_unproven
from kiosk.errors import AccountFaulty, SealBroken
from kiosk.hub.keys import private_key_id, seal_key, unseal_key
from kiosk.hub.people_tables import key_copies
from kiosk.hub.row_locks import lock_rows
from kiosk.hub.store import HeldEnvelope, HubKeys, newest_keys
from kiosk.hub.tables import hub_keys

Read = TypeVar("Read")


@dataclass(frozen=True)
class Ring:
    """Private keys by their key ids, and for each team key the id of the recovery key that was in use with it."""

    keys: Mapping[str, bytes] = field(repr=False)
    recovery_ids: Mapping[str, str]

    def open(self, held: HeldEnvelope) -> CallbackRequest:
        """Return the request inside. Raises SealBroken if it was not sealed for a key of this ring, or is not right."""
        return self._read(held, lambda key, which: open_envelope(held.blob, key, held.verify_key, which))

    def open_unproven(self, held: HeldEnvelope) -> Unproven:
        """Return what is written inside, right or not. Raises SealBroken if no key of this ring opens it."""
        return self._read(held, lambda key, which: open_unproven(held.blob, key, which))

    def _read(self, held: HeldEnvelope, read: Callable[[bytes, Which], Read]) -> Read:
        if team_key := self.keys.get(held.team_key_id):
            return read(team_key, "team")
        for recovery_key in self._recovery_keys(held.team_key_id):
            with suppress(SealBroken):
                return read(recovery_key, "recovery")
        raise SealBroken("This envelope was not sealed for this team.")

    def _recovery_keys(self, team_key_id: str) -> list[bytes]:
        """Return those that an envelope for this team key may open with: of one that this hub does not know, any."""
        # Such a key was made after the copy of the database that this hub was put back from.
        ids = [self.recovery_ids[team_key_id]] if team_key_id in self.recovery_ids else self.recovery_ids.values()
        return [self.keys[id] for id in dict.fromkeys(ids) if id in self.keys]


def load_ring(connection: Connection, private_key: bytes) -> Ring:
    """Return every key that `private_key` leads to, itself among them."""
    copies: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(select(key_copies)):
        copies[row.for_key_id].append(row)
    generations = connection.execute(select(hub_keys.c.team_key_id, hub_keys.c.recovery_key))
    return Ring(_reach(private_key, copies), {row.team_key_id: key_id(row.recovery_key) for row in generations})


def _reach(private_key: bytes, copies: Mapping[str, Sequence[Row[Any]]]) -> dict[str, bytes]:
    keys, waiting = dict[str, bytes](), [private_key]
    while waiting:
        key = waiting.pop()
        id = private_key_id(key)
        if id not in keys:
            keys[id] = key
            waiting += [opened for row in copies.get(id, ()) if (opened := _opened(row, key))]
    return keys


def _opened(row: Row[Any], key: bytes) -> bytes | None:
    try:
        return unseal_key(row.box, key)
    except SealBroken:
        # One damaged copy hides what it led to, which the desk then shows as quarantined; it must not hide the rest.
        return None


def add_copy(connection: Connection, private_key: bytes, for_key: bytes) -> None:
    """Let whoever holds the private half of `for_key` open `private_key`. A copy that is there stays as it is."""
    row = {"key_id": private_key_id(private_key), "for_key_id": key_id(for_key)}
    same = select(key_copies.c.key_id).where(*(key_copies.c[name] == value for name, value in row.items()))
    if connection.execute(same).one_or_none():
        return
    try:
        with connection.begin_nested():
            connection.execute(key_copies.insert().values(row | {"box": seal_key(private_key, for_key)}))
    except IntegrityError:
        # Another process was first; its copy opens as well as ours.
        return


def lock_generations(connection: Connection) -> HubKeys:
    """Keep others from changing the keys until this transaction ends, and return those in use."""
    lock_rows(connection, hub_keys)
    return newest_keys(connection)


def next_generation(keys: HubKeys, now: datetime) -> int:
    """Return the number of keys that are made `now`, in the place of `keys`.

    It is greater than any before, also than those that kiosks have heard of and this hub has not, since it was put back
    from a copy of its database: it counts minutes.
    """
    return max(keys.generation + 1, int(now.timestamp() // 60))


def lock_keys(connection: Connection, team_key: bytes) -> HubKeys:
    """Do as lock_generations for a change that needs the team's private key.

    Raises AccountFaulty if `team_key` is not the newest one's private half: it was changed since it was opened.
    """
    keys = lock_generations(connection)
    if keys.team_key_id != private_key_id(team_key):
        raise AccountFaulty("The team's key was changed a moment ago.", "Sign in again, then try once more.")
    return keys
