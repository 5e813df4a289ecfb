"""Find childcare: nearest first, page by page."""

from __future__ import annotations

from math import isqrt

from sqlalchemy import ColumnElement, Connection, func, or_, select

from kiosk.childcare.index import ON_SHOW
from kiosk.childcare.model import Found, Results, Search
from kiosk.childcare.nearest import Place, find_spots, understand, words_of
from kiosk.childcare.records import to_provider
from kiosk.childcare.store import ChildcareStore, get_place
from kiosk.childcare.tables import providers


def find_childcare(store: ChildcareStore, search: Search) -> Results:
    """Return one page of what `search` asks for. Raises UnknownPostcode when `near` is not in the postcode table.

    Never shows what staff hid, nor examples once a real list is loaded. With `near`, a provider whose postcode has no
    place on the map is left out; without it the order is by name.
    """
    with store.reading() as connection:
        if search.near is None:
            found, total = _by_name(connection, search)
        else:
            found, total = _nearest(connection, search, get_place(connection, search.near))
    return Results(found, total, search.page, -(-total // search.size), search.near)


def _nearest(connection: Connection, search: Search, place: Place) -> tuple[tuple[Found, ...], int]:
    wanted = understand(connection, search)
    start = (search.page - 1) * search.size
    spots = find_spots(connection, wanted, place, start + search.size)[start:]
    chosen = select(providers).where(providers.c.row.in_([spot.row for spot in spots]))
    rows = {row["row"]: row for row in connection.execute(chosen).mappings()}
    return tuple(Found(to_provider(rows[spot.row]), _metres(spot.squared)) for spot in spots), wanted.total


def _metres(squared: int) -> int:
    """Return the root, rounded to the nearest metre."""
    return (isqrt(4 * squared) + 1) // 2


def _by_name(connection: Connection, search: Search) -> tuple[tuple[Found, ...], int]:
    matches = select(providers).where(*_filters(search))
    page = matches.order_by(func.lower(providers.c.name), providers.c.row)
    page = page.limit(search.size).offset((search.page - 1) * search.size)
    found = tuple(Found(to_provider(row)) for row in connection.execute(page).mappings())
    return found, connection.scalar(select(func.count()).select_from(matches.subquery())) or 0


def _filters(search: Search) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [ON_SHOW]
    if search.kinds:
        wanted.append(providers.c.kind.in_(sorted(kind.value for kind in search.kinds)))
    if search.ages:
        wanted.append(or_(*(_takes(age) for age in sorted(search.ages))))
    wanted.extend(func.instr(providers.c.words, f" {word}") > 0 for word in words_of(search))
    return wanted


def _takes(age: int) -> ColumnElement[bool]:
    """What a source does not say about ages keeps nobody away."""
    youngest, oldest = providers.c.ages_from, providers.c.ages_to
    return (youngest.is_(None) | (youngest <= age)) & (oldest.is_(None) | (oldest >= age))
