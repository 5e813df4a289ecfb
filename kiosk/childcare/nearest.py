"""Nearest first: walk the squares around a place, or gather by the word index what is too rare to be met on the way.

A walk looks at the squares around its place, then at squares twice as far, until it has enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from sqlalchemy import Connection, TextClause, bindparam, select, text

from kiosk.childcare.hours import Slot
from kiosk.childcare.index import CELL, EVERY_SORT, sign
from kiosk.childcare.model import Search
from kiosk.childcare.records import traits_of
from kiosk.childcare.tables import sorts
from kiosk.childcare.words import fold

WORDS_AT_MOST = 8
SLOTS_AT_MOST = 8
# Up to so many matches are gathered by the word index: that costs less than walking squares that do not hold them.
FEW = 2_000
# A name can be common in one town and missing elsewhere: a walk that looks for words gives up here, in metres.
FAR_FOR_WORDS = 32_000

_SQUARED = "(s.easting - :east) * (s.easting - :east) + (s.northing - :north) * (s.northing - :north)"
_COUNT = text("SELECT count(*) FROM spot_words WHERE spot_words MATCH :match")


_GATHERED = "FROM spot_words AS w JOIN spots AS s ON s.row = w.rowid WHERE spot_words MATCH :match{conditions}"
_OPEN = (
    " AND s.week IN (SELECT week FROM spans WHERE 1 << day & :days{number}"
    " AND opens <= :opens{number} AND closes >= :closes{number})"
)


class Place(NamedTuple):
    """A point on the British National Grid, in metres."""

    easting: int
    northing: int


class Spot(NamedTuple):
    """A provider's row, and its distance in metres, squared."""

    row: int
    squared: int


@dataclass(frozen=True)
class Wanted:
    """A search as the index understands it: words that are begun, sorts that suit, and how many match in all."""

    words: tuple[str, ...]
    sorts: tuple[int, ...]
    total: int
    traits: int = 0
    slots: tuple[Slot, ...] = ()

    @property
    def conditions(self) -> str:
        """What a row `s` with traits and a week must hold beyond its sort; `given` binds it."""
        traits = " AND s.traits & :traits = :traits" if self.traits else ""
        return traits + "".join(_OPEN.format(number=number) for number in range(len(self.slots)))

    @property
    def given(self) -> dict[str, object]:
        """What `conditions` binds."""
        given: dict[str, object] = {"traits": self.traits} if self.traits else {}
        for number, slot in enumerate(self.slots):
            days = sum(1 << day for day in slot.days)
            given |= {f"days{number}": days, f"opens{number}": slot.opens, f"closes{number}": slot.closes}
        return given

    @property
    def match(self) -> str:
        """The search in the word index's own language. Folded words are only letters and digits: none can escape."""
        return " AND ".join(f"({self._begun(word)})" for word in self.words or ("",))

    def _begun(self, word: str) -> str:
        return " OR ".join(f'"{sign(sort)}{word}"*' for sort in self.sorts)


def words_of(search: Search) -> tuple[str, ...]:
    """Return the words that a listing must hold the beginnings of."""
    return tuple(dict.fromkeys(fold(search.text).split()))[:WORDS_AT_MOST]


def understand(connection: Connection, search: Search) -> Wanted:
    """Turn the filters into sorts and traits, and count what there is to find, but for a circle: that is all looked at."""
    every = connection.execute(select(sorts)).all()
    suit = [sort for sort in every if _suits(search, sort.kind, sort.ages_from, sort.ages_to)]
    total = sum(sort.providers for sort in suit)
    traits = traits_of(() if search.funded is None else (search.funded,), search.terms)
    wanted = Wanted(words_of(search), tuple(sort.sort for sort in suit), total, traits, search.slots[:SLOTS_AT_MOST])
    if not total or search.within is not None:
        return wanted
    return replace(wanted, total=_count(connection, wanted, takes_every_sort=len(suit) == len(every)))


def _count(connection: Connection, wanted: Wanted, takes_every_sort: bool) -> int:
    given: dict[str, object]
    if wanted.words and wanted.conditions:
        statement, given = _counting(wanted.conditions), {"match": wanted.match, **wanted.given}
    elif wanted.words:
        statement, given = _COUNT, {"match": wanted.match}
    elif wanted.conditions:
        statement, given = _tallying(wanted.conditions), {"sorts": (EVERY_SORT,) if takes_every_sort else wanted.sorts}
        given |= wanted.given
    else:
        return wanted.total
    return connection.scalar(statement, given) or 0


@cache
def _tallying(conditions: str) -> TextClause:
    tallied = f"SELECT sum(s.providers) FROM tallies AS s WHERE s.sort IN :sorts{conditions}"  # noqa: S608 - bound
    return text(tallied).bindparams(bindparam("sorts", expanding=True))


@cache
def _counting(conditions: str) -> TextClause:
    return text(f"SELECT count(*) {_GATHERED.format(conditions=conditions)}")


def _suits(search: Search, kind: str, ages_from: int | None, ages_to: int | None) -> bool:
    if search.kinds and kind not in search.kinds:
        return False
    if not search.ages:
        return True
    return any((ages_from or 0) <= age and (ages_to is None or age <= ages_to) for age in search.ages)


def find_spots(connection: Connection, wanted: Wanted, place: Place, limit: int, few: int = FEW) -> Sequence[Spot]:
    """Return the nearest `limit` spots, or all there are, nearest first; equal distances in the order of import."""
    limit = min(limit, wanted.total)
    if limit == 0:
        return []
    radius = CELL
    while wanted.total > few and not (wanted.words and radius > FAR_FOR_WORDS):
        found = _walk(connection, wanted, place, radius, limit)
        if len(found) == limit:
            return found
        radius *= 2
    return _gather(connection, wanted, place, limit)


def find_spots_within(connection: Connection, wanted: Wanted, place: Place, metres: int) -> Sequence[Spot]:
    """Return every spot that is at most so far away, nearest first."""
    return _walk(connection, wanted, place, metres, -1) if wanted.total else []


def _gather(connection: Connection, wanted: Wanted, place: Place, limit: int) -> Sequence[Spot]:
    given = {"match": wanted.match, "east": place.easting, "north": place.northing, "limit": limit, **wanted.given}
    return [Spot(*row) for row in connection.execute(_gathering(wanted.conditions), given)]


@cache
def _gathering(conditions: str) -> TextClause:
    gathered = _GATHERED.format(conditions=conditions)
    return text(f"SELECT s.row, {_SQUARED} AS squared {gathered} ORDER BY squared, s.row LIMIT :limit")


def _walk(connection: Connection, wanted: Wanted, place: Place, radius: int, limit: int) -> Sequence[Spot]:
    given: dict[str, object] = {
        "east": place.easting,
        "north": place.northing,
        "west_cell": (place.easting - radius) // CELL,
        "east_cell": (place.easting + radius) // CELL,
        "south_cell": (place.northing - radius) // CELL,
        "north_cell": (place.northing + radius) // CELL,
        "radius_squared": radius * radius,
        "sorts": wanted.sorts,
        "limit": limit,
    }
    given |= {f"word{index}": f" {word}" for index, word in enumerate(wanted.words)} | wanted.given
    return [Spot(*row) for row in connection.execute(_walking(len(wanted.words), wanted.conditions), given)]


@cache
def _walking(words: int, conditions: str) -> TextClause:
    """The statement that looks at every square within a radius. CROSS JOIN keeps SQLite to one column after another."""
    begun = "".join(f" AND instr(p.words, :word{index}) > 0" for index in range(words))
    return text(
        f"""
        WITH RECURSIVE band(x) AS (SELECT :west_cell UNION ALL SELECT x + 1 FROM band WHERE x < :east_cell)
        SELECT s.row, {_SQUARED} AS squared FROM band CROSS JOIN spots AS s INDEXED BY spots_by_cell
          ON s.cell_x = x AND s.cell_y BETWEEN :south_cell AND :north_cell
        {"JOIN providers AS p ON p.row = s.row" if words else ""}
        WHERE s.sort IN :sorts AND squared <= :radius_squared {begun}{conditions}
        ORDER BY squared, s.row LIMIT :limit
        """  # noqa: S608 - joined from this module's own words; every value is bound
    ).bindparams(bindparam("sorts", expanding=True))
