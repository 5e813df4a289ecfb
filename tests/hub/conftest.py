from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from kiosk.database import open_url
from kiosk.hub.schema import upgrade
from kiosk.hub.store import HubKeys, HubStore
from tests.callbacks.samples import HUB_KEY, RECOVERY, TEAM
from tests.hub.databases import clear, empty, find_postgresql, postgresql_cluster

KEYS = HubKeys(HUB_KEY, bytes(TEAM.public_key), bytes(RECOVERY.public_key))
BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The URL of a PostgreSQL for this run. Without a server the test is skipped, but never where CI is true."""
    programs = find_postgresql()
    if programs is None:
        says = "NO POSTGRESQL SERVER HERE: the hub's store was tested on SQLite alone. Install: apt install postgresql"
        if os.environ.get("CI") == "true":
            pytest.fail(says)
        pytest.skip(says)
    with postgresql_cluster(programs) as url:
        yield url


@pytest.fixture(params=BOTH)
def blank_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database of each kind without a table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'hub.sqlite'}"
    url: str = request.getfixturevalue("postgresql_url")
    empty(url)
    return url


@pytest.fixture(scope="session")
def made_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with every table and no row, to copy."""
    file = tmp_path_factory.mktemp("made") / "hub.sqlite"
    engine = open_url(f"sqlite:///{file}")
    upgrade(engine)
    engine.dispose()
    return file


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database of each kind with every table and no row. Tables are made once: that is what takes long."""
    if request.param == "sqlite":
        made: Path = request.getfixturevalue("made_sqlite")
        return f"sqlite:///{shutil.copy(made, tmp_path / 'hub.sqlite')}"
    url: str = request.getfixturevalue("postgresql_url")
    clear(url)
    return url


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """A database of each kind that a hub may have, with its tables."""
    engine = open_url(url)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: Engine) -> HubStore:
    """A hub's store with its tables and keys."""
    store = HubStore(engine)
    store.save_keys(KEYS)
    return store
