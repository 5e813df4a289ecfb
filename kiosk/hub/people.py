"""The team: who is in it, who joins, who leaves, and whose requests each may see. All of it is for leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, exists, func, select, update

from kiosk.errors import AccountFaulty
from kiosk.hub.accounts import KEY_COLUMNS, insert_worker, make_worker, name_key, put_centres
from kiosk.hub.case import CaseState
from kiosk.hub.desk_tables import cases, sessions, workers
from kiosk.hub.free_pages import clear_keys
from kiosk.hub.keys import MODERATE, Cost
from kiosk.hub.people_tables import handovers
from kiosk.hub.ring import lock_keys
from kiosk.hub.roles import Opened, Role, Worker, check_lead
from kiosk.hub.rotation import lock_workers
from kiosk.hub.sessions import end_sessions, find_centres
from kiosk.hub.tables import kiosks
from kiosk.hub.tries import forget_name


@dataclass(frozen=True)
class Member:
    """A worker as the list of the team shows them. `key_waits`: a newer key is theirs when they sign in next."""

    worker: Worker
    added_at: datetime
    key_waits: bool


class People:
    """The team of one hub. Each change is one transaction; `by` must be a lead, or RoleRefused is raised."""

    def __init__(self, engine: Engine, cost: Cost = MODERATE) -> None:
        self._engine = engine
        self._cost = cost

    def find(self) -> list[Member]:
        """Return everybody who may sign in, by name."""
        waits = exists().where(handovers.c.worker == workers.c.id).label("key_waits")
        columns = (workers.c.id, workers.c.name, workers.c.role, workers.c.added_at, waits)
        with self._engine.connect() as connection:
            rows = connection.execute(select(*columns).order_by(workers.c.name)).all()
            return [
                Member(
                    Worker(row.id, row.name, Role(row.role), find_centres(connection, row.id)),
                    row.added_at,
                    row.key_waits,
                )
                for row in rows
            ]

    def get(self, name: str) -> Worker:
        """Return the worker of this name, however it is spelt. Raises AccountFaulty if there is none."""
        with self._engine.connect() as connection:
            row = connection.execute(select(workers).where(workers.c.name_key == name_key(name))).one_or_none()
            if row is None:
                raise _nobody()
            return Worker(row.id, row.name, Role(row.role), find_centres(connection, row.id))

    def find_centres(self) -> list[str]:
        """Return the centres that kiosks of this hub stand in, in order."""
        with self._engine.connect() as connection:
            return list(connection.execute(select(kiosks.c.centre).distinct().order_by(kiosks.c.centre)).scalars())

    def add(self, by: Opened, name: str, password: str, role: Role, now: datetime, centres: Iterable[str] = ()) -> None:
        """Let `name` sign in with `password`: only who has the team's key can hand it on. Raises AccountFaulty."""
        check_lead(by.worker)
        new = make_worker(name, password, by.team_key, now, role, centres, self._cost)
        with self._engine.begin() as connection:
            # A worker who came with the old key while it was being changed would never get the new one.
            lock_keys(connection, by.team_key)
            insert_worker(connection, new)

    def set_centres(self, by: Worker, worker: int, centres: Iterable[str]) -> None:
        """Let a worker see the requests of these centres alone; of all of them if there are none."""
        check_lead(by)
        with self._engine.begin() as connection:
            lock_workers(connection)
            _get_row(connection, worker)
            put_centres(connection, worker, centres)

    def set_role(
        self,
        by: Opened,
        worker: int,
        role: Role,
        now: datetime,
        password: str = "",
        centres: Iterable[str] | None = None,
    ) -> None:
        """Make a worker something else from their next page on, who sees `centres` from then on if they are said.

        A publisher's password opens no key of the team's: who becomes one, or is one no longer, needs a new first
        `password` and signs in again with it. Otherwise theirs stays. Raises AccountFaulty if it is missing or breaks a
        rule, if they are the last lead, or not there.
        """
        check_lead(by.worker)
        key = make_worker("-", password, by.team_key, now, role, (), self._cost).row if password else None
        with self._engine.begin() as connection:
            lock_keys(connection, by.team_key)
            lock_workers(connection)
            row = _get_row(connection, worker)
            if row.role == role.value:
                return
            _check_not_last(connection, row, "The last lead stays a lead.", "Make somebody else a lead first.")
            if Role.PUBLISHER.value in (row.role, role.value):
                _change_key(connection, row, key)
            if centres is not None:
                put_centres(connection, worker, centres)
            connection.execute(update(workers).where(workers.c.id == worker).values(role=role.value))
        clear_keys(self._engine)

    def remove(self, by: Worker, worker: int) -> None:
        """Shut a worker out at once, and put the requests that they hold back on the list.

        Raises AccountFaulty if they are the last lead, or not there.
        """
        check_lead(by)
        with self._engine.begin() as connection:
            lock_workers(connection)
            row = _get_row(connection, worker)
            _check_not_last(connection, row, "The last lead cannot be removed.", "Add another lead first.")
            forget_worker(connection, worker, row.name)
        clear_keys(self._engine)


def forget_worker(connection: Connection, worker: int, name: str) -> None:
    """Delete a worker, their sign-ins and their copy of the key; free what they hold. Within the caller's transaction."""
    for column in (sessions.c.worker, handovers.c.worker, workers.c.id):
        connection.execute(delete(column.table).where(column == worker))
    put_centres(connection, worker, ())
    forget_name(connection, name_key(name))
    _free_cases(connection, name)


def appoint_lead(engine: Engine) -> None:
    """Make the first worker a lead where there is none: a hub of the first version made its first worker like any other."""
    # In such a hub workers were counted up.
    first = select(func.min(workers.c.id)).where(workers.c.role == Role.WORKER.value).scalar_subquery()
    none_yet = ~exists().where(workers.c.role == Role.LEAD.value)
    with engine.begin() as connection:
        if connection.execute(select(none_yet)).scalar_one():
            connection.execute(update(workers).where(workers.c.id == first).values(role=Role.LEAD.value))


def _get_row(connection: Connection, worker: int) -> Row[Any]:
    row = connection.execute(select(workers).where(workers.c.id == worker)).one_or_none()
    if row is None:
        raise _nobody()
    return row


def _check_not_last(connection: Connection, row: Row[Any], fact: str, remedy: str) -> None:
    if row.role == Role.LEAD.value and _count_leads(connection) == 1:
        raise AccountFaulty(fact, remedy)


def _change_key(connection: Connection, row: Row[Any], key: Mapping[str, Any] | None) -> None:
    """Put another key under another password in the place of theirs, and let go of all that the old one led to."""
    if key is None:
        raise AccountFaulty(
            "This change needs a new first password.", "A publisher's password opens no requests, the others' do."
        )
    changed = {name: key[name] for name in KEY_COLUMNS}
    connection.execute(update(workers).where(workers.c.id == row.id).values(changed))
    connection.execute(delete(handovers).where(handovers.c.worker == row.id))
    end_sessions(connection, row.id)
    _free_cases(connection, row.name)


def _free_cases(connection: Connection, name: str) -> None:
    """Put the requests that a worker holds back on the list."""
    held = update(cases).where(cases.c.state == CaseState.CLAIMED.value, cases.c.claimed_by == name)
    connection.execute(held.values(state=CaseState.OPEN.value, claimed_by=None, claimed_at=None))


def _count_leads(connection: Connection) -> int:
    return connection.execute(
        select(func.count()).select_from(workers).where(workers.c.role == Role.LEAD.value)
    ).scalar_one()


def _nobody() -> AccountFaulty:
    return AccountFaulty("There is no worker of this name.", "The list of the team has every name.")
