"""childcare.db: providers, postcodes and what staff hid. All of it but the hidden list can be imported again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from kiosk.childcare.index import rebuild
from kiosk.childcare.model import Postcode, Provider
from kiosk.childcare.nearest import Place
from kiosk.childcare.places import get_place, mend_places, place_all
from kiosk.childcare.records import INSERT, to_provider, to_row
from kiosk.childcare.settle import MERGED, settle
from kiosk.childcare.tables import hidden, postcodes, providers, sources, withheld
from kiosk.childcare.upgrade import prepare
from kiosk.database import REBUILDABLE, open_sqlite
from kiosk.errors import ChildcareFileFaulty, UnknownProvider, UnknownSource

PostcodeRow = tuple[str, int, int]  # the code without its space; easting and northing in metres

DATABASE = "childcare.db"
# 16 MB for pages that were read before: what is looked at for England, so that searches after the first read memory.
_SEARCHED = REBUILDABLE | {"cache_size": -16_000}
_BATCH = 50_000
_ADD_POSTCODE = "INSERT OR REPLACE INTO postcodes (pcd, easting, northing) VALUES (?, ?, ?)"
_ADD_WITHHELD = "INSERT OR IGNORE INTO withheld (urn, origin) VALUES (?, ?)"


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
    rank: int | None = None


@dataclass(frozen=True)
class Status:
    """`sources` stand in the order in which they are believed; `merged` counts the providers that are in several."""

    sources: tuple[SourceStatus, ...]
    postcodes: int
    hidden: int
    merged: int


def open_childcare(data: Path) -> ChildcareStore:
    """Open childcare.db in the data folder, making both where there is none. Raises ChildcareFileFaulty."""
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as why:
        raise ChildcareFileFaulty(f"{data} cannot be made: {why.strerror}.", "Check the setting data.") from why
    return ChildcareStore(open_sqlite(data / DATABASE, _SEARCHED))


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
        self,
        origin: str,
        listed: Iterable[Provider],
        as_at: date,
        withheld_count: int = 0,
        refused: int = 0,
        withheld_urns: Iterable[str] = (),
    ) -> Replaced:
        """Make `listed` the whole list of `origin`: who is no longer in it disappears, who was hidden stays hidden.

        Providers without coordinates take them from the postcode table; those whose postcode is not there are kept,
        named in the answer, and left out of nearest-first search until their postcode is loaded. `withheld_urns` are
        those who did not agree to be published: no other list shows them either.
        """
        with self._changing() as connection:
            rank = connection.scalar(select(sources.c.rank).where(sources.c.origin == origin))
            before = _take_away(connection, origin)
            rows = [to_row(provider, origin) for provider in listed]
            if rows:
                connection.exec_driver_sql(INSERT, rows)
            if private := [(urn, origin) for urn in withheld_urns]:
                connection.exec_driver_sql(_ADD_WITHHELD, private)
            source = {"origin": origin, "as_at": as_at, "withheld": withheld_count, "refused": refused, "rank": rank}
            connection.execute(insert(sources).values(source))
            mend_places(connection, origin)
            _settle(connection)
            lost = select(providers.c.id).where(providers.c.origin == origin, providers.c.easting.is_(None))
            return Replaced(len(rows), before, tuple(connection.scalars(lost.order_by(providers.c.row))))

    def remove_source(self, origin: str) -> int:
        """Take a whole list away; return how many providers it held. Raises UnknownSource."""
        with self._changing() as connection:
            _check_sources(connection, [origin])
            before = _take_away(connection, origin)
            _settle(connection)
            return before

    def order_sources(self, origins: Sequence[str]) -> None:
        """Declare whose word counts first where lists disagree; lists that are not named follow, the newer ones first.

        Raises UnknownSource, and then changes nothing.
        """
        with self._changing() as connection:
            _check_sources(connection, origins)
            connection.execute(update(sources).values(rank=None))
            for rank, origin in enumerate(origins, 1):
                connection.execute(update(sources).where(sources.c.origin == origin).values(rank=rank))
            _settle(connection)

    def load_postcodes(self, rows: Iterable[PostcodeRow]) -> int:
        """Add `rows` to the postcode table, replacing codes that are there; return how many were added."""
        count, source = 0, iter(rows)
        with self._changing() as connection:
            while batch := list(islice(source, _BATCH)):
                connection.exec_driver_sql(_ADD_POSTCODE, batch)
                count += len(batch)
            _settle(connection)
        return count

    def hide(self, reference: str) -> Provider:
        """Take the provider with this URN (or id) off the screen, also after later imports. Raises UnknownProvider."""
        with self._changing() as connection:
            found = _get(connection, reference)
            # By its number where it has one, so that it is hidden in every list.
            hide = insert(hidden).prefix_with("OR IGNORE").values(reference=found.urn or found.id)
            connection.execute(hide)
            rebuild(connection)
            return replace(found, hidden=True)

    def show(self, reference: str) -> Provider:
        """Take back what `hide` did. Raises UnknownProvider."""
        with self._changing() as connection:
            found = _get(connection, reference)
            # With its number in every list: an id that stayed hidden would hide the number again at the next import.
            same = select(providers.c.id).where(providers.c.urn == found.urn, providers.c.urn != "")
            taken_back = hidden.c.reference.in_((reference, found.id, found.urn)) | hidden.c.reference.in_(same)
            connection.execute(delete(hidden).where(taken_back))
            rebuild(connection)
            return replace(found, hidden=False)

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
                .order_by(func.coalesce(sources.c.rank, 1_000_000), sources.c.as_at.desc(), sources.c.origin)
            )
            return Status(
                tuple(SourceStatus(**row._mapping) for row in connection.execute(counted)),
                connection.scalar(select(func.count()).select_from(postcodes)) or 0,
                connection.scalar(select(func.count()).select_from(hidden)) or 0,
                connection.scalar(select(func.count()).where(providers.c.origin == MERGED)) or 0,
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


def _take_away(connection: Connection, origin: str) -> int:
    """Delete a list and all that is known of it; return how many providers it held."""
    for table in (sources, withheld):
        connection.execute(delete(table).where(table.c.origin == origin))
    return connection.execute(delete(providers).where(providers.c.origin == origin)).rowcount


def _check_sources(connection: Connection, origins: Sequence[str]) -> None:
    known = connection.scalars(select(sources.c.origin).order_by(sources.c.origin)).all()
    for origin in origins:
        if origin not in known:
            remedy = f"There are: {', '.join(known)}." if known else "No list is loaded."
            raise UnknownSource(f'There is no list called "{origin}".', remedy)


def _settle(connection: Connection) -> None:
    """After any change: place who has no place yet, decide who is shown, and make the index anew."""
    place_all(connection)
    settle(connection)
    rebuild(connection)


def _get(connection: Connection, reference: str) -> Provider:
    by_id, by_urn = providers.c.id == reference, providers.c.urn == reference
    # First by what has an index; a number may be in several lists, of which the one on show counts.
    named = (select(providers).where(by).order_by(providers.c.shown.desc()) for by in (by_id, by_urn))
    rows = (connection.execute(each).mappings().first() for each in named) if reference else iter(())
    row = next(filter(None, rows), None)
    if row is None:
        raise UnknownProvider(
            f'There is no provider with the reference "{reference}".',
            "Give its Ofsted number (URN), as kiosk childcare near shows it.",
        )
    return to_provider(row, is_hidden(connection, row["id"], row["urn"]))


def is_hidden(connection: Connection, *references: str) -> bool:
    """Tell whether staff took any of these references off the screen."""
    return connection.execute(select(hidden).where(hidden.c.reference.in_(references))).first() is not None
