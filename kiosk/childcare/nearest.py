"""Nearest first: walk the squares around a place, or look at each of a few.

A walk looks at the squares around its place, then at squares twice as far, until it has enough. Where only a few suit in
the whole country a walk would go far: they are looked at one by one.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from sqlalchemy import Connection, TextClause, select, text

from kiosk.childcare.hits import count_hits, find_hits, numbers_of, to_hits
from kiosk.childcare.index import CELL, sign
from kiosk.childcare.model import Kind, Search
from kiosk.childcare.records import traits_of
from kiosk.childcare.tables import sorts
from kiosk.childcare.words import fold

WORDS_AT_MOST = 8
SLOTS_AT_MOST = 8
# Up to so many are looked at one by one: that costs less than walking squares that do not hold them.
FEW = 1_000
# Up to so many listings are read for words: for more the word index is asked, which reads all that hold them.
READ_FOR_WORDS = 1_000
# A search by words counts no further: nobody leafs through all who live in a street, and it would take most of the time.
COUNTED = 3_000
# A name can be common in one town and missing elsewhere: a walk that looks for words gives up here, in metres.
FAR_FOR_WORDS = 64_000

_SQUARED = "(s.easting - :east) * (s.easting - :east) + (s.northing - :north) * (s.northing - :north)"
_SORTS = select(sorts)
_HIT = "substr(:hits, s.number, 1) = x'01'"
# Thousands of numbers are had as one text: as rows they would be thousands of objects to make and to sweep up.
_MATCH = text(
    """
    SELECT json_group_array(number) FROM (
      SELECT rowid AS number FROM spot_words
      WHERE spot_words MATCH :match AND substr(:hits, rowid, 1) = x'01' LIMIT :limit
    )
    """
)
_GATHER = text(
    f"""
    SELECT s.number, {_SQUARED} AS squared FROM json_each(:numbers) CROSS JOIN spots AS s ON s.number = value
    ORDER BY squared, s.number LIMIT :limit
    """  # noqa: S608 - joined from this module's own words; every value is bound
)
_GATHER_WORDS = text(
    f"""
    SELECT s.number, {_SQUARED} AS squared FROM spot_words AS w CROSS JOIN spots AS s ON s.number = w.rowid
    WHERE spot_words MATCH :match AND {_HIT} ORDER BY squared, s.number LIMIT :limit
    """  # noqa: S608 - the same
)


class Place(NamedTuple):
    """A point on the British National Grid, in metres."""

    easting: int
    northing: int


class Spot(NamedTuple):
    """A provider's number on the map, and its distance in metres, squared."""

    number: int
    squared: int


@dataclass(frozen=True)
class Wanted:
    """A search as the index understands it.

    hits   a byte for each spot, 1 where it suits, but for `words`
    words  what its listing must hold the beginnings of; empty where `hits` knows it already
    kinds  all that may hold them
    total  how many spots suit; where a circle is asked for, how many would without it and without words
    more   there are more than `total`
    """

    hits: bytes
    total: int
    words: tuple[str, ...] = ()
    kinds: Collection[Kind] = ()
    more: bool = False

    @property
    def match(self) -> str:
        """The words in the word index's own language. Folded words are only letters and digits: none can escape."""
        return " AND ".join(f"({self._begun(word)})" for word in self.words)

    def _begun(self, word: str) -> str:
        return " OR ".join(f'"{sign(kind)}{word}"*' for kind in self.kinds)


def words_of(search: Search) -> tuple[str, ...]:
    """Return the words that a listing must hold the beginnings of."""
    return tuple(dict.fromkeys(fold(search.text).split()))[:WORDS_AT_MOST]


def understand(connection: Connection, search: Search) -> Wanted:
    """Find who suits, and count them. What is asked for by words within a circle is counted by who looks into it."""
    every = connection.execute(_SORTS).all()
    suit = [sort.sort for sort in every if _suits(search, sort.kind, sort.ages_from, sort.ages_to)]
    traits = traits_of(() if search.funded is None else (search.funded,), search.terms)
    hits = find_hits(connection, suit, traits, search.slots[:SLOTS_AT_MOST])
    wanted = Wanted(hits, count_hits(hits), words_of(search), search.kinds or tuple(Kind))
    if not wanted.words or not wanted.total or search.within is not None:
        return wanted
    return _with_words(connection, wanted)


def _with_words(connection: Connection, wanted: Wanted) -> Wanted:
    """Count who suits and holds the words. Where there are not too many, they are the hits, and the words are done with."""
    if wanted.total <= READ_FOR_WORDS:
        statement = _holding(len(wanted.words))
        given: dict[str, object] = {"numbers": json.dumps(numbers_of(wanted.hits)), **_bound(wanted.words)}
    else:
        statement, given = _MATCH, {"match": wanted.match, "hits": wanted.hits, "limit": COUNTED + 1}
    numbers = json.loads(connection.scalar(statement, given) or "[]")
    if len(numbers) > COUNTED:
        return replace(wanted, total=COUNTED, more=True)
    return Wanted(to_hits(numbers, len(wanted.hits)), len(numbers))


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
    given: dict[str, object] = {"east": place.easting, "north": place.northing, "limit": limit}
    if wanted.words:
        rows = connection.execute(_GATHER_WORDS, given | {"match": wanted.match, "hits": wanted.hits})
    else:
        rows = connection.execute(_GATHER, given | {"numbers": json.dumps(numbers_of(wanted.hits))})
    return [Spot(*row) for row in rows]


def _walk(connection: Connection, wanted: Wanted, place: Place, radius: int, limit: int) -> Sequence[Spot]:
    given: dict[str, object] = {
        "east": place.easting,
        "north": place.northing,
        "west_cell": (place.easting - radius) // CELL,
        "east_cell": (place.easting + radius) // CELL,
        "south_cell": (place.northing - radius) // CELL,
        "north_cell": (place.northing + radius) // CELL,
        "radius_squared": radius * radius,
        "hits": wanted.hits,
        "limit": limit,
        **_bound(wanted.words),
    }
    return [Spot(*row) for row in connection.execute(_walking(len(wanted.words)), given)]


@cache
def _walking(words: int) -> TextClause:
    """The statement that looks at every square within a radius. CROSS JOIN keeps SQLite to one column after another."""
    return text(
        f"""
        WITH RECURSIVE band(x) AS (SELECT :west_cell UNION ALL SELECT x + 1 FROM band WHERE x < :east_cell)
        SELECT s.number, {_SQUARED} AS squared FROM band CROSS JOIN spots AS s INDEXED BY spots_by_cell
          ON s.cell_x = x AND s.cell_y BETWEEN :south_cell AND :north_cell
        {"CROSS JOIN spot_texts AS t ON t.number = s.number" if words else ""}
        WHERE {_HIT} AND squared <= :radius_squared {_begun(words)}
        ORDER BY squared, s.number LIMIT :limit
        """  # noqa: S608 - joined from this module's own words; every value is bound
    )


@cache
def _holding(words: int) -> TextClause:
    """The statement that reads the listings of some numbers for words."""
    return text(
        f"""
        SELECT json_group_array(t.number) FROM json_each(:numbers) CROSS JOIN spot_texts AS t ON t.number = value
        WHERE true {_begun(words)}
        """  # noqa: S608 - the same
    )


def _begun(words: int) -> str:
    return "".join(f" AND instr(t.words, :word{index}) > 0" for index in range(words))


def _bound(words: Sequence[str]) -> dict[str, object]:
    """What `_begun` binds."""
    return {f"word{index}": f" {word}" for index, word in enumerate(words)}
