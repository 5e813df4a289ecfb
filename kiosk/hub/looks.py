"""Who opened which list: that, when, and how many requests it showed. What was searched for is not kept.

A look at one request is in the log of that request (`kiosk.hub.cases`). A list shows many at once, so a look at it is
counted by worker, page and hour: of a page that is opened again and again, one row tells as much as a thousand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Engine, delete, func, select, update

from kiosk.hub.desk_tables import list_looks
from kiosk.hub.new_rows import insert_new

KEPT_FOR = timedelta(days=90)
SHOWN_MOST = 500  # lines on the page of the log


class What(StrEnum):
    OPEN = "open"
    HANDLED = "handled"
    SEARCH = "search"


@dataclass(frozen=True)
class Looked:
    """What one worker looked at in one hour: a list, of which `pages`, how often it was searched, and how many requests
    they saw on it. One that stands on the same page twice counts once, but with each search anew.
    """

    worker: str
    hour: datetime
    what: What
    pages: int
    searches: int
    rows: int


class Looks:
    """The log of one hub. Each call is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def note(self, worker: str, what: What, page: int, rows: int, now: datetime) -> None:
        """Note that `worker` saw so many requests on a page of a list. Writes only what the hour's row does not say yet."""
        key = {"worker": worker, "what": what.value, "page": page, "hour": _hour_of(now)}
        mine = [list_looks.c[name] == value for name, value in key.items()]
        with self._engine.connect() as connection:
            known = connection.execute(select(list_looks.c.rows).where(*mine)).scalar_one_or_none()
        if known is not None and what is not What.SEARCH and rows <= known:
            return
        with self._engine.begin() as connection:
            if not insert_new(connection, list_looks, key | {"times": 1, "rows": rows}):
                connection.execute(update(list_looks).where(*mine).values(_more(what, rows)))

    def find(self) -> list[Looked]:
        """Return the latest looks, the latest first, at most SHOWN_MOST."""
        columns = list_looks.c
        by = (columns.worker, columns.hour, columns.what)
        sums = (func.count(), func.sum(columns.times), func.sum(columns.rows))
        query = select(*by, *sums).group_by(*by).order_by(columns.hour.desc(), columns.worker, columns.what)
        with self._engine.connect() as connection:
            found = connection.execute(query.limit(SHOWN_MOST)).all()
        return [
            Looked(worker, hour, What(what), pages, times if what == What.SEARCH else 0, rows)
            for worker, hour, what, pages, times, rows in found
        ]

    def forget_before(self, moment: datetime) -> None:
        """Delete what is older."""
        with self._engine.begin() as connection:
            connection.execute(delete(list_looks).where(list_looks.c.hour < moment))


def _more(what: What, rows: int) -> dict[str, ColumnElement[int] | int]:
    if what is What.SEARCH:
        return {"times": list_looks.c.times + 1, "rows": list_looks.c.rows + rows}
    return {"rows": rows}


def _hour_of(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
