"""childcare.db: providers, postcodes and what staff hid. All of it but the hidden list can be imported again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from kiosk.childcare.index import rebuild
from kiosk.childcare.model import Postcode, Provider
from kiosk.childcare.nearest import Place
from kiosk.childcare.records import INSERT, to_provider, to_row
from kiosk.childcare.tables import hidden, postcodes, prepare, providers, sources
from kiosk.database import REBUILDABLE, open_sqlite
from kiosk.errors import ChildcareFileFaulty, UnknownPostcode, UnknownProvider

PostcodeRow = tuple[str, int, int]  # the code without its space; easting and northing in metres

DATABASE = "childcare.db"
_BATCH = 50_000
_ADD_POSTCODE = "INSERT OR REPLACE INTO postcodes (pcd, easting, northing) VALUES (?, ?, ?)"
_PLACE_FULL = text(
    """
    UPDATE providers SET easting = postcodes.easting, northing = postcodes.northing FROM postcodes
    WHERE providers.easting IS NULL AND postcodes.pcd = replace(providers.postcode, ' ', '')
    """
)
# An outward code is placed in the middle of its postcodes. The inward part always has three characters.
_MIDDLE = text(
    """
    SELECT CAST(avg(easting) AS INTEGER) AS easting, CAST(avg(northing) AS INTEGER) AS northing FROM postcodes
    WHERE pcd > :outward AND pcd < :outward || '~' AND length(pcd) = length(:outward) + 3
    """
)


@dataclass(frozen=True)
class Replaced:
    """What became of a list: how many it holds now and held before, and which ids have no place on the map."""

    providers: int
    before: int
    unplaced: tuple[str, ...]


@dataclass(frozen=True)
class SourceStatus:
    """One list that is loaded. `withheld` and `refused` count what its file held and the list does not."""

    origin: str
    as_at: date
    providers: int
    unplaced: int
    withheld: int
    refused: int


@dataclass(frozen=True)
class Status:
    sources: tuple[SourceStatus, ...]
    postcodes: int
    hidden: int


def open_childcare(data: Path) -> ChildcareStore:
    """Open childcare.db in the data folder, making both where there is none. Raises ChildcareFileFaulty."""
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as why:
        raise ChildcareFileFaulty(f"{data} cannot be made: {why.strerror}.", "Check the setting data.") from why
    return ChildcareStore(open_sqlite(data / DATABASE, REBUILDABLE))


class ChildcareStore:
    """Childcare on SQLite. Every change is one transaction: a reader sees the old list or the new one, whole.

    Raises ChildcareFileFaulty when the database cannot be read or written; what was committed before is still there.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        with self._changing() as connection:
            prepare(connection)

    def close(self) -> None:
        """Let go of the database's file."""
        self._engine.dispose()

    def replace_source(
        self, origin: str, listed: Iterable[Provider], as_at: date, withheld: int = 0, refused: int = 0
    ) -> Replaced:
        """Make `listed` the whole list of `origin`: who is no longer in it disappears, who was hidden stays hidden.

        Providers without coordinates take them from the postcode table; those whose postcode is not there are kept,
        named in the answer, and left out of nearest-first search until their postcode is loaded.
        """
        with self._changing() as connection:
            before = connection.execute(delete(providers).where(providers.c.origin == origin)).rowcount
            rows = [to_row(provider, origin) for provider in listed]
            if rows:
                connection.exec_driver_sql(INSERT, rows)
            connection.execute(delete(sources).where(sources.c.origin == origin))
            connection.execute(insert(sources).values(origin=origin, as_at=as_at, withheld=withheld, refused=refused))
            _place(connection)
            rebuild(connection)
            lost = select(providers.c.id).where(providers.c.origin == origin, providers.c.easting.is_(None))
            return Replaced(len(rows), before, tuple(connection.scalars(lost.order_by(providers.c.row))))

    def load_postcodes(self, rows: Iterable[PostcodeRow]) -> int:
        """Add `rows` to the postcode table, replacing codes that are there; return how many were added."""
        count, source = 0, iter(rows)
        with self._changing() as connection:
            while batch := list(islice(source, _BATCH)):
                connection.exec_driver_sql(_ADD_POSTCODE, batch)
                count += len(batch)
            _place(connection)
            rebuild(connection)
        return count

    def hide(self, reference: str) -> Provider:
        """Take the provider with this URN (or id) off the screen, also after later imports. Raises UnknownProvider."""
        with self._changing() as connection:
            connection.execute(insert(hidden).prefix_with("OR IGNORE").values(reference=reference))
            rebuild(connection)
            return _get(connection, reference)

    def show(self, reference: str) -> Provider:
        """Take back what `hide` did. Raises UnknownProvider."""
        with self._changing() as connection:
            connection.execute(delete(hidden).where(hidden.c.reference == reference))
            rebuild(connection)
            return _get(connection, reference)

    def get_provider(self, reference: str) -> Provider:
        """Return the provider with this id or URN, hidden or not. Raises UnknownProvider."""
        with self.reading() as connection:
            return _get(connection, reference)

    def get_place(self, postcode: Postcode) -> Place:
        """Return where a postcode is, or the middle of an outward code's postcodes. Raises UnknownPostcode."""
        with self.reading() as connection:
            return get_place(connection, postcode)

    def status(self) -> Status:
        """Return what is loaded, list by list."""
        with self.reading() as connection:
            counted = (
                select(sources, func.count(providers.c.row).label("providers"))
                .add_columns((func.count(providers.c.row) - func.count(providers.c.easting)).label("unplaced"))
                .join_from(sources, providers, providers.c.origin == sources.c.origin, isouter=True)
                .group_by(sources.c.origin)
            )
            return Status(
                tuple(SourceStatus(**row._mapping) for row in connection.execute(counted)),
                connection.scalar(select(func.count()).select_from(postcodes)) or 0,
                connection.scalar(select(func.count()).select_from(hidden)) or 0,
            )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection whose statements all see the same moment, even while an import commits."""
        with _translated(), self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        with _translated(), self._engine.begin() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DBAPIError as why:
        raise ChildcareFileFaulty(
            f"The childcare database cannot be used: {why.orig}.",
            "What it held is kept. Check that the disk is not full or read-only; if it is damaged, take childcare.db"
            " away and import again.",
        ) from why


def _place(connection: Connection) -> None:
    """Give coordinates to every provider that has none and whose postcode, or outward code, is in the table."""
    connection.execute(_PLACE_FULL)
    outward = select(providers.c.postcode).where(providers.c.easting.is_(None), ~providers.c.postcode.contains(" "))
    for code in connection.scalars(outward.distinct()).all():
        if place := _find_place(connection, Postcode(code)):
            here = providers.update().where(providers.c.postcode == code, providers.c.easting.is_(None))
            connection.execute(here.values(easting=place.easting, northing=place.northing))


def get_place(connection: Connection, postcode: Postcode) -> Place:
    """As ChildcareStore.get_place, for a caller that is reading already."""
    found = _find_place(connection, postcode)
    if found is None:
        remedy = f"Check it, or give only its first part, {postcode.outward}." if postcode.is_full else "Check it."
        raise UnknownPostcode(f"{postcode} is not in the list of postcodes.", remedy)
    return found


def _find_place(connection: Connection, postcode: Postcode) -> Place | None:
    if postcode.is_full:
        exact = select(postcodes.c.easting, postcodes.c.northing).where(postcodes.c.pcd == postcode.compact)
        row = connection.execute(exact).first()
    else:
        row = connection.execute(_MIDDLE, {"outward": postcode.outward}).first()
    return Place(*row) if row and row[0] is not None else None


def _get(connection: Connection, reference: str) -> Provider:
    named = select(providers).where((providers.c.id == reference) | (providers.c.urn == reference))
    row = connection.execute(named).mappings().first() if reference else None
    if row is None:
        raise UnknownProvider(
            f'There is no provider with the reference "{reference}".',
            "Give its Ofsted number (URN), as kiosk childcare near shows it.",
        )
    return to_provider(row, is_hidden(connection, row["id"], row["urn"]))


def is_hidden(connection: Connection, *references: str) -> bool:
    """Tell whether staff took any of these references off the screen."""
    return connection.execute(select(hidden).where(hidden.c.reference.in_(references))).first() is not None
