"""The tables of childcare.db: what was imported, what staff hid, and the index that nearest-first search reads."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)

# Raised whenever a table changes. Everything but `hidden` can be imported again, so an older database starts anew.
SCHEMA = 1

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
    Column("example", Boolean, nullable=False),
    Column("words", Text, nullable=False),
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
    Column("providers", Integer, nullable=False),
)

spots = Table(
    "spots",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("cell_x", Integer, nullable=False),
    Column("cell_y", Integer, nullable=False),
    Column("easting", Integer, nullable=False),
    Column("northing", Integer, nullable=False),
    Column("sort", Integer, nullable=False),
    Index("spots_by_cell", "cell_x", "cell_y", "sort", "easting", "northing"),
)

# Each word stands behind its provider's sort, so that a match reads only what suits. `ascii` takes every character beyond
# ASCII as part of a word, which is just how words.fold leaves them. A prefix of one is a sort alone.
_SPOT_WORDS = """
    CREATE VIRTUAL TABLE spot_words USING fts5(words, content='', detail='column', prefix='1 2 3', tokenize='ascii')
"""


def prepare(connection: Connection) -> None:
    """Make the tables, or make them anew when they are of another version of the program; `hidden` is kept."""
    if connection.exec_driver_sql("PRAGMA user_version").scalar() == SCHEMA:
        return
    connection.exec_driver_sql("DROP TABLE IF EXISTS spot_words")
    metadata.drop_all(connection, [table for table in metadata.sorted_tables if table is not hidden])
    metadata.create_all(connection)
    connection.exec_driver_sql(_SPOT_WORDS)
    connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA}")
