"""What the team does about each request: who rings, when they tried, what came of it, who looked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Table,
    Update,
    delete,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.exc import IntegrityError

from kiosk.errors import CaseTaken
from kiosk.hub.case import Attempt, AttemptKind, Case, CaseState, Result, ResultKind
from kiosk.hub.desk_tables import access_log, attempts, cases, results
from kiosk.hub.new_rows import insert_new
from kiosk.hub.row_locks import lock_rows

DELETED = "deleted on request"
OTHER_DELETED, PUT_IN_ITS_PLACE = "other deleted", "put in its place"
APART_DELETED, APART_ADMITTED = "kept apart: deleted", "kept apart: on desk"
COMPARED, APART_OPENED = "both compared", "kept apart: opened"
ASIDE_OPENED, ASIDE_COPIED = "set aside: opened", "set aside: copied"
ASIDE = (COMPARED, APART_OPENED, ASIDE_OPENED, ASIDE_COPIED)
"""Looks at what was set aside: under its number somebody else's request may be on the desk."""
SETTLED = (OTHER_DELETED, PUT_IN_ITS_PLACE, APART_DELETED, APART_ADMITTED)
_LATEST_FIRST = (access_log.c.at.desc(), access_log.c.id.desc())  # one press may do several things at one moment
Holder = tuple[str, str | None]  # a CaseState, and claimed_by
IS_CLOSED = cases.c.state == CaseState.CLOSED.value
# Whoever closed them, closed ones come as one row of ids: a thousand rows take longer to fetch than a page's requests. One
# statement, so that no case is closed between two.
_HOLDERS = union_all(
    select(cases.c.id, cases.c.state, cases.c.claimed_by).where(~IS_CLOSED),
    select(func.aggregate_strings(cases.c.id, ","), literal(CaseState.CLOSED.value), null()).where(IS_CLOSED),
)


@dataclass(frozen=True)
class Settled:
    """A line of the log: what a lead did to something that was set aside."""

    case: UUID
    worker: str
    at: datetime
    what: str


class Cases:
    """The cases of one hub. A case without a row is open: nobody has touched it yet. Each call is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find_touched(self) -> dict[UUID, Case]:
        """Return every case that somebody has claimed or closed, by its id."""
        with self._engine.connect() as connection:
            return {(case := _case(row)).id: case for row in connection.execute(select(cases))}

    def get(self, id: UUID) -> Case:
        """Return the case of this envelope; an open one if nobody has touched it."""
        with self._engine.connect() as connection:
            row = connection.execute(select(cases).where(cases.c.id == str(id))).one_or_none()
        return _case(row) if row else Case(id)

    def claim(self, id: UUID, worker: str, now: datetime, instead_of: str | None = None) -> None:
        """Let `worker` ring, and nobody else. Raises CaseTaken if another than `instead_of` holds it, or it is closed."""
        claimed = {"state": CaseState.CLAIMED.value, "claimed_by": worker, "claimed_at": now}
        holder = cases.c.claimed_by
        free = or_(holder.is_(None), holder == worker, holder == instead_of)
        with self._engine.begin() as connection:
            change = update(cases).where(cases.c.id == str(id), ~IS_CLOSED, free)
            if connection.execute(change.values(claimed)).rowcount:
                return write_log(connection, id, worker, now, "claimed")
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(cases).values(claimed | {"id": str(id)}))
                write_log(connection, id, worker, now, "claimed")
        except IntegrityError as why:
            raise _taken() from why

    def give_back(self, id: UUID, worker: str, now: datetime) -> None:
        """Let others ring. Raises CaseTaken if it is not this worker's."""
        with self._engine.begin() as connection:
            released = {"state": CaseState.OPEN.value, "claimed_by": None, "claimed_at": None}
            _change(connection, update(cases).where(*_is_held(id, worker)).values(released))
            write_log(connection, id, worker, now, "given back")

    def add_attempt(self, id: UUID, once: UUID, worker: str, kind: AttemptKind, now: datetime) -> None:
        """Note a try. The same `once` again is the same press of the button; with another `kind` it is that of somebody who
        went back to the form, and another try. Raises CaseTaken.
        """
        row = {"id": str(once), "case": str(id), "worker": worker, "at": now, "kind": kind.value}
        same = [attempts.c[name] == row[name] for name in ("id", "case", "kind")]
        with self._engine.begin() as connection:
            require_held(connection, id, worker)
            if connection.execute(select(attempts.c.id).where(*same)).one_or_none():
                return
            if not insert_new(connection, attempts, row):
                connection.execute(insert(attempts).values(row | {"id": str(uuid4())}))
            write_log(connection, id, worker, now, f"tried: {kind.value}")

    def close(self, id: UUID, worker: str, kinds: Iterable[ResultKind], now: datetime) -> None:
        """Note what came of it and close the case. Raises CaseTaken if it is not this worker's."""
        closed = {"state": CaseState.CLOSED.value, "closed_at": now}
        with self._engine.begin() as connection:
            _change(connection, update(cases).where(*_is_held(id, worker)).values(closed))
            for kind in dict.fromkeys(kinds):
                _put_result(connection, {"case": str(id), "worker": worker, "at": now, "kind": kind.value})
            write_log(connection, id, worker, now, "closed")

    def reopen(self, id: UUID, worker: str, now: datetime) -> None:
        """Take the result back; `worker` holds the case again. Raises CaseTaken if it is not closed."""
        closed, since = update(cases).where(cases.c.id == str(id), IS_CLOSED), self.find_swapped_at(id)
        of_this = [results.c.case == str(id), *([results.c.at >= since] if since else ())]
        claimed = {"state": CaseState.CLAIMED.value, "claimed_by": worker, "claimed_at": now, "closed_at": None}
        with self._engine.begin() as connection:
            _change(connection, closed.values(claimed))
            connection.execute(delete(results).where(*of_this))
            write_log(connection, id, worker, now, "reopened")

    def log_access(self, id: UUID, worker: str, now: datetime, what: str) -> None:
        """Note that `worker` saw this case. `what` is one or two words of ours."""
        with self._engine.begin() as connection:
            write_log(connection, id, worker, now, what)

    def find_attempts(self, id: UUID, other: bool = False) -> list[Attempt]:
        """Return the tries so far to reach who is on the desk under this number, the first one first.

        `other` asks for those of the one whose place it took, as was_about_other does.
        """
        rows = self._rows_of_other(attempts, id) if other else self._rows_of_this(attempts, id)
        return [Attempt(row.worker, row.at, AttemptKind(row.kind)) for row in rows]

    def find_results(self, id: UUID, other: bool = False) -> list[Result]:
        """Return what came of who is on the desk under this number; empty while the case is open. `other` as in
        find_attempts.
        """
        rows = self._rows_of_other(results, id) if other else self._rows_of_this(results, id)
        return [Result(row.worker, row.at, ResultKind(row.kind)) for row in rows]

    def find_swapped_at(self, id: UUID) -> datetime | None:
        """Return when this request took the place of another of its number: what is older was written about that one."""
        return max(self.find_swaps(id), default=None)

    def find_swaps(self, id: UUID) -> list[datetime]:
        """Return when requests of this number traded places, the first time first."""
        swaps = (access_log.c.case == str(id), access_log.c.what == PUT_IN_ITS_PLACE)
        with self._engine.connect() as connection:
            return list(connection.execute(select(access_log.c.at).where(*swaps).order_by(access_log.c.at)).scalars())

    def find_accesses(self, id: UUID) -> list[tuple[str, datetime, str]]:
        """Return who did or saw what and when, the first one first."""
        return [(row.worker, row.at, row.what) for row in self._rows(access_log, id)]

    def find_deletions(self) -> list[tuple[str, datetime]]:
        """Return who deleted a request before its time and when, the latest first. Nothing else is left of it."""
        query = select(access_log.c.worker, access_log.c.at).where(access_log.c.what == DELETED)
        with self._engine.connect() as connection:
            return [(row.worker, row.at) for row in connection.execute(query.order_by(*_LATEST_FIRST))]

    def find_settled(self) -> list[Settled]:
        """Return what leads did to what was set aside, the latest first, as far as it is still in the log."""
        query = select(access_log).where(access_log.c.what.in_(SETTLED)).order_by(*_LATEST_FIRST)
        with self._engine.connect() as connection:
            return [Settled(UUID(row.case), row.worker, row.at, row.what) for row in connection.execute(query)]

    def _rows_of_this(self, table: Table, id: UUID) -> list[Row[Any]]:
        """Return the rows of a case, but for those about another request that stood on the desk under its number."""
        since = self.find_swapped_at(id)
        return [row for row in self._rows(table, id) if not since or row.at >= since]

    def _rows_of_other(self, table: Table, id: UUID) -> list[Row[Any]]:
        swaps = self.find_swaps(id)
        return [row for row in self._rows(table, id) if was_about_other(row.at, swaps)]

    def _rows(self, table: Table, id: UUID) -> list[Row[Any]]:
        query = select(table).where(table.c.case == str(id)).order_by(table.c.at, table.c.id)
        with self._engine.connect() as connection:
            return list(connection.execute(query))


def was_about_other(at: datetime, swaps: Iterable[datetime]) -> bool:
    """True if what was written at that time is about the one of two requests that is not on the desk now: since then the
    two have traded places once, or three times. Where a number came more often than twice, nobody knows.
    """
    return sum(at < swap for swap in swaps) % 2 == 1


def find_holders(connection: Connection) -> dict[str, Holder]:
    """Return the state and the worker of every case that somebody has touched, by its id as text: quickly, for lists.

    Of one that is closed the worker is left out.
    """
    holders = dict[str, Holder]()
    for ids, state, by in connection.execute(_HOLDERS).all():
        if ids:
            holders |= dict.fromkeys(ids.split(","), (state, by))
    return holders


def _put_result(connection: Connection, row: dict[str, Any]) -> None:
    if insert_new(connection, results, row):
        return
    # It is there of another request that came under this number, which the report has counted: it is this one's now.
    same = update(results).where(results.c.case == row["case"], results.c.kind == row["kind"])
    connection.execute(same.values(worker=row["worker"], at=row["at"]))


def require_held(connection: Connection, id: UUID, worker: str) -> None:
    """Raise CaseTaken unless `worker` holds the case; until the transaction ends nobody else can take it."""
    if not lock_rows(connection, cases, *_is_held(id, worker)):
        raise _taken()


def write_log(connection: Connection, id: UUID, worker: str, now: datetime, what: str) -> None:
    """Note what `worker` saw or did, in the transaction in which it is done. `what` is one or two words of ours."""
    connection.execute(insert(access_log).values(case=str(id), worker=worker, at=now, what=what))


def _is_held(id: UUID, worker: str) -> tuple[ColumnElement[bool], ...]:
    return cases.c.id == str(id), cases.c.state == CaseState.CLAIMED.value, cases.c.claimed_by == worker


def _change(connection: Connection, change: Update) -> None:
    if connection.execute(change).rowcount == 0:
        raise _taken()


def _taken() -> CaseTaken:
    return CaseTaken("Somebody else has this request, or it is closed.", "Go back to the list and look again.")


def _case(row: Row[Any]) -> Case:
    return Case(UUID(row.id), CaseState(row.state), row.claimed_by, row.claimed_at, row.closed_at)
