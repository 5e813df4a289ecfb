"""A hub whose keys are changed and lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine, select

from kiosk.hub.accounts import Accounts
from kiosk.hub.desk_tables import workers
from kiosk.hub.keys import make_private_key
from kiosk.hub.people_tables import handovers, key_copies
from kiosk.hub.recovery import recover
from kiosk.hub.ring import load_ring
from kiosk.hub.roles import Opened
from kiosk.hub.rotation import rotate_key
from kiosk.hub.store import HubStore
from kiosk.hub.tables import hub_keys
from tests.hub.desk.people import (
    CHEAP,
    NOW,
    PASSWORD,
    WORKER,
    Clock,
    Kiosk,
    make_kiosk,
    make_team,
)

NEW = "pencil orchard friday"


class Hub:
    """A hub with a kiosk, and the few things that are done to its keys."""

    def __init__(self, engine: Engine) -> None:
        self.engine = make_team(engine)
        self.store = HubStore(engine)
        self.accounts = Accounts(engine, CHEAP)
        self.kiosk: Kiosk = make_kiosk(engine, Clock())

    def opened(self, name: str = WORKER, password: str = PASSWORD) -> Opened:
        return self.accounts.open(name, password, NOW)

    def rotate(self) -> None:
        lead = self.opened()
        rotate_key(self.engine, lead.worker, lead.team_key, NOW)

    def recover(self, recovery_key: bytes) -> bytes:
        """Recover for P. Reed, and return the private half of the new recovery key."""
        renewed = make_private_key()
        recover(self.engine, recovery_key, renewed, "P. Reed", NEW, NOW, CHEAP)
        return renewed

    def kiosk_learns(self) -> None:
        keys = self.store.get_keys()
        learnt = replace(self.kiosk.identity, team_key=keys.team_key, recovery_key=keys.recovery_key)
        learnt = replace(learnt, generation=keys.generation)
        self.kiosk.identity = learnt

    def lose_a_rotation(self) -> None:
        """Change the team's key twice, let the kiosk know, and put the database back as it was in a copy from before."""
        tables = (hub_keys, key_copies, handovers, workers)
        with self.engine.connect() as connection:
            copy = {table: connection.execute(select(table)).all() for table in tables}
        for hour in range(2):
            lead = self.opened()
            rotate_key(self.engine, lead.worker, lead.team_key, NOW - timedelta(hours=2 - hour))
        self.kiosk_learns()
        with self.engine.begin() as connection:
            for table, rows in copy.items():
                connection.execute(table.delete())
                if rows:
                    connection.execute(table.insert(), [row._asdict() for row in rows])

    def names(self, private_key: bytes) -> list[str]:
        """Whom a worker with this key reads of."""
        with self.engine.connect() as connection:
            ring = load_ring(connection, private_key)
        return [ring.open(held).name for held in self.store.find_open_envelopes()]
