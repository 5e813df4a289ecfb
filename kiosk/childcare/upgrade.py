"""An older childcare.db is brought along by itself: a kiosk that was updated still knows its lists and postcodes."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, RowMapping

from kiosk.childcare import tables
from kiosk.childcare.index import rebuild
from kiosk.childcare.model import Postcode, Provider
from kiosk.childcare.records import INSERT, to_provider, to_row
from kiosk.childcare.understood import understood

_SINCE_2: dict[str, object] = {"week": "", "traits": 0, "also": ""}


def prepare(connection: Connection) -> None:
    """Make the tables, or bring those of version 1, 2 or 3 up to this one.

    Tables of a version that is not known here, from a newer program, are made anew; what staff hid and the postcodes are
    kept, and the lists have to be imported again.
    """
    version = connection.exec_driver_sql("PRAGMA user_version").scalar()
    if version == tables.SCHEMA:
        return
    if version == 1:
        _from_1(connection)
    elif version in (2, 3):
        _from_2_or_3(connection)
    else:
        tables.drop(connection, keep=(tables.hidden, tables.postcodes))
        tables.make(connection)


def _from_1(connection: Connection) -> None:
    """Version 2 reads hours and free hours as data, merges lists, and keeps who is withheld; postcodes are as before."""
    listed = connection.exec_driver_sql("SELECT * FROM providers ORDER BY row").mappings().all()
    lists = connection.exec_driver_sql("SELECT origin, as_at, withheld, refused FROM sources").all()
    tables.drop(connection, keep=(tables.hidden, tables.postcodes))
    tables.make(connection)
    if lists:
        insert = "INSERT INTO sources (origin, as_at, withheld, refused) VALUES (?, ?, ?, ?)"
        connection.exec_driver_sql(insert, [tuple(each) for each in lists])
    if listed:
        connection.exec_driver_sql(INSERT, [to_row(understood(_read_1(row)), row["origin"]) for row in listed])
    rebuild(connection)


def _from_2_or_3(connection: Connection) -> None:
    """Version 3 has another index; version 4 knows who masks an address. Lists, postcodes and what staff hid are as before."""
    connection.exec_driver_sql("ALTER TABLE providers ADD COLUMN masked BOOLEAN NOT NULL DEFAULT 0")
    # Until its list comes again, a part of an address is taken for a mask.
    connection.exec_driver_sql("UPDATE providers SET masked = (address = '' AND instr(postcode, ' ') = 0)")
    imported = (tables.providers, tables.hidden, tables.sources, tables.withheld, tables.postcodes)
    connection.exec_driver_sql("DROP TABLE IF EXISTS tallies")
    tables.drop(connection, keep=imported)
    tables.make(connection)
    rebuild(connection)


def _read_1(row: RowMapping) -> Provider:
    days = {name: row[name] and date.fromisoformat(row[name]) for name in ("as_at", "rated_on")}
    is_masked = not row["address"] and not Postcode.parse(row["postcode"]).is_full
    return to_provider({**row, **_SINCE_2, **days, "masked": is_masked})
