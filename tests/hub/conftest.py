from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from kiosk.database import open_url
from kiosk.hub.store import HubKeys, HubStore, metadata
from tests.callbacks.samples import HUB_KEY, RECOVERY, TEAM
from tests.hub.databases import find_postgresql, postgresql_cluster

KEYS = HubKeys(HUB_KEY, bytes(TEAM.public_key), bytes(RECOVERY.public_key))


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


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of each kind that a hub may have."""
    kind = request.param
    url = f"sqlite:///{tmp_path / 'hub.sqlite'}" if kind == "sqlite" else request.getfixturevalue("postgresql_url")
    engine = open_url(url)
    metadata.drop_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: Engine) -> HubStore:
    """A hub's store with its tables and keys."""
    store = HubStore(engine)
    store.create_all()
    store.save_keys(KEYS)
    return store
