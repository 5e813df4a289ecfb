"""The index that nearest-first search reads: a grid of squares for places, a word index for texts.

A *sort* is a kind with its ages: the handful of sorts that suit a search stand in for those filters everywhere. A plain
table of squares with a covering index was measured against SQLite's R*Tree (tests/benchmarks/childcare.py): it is built
faster, and finds faster where there is a filter, because the sort is read from the index itself.
"""

from __future__ import annotations

from sqlalchemy import Connection, and_, delete, func, insert, literal, select

from kiosk.childcare.records import read_week
from kiosk.childcare.tables import hidden, providers, sorts, spans, spots, tallies, weeks

CELL = 2_000  # metres; the side of a square
UNKNOWN_WEEK = 0
EVERY_SORT = 0  # all sorts together, tallied so that a search for no kind and no age need not add them up

_every = providers.alias("every")
_taken_off = select(hidden.c.reference)
# What a parent may see: nothing that staff hid, and no example once there is a real list.
ON_SHOW = and_(
    providers.c.shown,
    providers.c.example == select(func.min(_every.c.example)).where(_every.c.shown).scalar_subquery(),
    providers.c.urn.not_in(_taken_off),
    providers.c.id.not_in(_taken_off),
)

_placed = select(providers.c.kind, providers.c.ages_from, providers.c.ages_to, func.count())
_placed = _placed.where(providers.c.easting.is_not(None), ON_SHOW).group_by("kind", "ages_from", "ages_to")
_of_sort = and_(
    sorts.c.kind == providers.c.kind,
    sorts.c.ages_from.is_not_distinct_from(providers.c.ages_from),
    sorts.c.ages_to.is_not_distinct_from(providers.c.ages_to),
)
_spots = select(
    providers.c.row,
    providers.c.easting // CELL,
    providers.c.northing // CELL,
    providers.c.easting,
    providers.c.northing,
    sorts.c.sort,
    providers.c.traits,
    func.coalesce(weeks.c.week, UNKNOWN_WEEK),
)
_spots = _spots.join(sorts, _of_sort).outerjoin(weeks, weeks.c.says == providers.c.week)
_spots = _spots.where(providers.c.easting.is_not(None), ON_SHOW).order_by(providers.c.row)
_weeks = select(providers.c.week).where(providers.c.week != "").distinct()
_tallies = select(spots.c.sort, spots.c.traits, spots.c.week, func.count()).group_by("sort", "traits", "week")
_of_every_sort = select(literal(EVERY_SORT), tallies.c.traits, tallies.c.week, func.sum(tallies.c.providers))
_of_every_sort = _of_every_sort.group_by("traits", "week")
# A sort is written as one character for private use, which no folded word can hold.
_FIRST_SIGN = 0xE000
_FILL_WORDS = f"""
    INSERT INTO spot_words (rowid, words)
    SELECT spots.row, replace(words, ' ', ' ' || char({_FIRST_SIGN} + sort)) FROM spots JOIN providers USING (row)
    ORDER BY spots.row
"""  # noqa: S608 - a constant


def sign(sort: int) -> str:
    """Return the character that a sort's words begin with in the word index."""
    return chr(_FIRST_SIGN + sort)


def rebuild(connection: Connection) -> None:
    """Make the index anew: what is on show and has a place; real providers instead of examples once there are any."""
    connection.exec_driver_sql("INSERT INTO spot_words(spot_words) VALUES ('delete-all')")
    for table in (spots, sorts, tallies, weeks, spans):
        connection.execute(delete(table))
    _fill_weeks(connection)
    connection.execute(insert(sorts).from_select(["kind", "ages_from", "ages_to", "providers"], _placed))
    connection.execute(insert(spots).from_select([column.name for column in spots.columns], _spots))
    for tallied in (_tallies, _of_every_sort):
        connection.execute(insert(tallies).from_select([column.name for column in tallies.columns], tallied))
    connection.exec_driver_sql(_FILL_WORDS)


def _fill_weeks(connection: Connection) -> None:
    connection.execute(insert(weeks).from_select(["says"], _weeks))
    rows = [
        {"week": row.week, "day": span.day, "opens": span.opens, "closes": span.closes}
        for row in connection.execute(select(weeks))
        for span in read_week(row.says)
    ]
    if rows:
        connection.execute(insert(spans), rows)
