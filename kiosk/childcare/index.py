"""The index that nearest-first search reads: facets for what is offered, a grid of squares for places, words for texts.

A *sort* is a kind with its ages: the handful of sorts that suit a search stand in for those filters everywhere. A plain
table of squares with a covering index was measured against SQLite's R*Tree (tests/benchmarks/childcare.py): it is built
faster, and has fewer slow searches.
"""

from __future__ import annotations

from sqlalchemy import Connection, and_, delete, func, insert, select

from kiosk.childcare.hits import fill_facets
from kiosk.childcare.model import Kind
from kiosk.childcare.records import read_week
from kiosk.childcare.tables import facets, hidden, providers, sorts, spans, spot_texts, spots, weeks

CELL = 2_000  # metres; the side of a square
UNKNOWN_WEEK = 0

_every = providers.alias("every")
_taken_off = select(hidden.c.reference)
# What a parent may see: nothing that staff hid, and no example once there is a real list.
ON_SHOW = and_(
    providers.c.shown,
    providers.c.example == select(func.min(_every.c.example)).where(_every.c.shown).scalar_subquery(),
    providers.c.urn.not_in(_taken_off),
    providers.c.id.not_in(_taken_off),
)

_placed = select(providers.c.kind, providers.c.ages_from, providers.c.ages_to).distinct()
_placed = _placed.where(providers.c.easting.is_not(None), ON_SHOW)
_of_sort = and_(
    sorts.c.kind == providers.c.kind,
    sorts.c.ages_from.is_not_distinct_from(providers.c.ages_from),
    sorts.c.ages_to.is_not_distinct_from(providers.c.ages_to),
)
# Without its number, which SQLite counts up from 1.
_OF_A_SPOT = [column.name for column in spots.columns if not column.primary_key]
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
_texts = select(spots.c.number, providers.c.words).join(providers, providers.c.row == spots.c.row)
_texts = _texts.order_by(spots.c.number)
_weeks = select(providers.c.week).where(providers.c.week != "").distinct()
# A kind is written as one character for private use, which no folded word can hold.
_FIRST_SIGN = 0xE000
_SIGNS = {kind: _FIRST_SIGN + number for number, kind in enumerate(Kind)}
_SIGN = " ".join(f"WHEN '{kind.value}' THEN {code}" for kind, code in _SIGNS.items())
_FILL_WORDS = f"""
    INSERT INTO spot_words (rowid, words)
    SELECT number, replace(words, ' ', ' ' || char(CASE kind {_SIGN} END)) FROM spot_texts JOIN spots USING (number) JOIN sorts USING (sort)
    ORDER BY number
"""  # noqa: S608 - a constant


def sign(kind: Kind) -> str:
    """Return the character that the words of a kind of childcare begin with in the word index."""
    return chr(_SIGNS[kind])


def rebuild(connection: Connection) -> None:
    """Make the index anew: what is on show and has a place; real providers instead of examples once there are any."""
    connection.exec_driver_sql("INSERT INTO spot_words(spot_words) VALUES ('delete-all')")
    for table in (spots, spot_texts, sorts, facets, weeks, spans):
        connection.execute(delete(table))
    _fill_weeks(connection)
    connection.execute(insert(sorts).from_select(["kind", "ages_from", "ages_to"], _placed))
    connection.execute(insert(spots).from_select(_OF_A_SPOT, _spots))
    fill_facets(connection)
    connection.execute(insert(spot_texts).from_select(["number", "words"], _texts))
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
