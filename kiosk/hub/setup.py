"""Make a hub: its database, its keys, its first worker."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from kiosk.database import open_url
from kiosk.errors import HubAlreadyReady, HubNotReady
from kiosk.hub.accounts import insert_worker, make_worker
from kiosk.hub.keys import MODERATE, Cost, HubSecrets, make_secrets, recovery_words
from kiosk.hub.people import appoint_lead
from kiosk.hub.ring import add_copy
from kiosk.hub.roles import Role
from kiosk.hub.schema import check_schema, is_made, upgrade
from kiosk.hub.store import HubStore, insert_keys
from kiosk.settings import Settings

DRIVER = "psycopg"
log = logging.getLogger(__name__)


def hub_engine(settings: Settings) -> Engine:
    """Return an engine on the hub's database, which need not hold anything yet. Raises HubNotReady where none can be."""
    if not settings.hub_database:
        _make_folder(settings.data)
    try:
        return open_url(settings.hub_database or f"sqlite:///{settings.data / 'hub.sqlite'}")
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as why:
        if isinstance(why, ModuleNotFoundError) and why.name == DRIVER:
            raise  # the address is right, and Waymark's own driver is not installed
        # Not the address itself: it may hold a password.
        raise HubNotReady(
            "The setting hub_database is not the address of a database.",
            "It looks like postgresql+psycopg://user@server/waymark",
        ) from why


def keep_private(engine: Engine) -> None:
    """See that only this user can read a SQLite database, its journals, and the copies that upgrades left beside it.

    An older Waymark made the file readable for others. A server looks after its own files.
    """
    if engine.dialect.name != "sqlite" or os.name != "posix":
        return
    file = Path(engine.url.database or "")
    journals = [file.with_name(file.name + ending) for ending in ("", "-journal", "-wal", "-shm")]
    for each in (*journals, *file.parent.glob(f"{file.stem}-*{file.suffix}")):
        if each.is_file() and each.stat().st_mode & 0o077:
            try:
                each.chmod(0o600)
            except OSError as why:
                log.warning("Others on this machine can read %s, and that cannot be changed: %s", each, why.strerror)


def _make_folder(data: Path) -> None:
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as why:
        raise HubNotReady(f"{data} cannot be made: {why.strerror}.", "Check the setting data.") from why


def ready_store(settings: Settings) -> HubStore:
    """Return the store of a hub that has been made. Raises HubNotReady."""
    store = HubStore(hub_engine(settings))
    check_schema(store.engine)
    store.get_keys()
    appoint_lead(store.engine)
    return store


def check_not_ready(engine: Engine) -> None:
    """Raise HubAlreadyReady if this hub has keys. A new one's tables are made on the way; those of an older Waymark are
    not changed unasked: HubNotReady says what to do.
    """
    if not is_made(engine):
        upgrade(engine)
    check_schema(engine)
    try:
        HubStore(engine).get_keys()
    except HubNotReady:
        return
    raise HubAlreadyReady("This hub has its keys already.", "Add people with: kiosk hub worker add NAME")


def settle(engine: Engine, secrets: HubSecrets, worker: str, password: str, cost: Cost = MODERATE) -> None:
    """Store what may be stored of `secrets`, the team's key under the password of the first worker, who leads the team.

    Raises AccountFaulty or HubAlreadyReady, and has then stored nothing.
    """
    first = make_worker(worker, password, secrets.team_key, datetime.now(UTC), Role.LEAD, (), cost)
    check_not_ready(engine)
    with engine.begin() as connection:
        insert_worker(connection, first)
        insert_keys(connection, secrets.public)
        add_copy(connection, secrets.team_key, secrets.public.recovery_key)


def init_hub(settings: Settings, worker: str, password: str, cost: Cost = MODERATE) -> str:
    """Make a hub without asking anything, and return the recovery key's words: they are stored nowhere.

    Raises AccountFaulty or HubAlreadyReady.
    """
    engine, secrets = hub_engine(settings), make_secrets()
    try:
        settle(engine, secrets, worker, password, cost)
    finally:
        engine.dispose()
    return recovery_words(secrets.recovery_key)
