"""Machines with a disk each, and copies of their disks."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kiosk.callbacks.model import Envelope, Identity
from kiosk.callbacks.outbox import SqlOutbox
from kiosk.hub.fleet import Fleet, KioskLine
from kiosk.sync.hub_client import HubClient
from kiosk.sync.run import Report, sync_once
from tests.callbacks.samples import NOON, ask
from tests.sync.hubs import RunningHub


@dataclass(frozen=True)
class Machine:
    """One machine with a data folder; the identity is read from its disk, as a kiosk does."""

    data: Path
    outbox: SqlOutbox
    identity: Identity

    def ask(self, name: str) -> Envelope:
        return ask(self.outbox, self.identity, name)

    def deliver(self, url: str = "", now: datetime = NOON) -> Report:
        client = HubClient(self.identity, url=url)
        try:
            return sync_once(self.outbox, client, now, by_hand=True)
        finally:
            client.close()


Boot = Callable[[Path], Machine]


def copy(machine: Machine, to: str) -> Path:
    return Path(shutil.copytree(machine.data, machine.data.parent / to))


def line(hub: RunningHub) -> KioskLine:
    [only] = Fleet(hub.store.engine).find_kiosks()
    return only
