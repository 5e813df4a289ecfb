"""The hub's tables: which step of `kiosk.hub.migrations` a database stands at, and how it comes to the newest.

A new hub takes the same steps as one in use, so there is one way in which tables come about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, func, inspect, select
from sqlalchemy.exc import DBAPIError

from kiosk.errors import HubNotReady
from kiosk.hub import case_tables, desk_tables, people_tables, publish_tables  # noqa: F401  Their tables join the metadata.
from kiosk.hub.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

__all__ = ["Upgraded", "check_made", "check_schema", "is_made", "metadata", "reached", "revisions", "upgrade"]

STEPS = "kiosk.hub.migrations.versions"
VERSION_LENGTH = 32  # as Alembic makes it
_version = Table("alembic_version", MetaData(), Column("version_num", String(VERSION_LENGTH), primary_key=True))
_ADVISORY_LOCK = int.from_bytes(b"waymark")


@dataclass(frozen=True)
class Upgraded:
    """What an upgrade did. `before` is None for a database that was empty, or that was made before steps were counted."""

    before: str | None
    after: str

    @property
    def is_change(self) -> bool:
        return self.before != self.after


def revisions() -> list[str]:
    """Return the numbers of all steps, oldest first; the last is what this program needs."""
    files = (file.name for file in resources.files(STEPS).iterdir())
    return sorted(name[1:5] for name in files if name.startswith("r") and name.endswith(".py"))


def check_schema(engine: Engine) -> None:
    """Raise HubNotReady, with what to do, unless this program can work on the database as it is."""
    check_made(engine)
    with engine.connect() as connection:
        at = _find_revision(connection)
    _check_not_newer(at)
    if at != revisions()[-1]:
        raise HubNotReady("The hub's database is of an older Waymark.", "Stop the hub, then run: kiosk hub upgrade")


def check_made(engine: Engine) -> None:
    """Raise HubNotReady unless the database holds a hub's tables, of whatever step."""
    if not is_made(engine):
        raise HubNotReady("This hub has no keys yet.", "Run: kiosk hub init")


def is_made(engine: Engine) -> bool:
    """Tell whether the database holds a hub's tables. Raises HubNotReady if it cannot be used."""
    with reached(), engine.connect() as connection:
        return _is_made(connection)


def upgrade(engine: Engine, before_steps: Callable[[], None] = lambda: None) -> Upgraded:
    """Take all steps that are missing, in one transaction: whatever ends it leaves the old tables or the new ones, whole.

    Two processes may do so at once: the second waits, and finds nothing to do. `before_steps` is called if there is
    something to do, while nobody else can write. Raises HubNotReady if the database cannot be used, holds tables that are
    not a hub's, or is of a newer Waymark.
    """
    with reached(), _alone(engine) as connection:
        before, after = _find_revision(connection), revisions()[-1]
        _check_not_newer(before)
        if before != after:
            before_steps()
            _take_steps(connection, before)
        return Upgraded(before, after)


@contextmanager
def reached() -> Iterator[None]:
    """Raise HubNotReady for whatever a database says that cannot be reached, read or written."""
    try:
        yield
    except DBAPIError as why:
        says = "Is its server running, is the setting hub_database right, is its file whole and not read-only, has its disk room?"
        raise HubNotReady("The hub's database cannot be used.", says) from why.orig


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that no other process upgrades beside."""
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            # Python's sqlite3 opens no transaction for CREATE TABLE by itself.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(select(func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
        yield connection


def _find_revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_version.name):
        return None
    return connection.execute(select(_version.c.version_num)).scalar_one_or_none()


def _check_not_newer(at: str | None) -> None:
    if at is not None and at not in revisions():
        raise HubNotReady(
            "The hub's database is of a newer Waymark than this program.", "Install the newest Waymark here."
        )


def _is_made(connection: Connection) -> bool:
    return inspect(connection).has_table("hub_keys")


def _take_steps(connection: Connection, before: str | None) -> None:
    # Here, as only this needs Alembic: it takes a third of a second to import.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "kiosk.hub:migrations")
    config.attributes["connection"] = connection
    if before is None and _is_made(connection):
        command.upgrade(config, revisions()[0])
        _check_first(connection, config)
    command.upgrade(config, "head")


def _check_first(connection: Connection, config: Config) -> None:
    """Raise HubNotReady unless tables that nobody counted are those of the first step."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    first: MetaData = ScriptDirectory.from_config(config).get_revision(revisions()[0]).module.first
    options = {"include_name": lambda name, kind, _parents: kind != "table" or name in first.tables}
    if compare_metadata(MigrationContext.configure(connection, opts=options), first):
        raise HubNotReady(
            "The hub's database holds tables that no Waymark made.", "Give it a database of its own: hub_database."
        )
