"""Find childcare: nearest first, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, or_, select

from kiosk.childcare.hits import TRAITS, WEEK, find_values
from kiosk.childcare.hours import Slot
from kiosk.childcare.index import ON_SHOW
from kiosk.childcare.model import Found, Kind, Offers, Results, Search
from kiosk.childcare.nearest import Place, Spot, find_spots, find_spots_within, understand, words_of
from kiosk.childcare.places import get_place
from kiosk.childcare.records import FUNDED, TERMS, read_week, to_provider, traits_of
from kiosk.childcare.store import ChildcareStore
from kiosk.childcare.tables import providers, sorts, spans, spots, weeks

# Made once: to put a statement together takes longer than to run it.
_LISTED = select(spots.c.number, providers).join(spots, spots.c.row == providers.c.row)
_LISTED = _LISTED.where(spots.c.number.in_(bindparam("numbers", expanding=True)))


def find_childcare(store: ChildcareStore, search: Search) -> Results:
    """Return one page of what `search` asks for. Raises UnknownPostcode when `near` is not in the postcode table.

    Never shows what staff hid, nor examples once a real list is loaded. With `near`, a provider whose postcode has no
    place on the map is left out; without it the order is by name.
    """
    with store.reading() as connection:
        if search.near is None:
            return _by_name(connection, search)
        return _nearest(connection, search, get_place(connection, search.near))


def _nearest(connection: Connection, search: Search, place: Place) -> Results:
    wanted = understand(connection, search)
    start = (search.page - 1) * search.size
    if search.within is None:
        nearest, total = find_spots(connection, wanted, place, start + search.size), wanted.total
    else:
        nearest = find_spots_within(connection, wanted, place, search.within)
        total = len(nearest)
    return _results(search, _listed(connection, nearest[start : start + search.size]), total, wanted.more)


def _results(search: Search, found: tuple[Found, ...], total: int, more: bool = False) -> Results:
    return Results(found, total, search.page, -(-total // search.size), search.near, more)


def _listed(connection: Connection, nearest: Sequence[Spot]) -> tuple[Found, ...]:
    chosen = connection.execute(_LISTED, {"numbers": [spot.number for spot in nearest]})
    rows = {row["number"]: row for row in chosen.mappings()}
    return tuple(Found(to_provider(rows[spot.number]), _metres(spot.squared)) for spot in nearest)


def _metres(squared: int) -> int:
    """Return the root, rounded to the nearest metre."""
    return (isqrt(4 * squared) + 1) // 2


def _by_name(connection: Connection, search: Search) -> Results:
    matches = select(providers).where(*_filters(search))
    page = matches.order_by(func.lower(providers.c.name), providers.c.row)
    page = page.limit(search.size).offset((search.page - 1) * search.size)
    found = tuple(Found(to_provider(row)) for row in connection.execute(page).mappings())
    return _results(search, found, connection.scalar(select(func.count()).select_from(matches.subquery())) or 0)


def _filters(search: Search) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [ON_SHOW]
    if search.kinds:
        wanted.append(providers.c.kind.in_(sorted(kind.value for kind in search.kinds)))
    if search.ages:
        wanted.append(or_(*(_takes(age) for age in sorted(search.ages))))
    wanted.extend(func.instr(providers.c.words, f" {word}") > 0 for word in words_of(search))
    traits = traits_of(() if search.funded is None else (search.funded,), search.terms)
    if traits:
        wanted.append(providers.c.traits.bitwise_and(traits) == traits)
    wanted.extend(providers.c.week.in_(_open_at(slot)) for slot in search.slots)
    return wanted


def _open_at(slot: Slot) -> Select[tuple[str]]:
    """The weeks that hold the whole of a slot on one of its days."""
    open_ = spans.c.day.in_(slot.days) & (spans.c.opens <= slot.opens) & (spans.c.closes >= slot.closes)
    return select(weeks.c.says).join(spans, spans.c.week == weeks.c.week).where(open_)


def _takes(age: int) -> ColumnElement[bool]:
    """What a source does not say about ages keeps nobody away."""
    youngest, oldest = providers.c.ages_from, providers.c.ages_to
    return (youngest.is_(None) | (youngest <= age)) & (oldest.is_(None) | (oldest >= age))


def get_offers(store: ChildcareStore) -> Offers:
    """Return what of the places on the map can be searched for, so that nothing is offered that finds nothing."""
    with store.reading() as connection:
        every = connection.execute(select(sorts)).all()
        traits = find_values(connection, TRAITS)
        on_the_map = find_values(connection, WEEK)
        kept = [week.says for week in connection.execute(select(weeks)) if week.week in on_the_map]
    return Offers(
        kinds=frozenset(Kind(sort.kind) for sort in every),
        ages=any(sort.ages_from is not None or sort.ages_to is not None for sort in every),
        weeks=tuple(map(read_week, kept)),
        terms=frozenset(terms for terms, bits in TERMS.items() if any(each & bits == bits for each in traits)),
        funded=frozenset(hours for hours, bit in FUNDED.items() if any(each & bit for each in traits)),
    )
