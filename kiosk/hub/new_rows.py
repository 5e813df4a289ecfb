"""Insert a row unless its key is there: that makes a second call, and a second process, harmless."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_new(connection: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Insert `row` unless its unique key is there."""
    return connection.execute(insert_new_statement(connection.dialect.name, table), row).first() is not None


@cache
def insert_new_statement(dialect_name: str, table: Table, also: str | None = None) -> Any:
    """Both databases say it alike, SQLAlchemy in two classes. Returns the key of each new row, and one column `also`."""
    dialect = postgresql if dialect_name == "postgresql" else sqlite
    return (
        dialect.insert(table).on_conflict_do_nothing().returning(*table.primary_key, *([table.c[also]] if also else []))
    )
