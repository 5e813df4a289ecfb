"""The tables of childcare.db: what was imported, what staff hid, and the index that nearest-first search reads."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

# Raised whenever a table changes; upgrade.py brings an older database along.
SCHEMA = 4

metadata = MetaData()

providers = Table(
    "providers",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("origin", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("postcode", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("as_at", Date, nullable=False),
    Column("urn", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("masked", Boolean, nullable=False),
    Column("easting", Integer),
    Column("northing", Integer),
    Column("phone", Text, nullable=False),
    Column("places", Integer),
    Column("ages_from", Integer),
    Column("ages_to", Integer),
    Column("open", Text, nullable=False),
    Column("cost", Text, nullable=False),
    Column("funded_hours", Text, nullable=False),
    Column("term_time", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("rating", Text, nullable=False),
    Column("rated_on", Date),
    Column("week", Text, nullable=False),
    Column("traits", Integer, nullable=False),
    Column("also", Text, nullable=False),
    Column("example", Boolean, nullable=False),
    Column("words", Text, nullable=False),
    # False where another source withholds it, or where a listing merged of several stands for it.
    Column("shown", Boolean, nullable=False),
)

# By reference number (or id, where a source has none) and apart from providers, so that a new import cannot lose it.
hidden = Table("hidden", metadata, Column("reference", Text, primary_key=True))

sources = Table(
    "sources",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("as_at", Date, nullable=False),
    Column("withheld", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("rank", Integer),  # 1 has the first word where sources disagree; without it the newer one has
)

# Who did not agree to be published in one list is shown from no other. Only the number: never a name.
withheld = Table(
    "withheld",
    metadata,
    Column("urn", Text, primary_key=True),
    Column("origin", Text, primary_key=True),
    sqlite_with_rowid=False,
)

# `pcd` is without its space. No rowid: the code is the whole key, and 1.5 million rows stay near 40 MB.
postcodes = Table(
    "postcodes",
    metadata,
    Column("pcd", Text, primary_key=True),
    Column("easting", Integer, nullable=False),
    Column("northing", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# The index: only what a parent may see, and only what has a place on the map.
sorts = Table(
    "sorts",
    metadata,
    Column("sort", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("ages_from", Integer),
    Column("ages_to", Integer),
)

# Numbered 1, 2, 3 and so on, in the order of import: a spot's number is its place in each facet's column.
spots = Table(
    "spots",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("row", Integer, nullable=False),
    Column("cell_x", Integer, nullable=False),
    Column("cell_y", Integer, nullable=False),
    Column("easting", Integer, nullable=False),
    Column("northing", Integer, nullable=False),
    Column("sort", Integer, nullable=False),
    Column("traits", Integer, nullable=False),
    Column("week", Integer, nullable=False),
    Index("spots_by_cell", "cell_x", "cell_y", "easting", "northing"),
)

# A spot's words, to be looked through: narrow, so that those of thousands are in few pages, which whole listings are not.
spot_texts = Table(
    "spot_texts", metadata, Column("number", Integer, primary_key=True), Column("words", Text, nullable=False)
)

# What the spots offer, side by side, as hits.py reads it: a column's lowest bytes are plane 0, the next plane 1.
facets = Table(
    "facets",
    metadata,
    Column("name", Text, primary_key=True),
    Column("plane", Integer, primary_key=True),
    Column("holds", LargeBinary, nullable=False),
)

# Each week that any provider keeps, once; 0 in the index is a week that is not known.
weeks = Table("weeks", metadata, Column("week", Integer, primary_key=True), Column("says", Text, unique=True))
spans = Table(
    "spans",
    metadata,
    Column("week", Integer, nullable=False),
    Column("day", Integer, nullable=False),
    Column("opens", Integer, nullable=False),
    Column("closes", Integer, nullable=False),
)

# Each word stands behind its provider's kind, so that a match reads only what suits. `ascii` takes every character beyond
# ASCII as part of a word, which is just how words.fold leaves them.
_SPOT_WORDS = """
    CREATE VIRTUAL TABLE IF NOT EXISTS spot_words USING fts5(words, content='', detail='column', prefix='1 2 3', tokenize='ascii')
"""


def make(connection: Connection) -> None:
    """Make every table that is not there yet, and say of which version they are."""
    metadata.create_all(connection)
    connection.exec_driver_sql(_SPOT_WORDS)
    connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA}")


def drop(connection: Connection, keep: Collection[Table]) -> None:
    """Drop every table but those to `keep`."""
    connection.exec_driver_sql("DROP TABLE IF EXISTS spot_words")
    metadata.drop_all(connection, [table for table in metadata.sorted_tables if table not in keep])
