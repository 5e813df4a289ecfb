"""What a soak counts, and how it reads the two ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select

from kiosk.callbacks.outbox import SqlOutbox
from kiosk.callbacks.seal import digest
from kiosk.hub.tables import envelopes
from tests.sync.hubs import RunningHub


@dataclass(frozen=True)
class Figures:
    """`faults` that were dealt, `told` requests that a parent was told we have; what must be 0 after each fault."""

    faults: int
    told: int
    lost: int
    doubled: int

    @property
    def clean(self) -> bool:
        return self.lost == self.doubled == 0


@dataclass
class Arrivals:
    """What the hub has, read bit by bit: a row is read once, as the hub never changes it."""

    hub: RunningHub
    held: dict[str, str] = field(default_factory=dict)
    doubled: int = 0
    _last: int = 0

    def read(self) -> dict[str, str]:
        """Return digest by id of all that the hub holds by now, its bytes checked."""
        with self.hub.store.engine.connect() as connection:
            for row in connection.execute(select(envelopes).where(envelopes.c.sequence > self._last)):
                self.doubled += row.id in self.held or row.sha256 in self.held.values()
                self.held[row.id] = digest(row.blob)
                self._last = row.sequence
        return self.held


def missing(told: Iterable[tuple[str, str]], outbox: SqlOutbox, arrivals: Arrivals) -> set[str]:
    """Return the ids that are neither whole on the kiosk nor whole at the hub."""
    # The kiosk first: what leaves it meanwhile is then found at the hub.
    here = {str(each.envelope.id): digest(each.envelope.blob) for each in outbox.pending()}
    held = arrivals.read()
    return {id for id, sha256 in told if sha256 not in (here.get(id), held.get(id))}
