"""Make a hub: its database, its keys, its first worker."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine

from kiosk.database import open_url
from kiosk.errors import HubAlreadyReady, HubNotReady
from kiosk.hub.accounts import Accounts, check_new
from kiosk.hub.keys import MODERATE, Cost, HubSecrets, make_secrets, recovery_words
from kiosk.hub.store import HubStore
from kiosk.settings import Settings


def hub_engine(settings: Settings) -> Engine:
    """Return an engine on the hub's database, which need not hold anything yet."""
    if not settings.hub_database:
        settings.data.mkdir(parents=True, exist_ok=True)
    return open_url(settings.hub_database or f"sqlite:///{settings.data / 'hub.sqlite'}")


def check_not_ready(engine: Engine) -> None:
    """Raise HubAlreadyReady if this hub has keys. Its tables are made on the way."""
    store = HubStore(engine)
    store.create_all()
    try:
        store.get_keys()
    except HubNotReady:
        return
    raise HubAlreadyReady("This hub has its keys already.", "Add people with: kiosk hub worker add NAME")


def settle(engine: Engine, secrets: HubSecrets, worker: str, password: str, cost: Cost = MODERATE) -> None:
    """Store what may be stored of `secrets`, the team's key under the first worker's password.

    Raises AccountFaulty or HubAlreadyReady, and has then stored nothing.
    """
    check_new(worker, password)
    check_not_ready(engine)
    Accounts(engine, cost).add(worker, password, secrets.team_key, datetime.now(UTC))
    HubStore(engine).save_keys(secrets.public)


def init_hub(settings: Settings, worker: str, password: str, cost: Cost = MODERATE) -> str:
    """Make a hub without asking anything, and return the recovery key's words: they are stored nowhere.

    Raises AccountFaulty or HubAlreadyReady.
    """
    secrets = make_secrets()
    settle(hub_engine(settings), secrets, worker, password, cost)
    return recovery_words(secrets.recovery_key)
