"""Who suits a search: a byte for each spot on the map, 1 where it suits, found for all spots at once.

The index keeps what the spots offer as *facets*: their sorts, their traits and their weeks, each a column of small
numbers, a byte to a spot. `bytes.translate` turns such a column into hits, and hits are joined as large integers: for
70,980 spots some tenths of a millisecond, where a statement that looks at one row after another took twenty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection, insert, select, text

from kiosk.childcare.hours import Slot
from kiosk.childcare.tables import facets, spots

SORT, TRAITS, WEEK = "sort", "traits", "week"
_BYTE = 256
_HIT, _MISS = b"\1", b"\0"
_COLUMN = text("SELECT holds FROM facets WHERE name = :name ORDER BY plane")
_OPEN = text("SELECT DISTINCT week FROM spans WHERE 1 << day & :days AND opens <= :opens AND closes >= :closes")


def fill_facets(connection: Connection) -> None:
    """Write the facets of the spots that are in the index, in the order of their numbers: 1, 2, 3 and so on."""
    rows = connection.execute(select(spots.c.sort, spots.c.traits, spots.c.week).order_by(spots.c.number)).all()
    for name, column in zip((SORT, TRAITS, WEEK), zip(*rows, strict=True), strict=False):
        planes = [{"name": name, "plane": plane, "holds": holds} for plane, holds in enumerate(to_planes(column))]
        connection.execute(insert(facets), planes)


def find_hits(connection: Connection, sorts: Collection[int], traits: int, slots: Iterable[Slot]) -> bytes:
    """Return who is of one of `sorts`, has all of `traits` and is open at all of `slots`: a byte for each spot."""
    planes = read_column(connection, SORT)
    hits = find_in(planes, sorts)
    if traits:
        every = [each for each in range(_BYTE) if each & traits == traits]
        hits &= find_in(read_column(connection, TRAITS), every)
    for slot in slots:
        hits &= find_in(read_column(connection, WEEK), _weeks_open_at(connection, slot))
    return hits.to_bytes(len(planes[0]), "little")


def find_values(connection: Connection, name: str) -> set[int]:
    """Return the different numbers that a facet's column holds."""
    different = set(zip(*read_column(connection, name), strict=True))
    return {int.from_bytes(bytes(each), "little") for each in different}


def to_hits(numbers: Iterable[int], spots_in_all: int) -> bytes:
    """Return hits where just the spots with these numbers suit."""
    hits = bytearray(spots_in_all)
    for number in numbers:
        hits[number - 1] = 1
    return bytes(hits)


def numbers_of(hits: bytes) -> list[int]:
    """Return the numbers of the spots that suit, in order."""
    numbers, find = [], hits.find
    at = find(_HIT)
    while at >= 0:
        numbers.append(at + 1)
        at = find(_HIT, at + 1)
    return numbers


def count_hits(hits: bytes) -> int:
    """Return how many spots suit."""
    return len(hits) - hits.count(_MISS)


def to_planes(column: Sequence[int]) -> list[bytes]:
    """Return a column's lowest bytes, then its next, up to the highest that any of its numbers needs."""
    width = max(1, (max(column).bit_length() + 7) // 8)
    packed = b"".join(number.to_bytes(width, "little") for number in column)
    return [packed[plane::width] for plane in range(width)]


def read_column(connection: Connection, name: str) -> list[bytes]:
    """Return a facet's planes, the lowest first; one without a byte where nothing is on the map."""
    return list(connection.scalars(_COLUMN, {"name": name})) or [b""]


def find_in(planes: Sequence[bytes], wanted: Iterable[int]) -> int:
    """Return hits, as one little-endian integer, where a column's number is one of `wanted`.

    A number that the planes have no room for is nowhere in them: a week, say, that only places off the map keep.
    """
    *lower, highest = planes
    if not lower:
        table = bytearray(_BYTE)
        for number in wanted:
            if number < _BYTE:
                table[number] = 1
        return int.from_bytes(highest.translate(table), "little")
    by_highest = defaultdict(set)
    for number in wanted:
        high, low = divmod(number, _BYTE ** len(lower))
        by_highest[high].add(low)
    hits = 0
    for high, lows in by_highest.items():
        hits |= find_in([highest], [high]) & find_in(lower, lows)
    return hits


def _weeks_open_at(connection: Connection, slot: Slot) -> Collection[int]:
    """The weeks that hold the whole of a slot on one of its days."""
    days = sum(1 << day for day in slot.days)
    return connection.scalars(_OPEN, {"days": days, "opens": slot.opens, "closes": slot.closes}).all()
