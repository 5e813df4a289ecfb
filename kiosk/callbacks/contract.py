"""What every outbox promises, and the one that keeps it in memory, for tests."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from kiosk.callbacks.model import Envelope, Link, Pending, Receipt, Trouble
from kiosk.callbacks.seal import digest
from kiosk.clock import Clock, utc_now
from kiosk.errors import EnvelopeChanged, SealBroken


@dataclass(frozen=True)
class Counts:
    """How an outbox stands; nothing of a person. `trouble` is the latest; `notice` a sentence for staff, or empty."""

    waiting: int = 0
    set_aside: int = 0
    delivered: int = 0
    oldest_saved_at: datetime | None = None
    trouble: Trouble | None = None
    notice: str = ""


class Outbox(Protocol):
    """Sealed, undelivered requests. Everything here raises OutboxUnavailable if the store cannot be read or written."""

    def save(self, envelope: Envelope) -> None:
        """Keep `envelope`; when this returns it is on the disk. A second time with the same bytes changes nothing.

        Raises EnvelopeChanged if its id is here, or was delivered, with other bytes; SealBroken if its digest is wrong.
        """

    def pending(self) -> list[Pending]:
        """Return what waits to be delivered, in the order of saving."""

    def record_attempt(self, ids: Iterable[UUID], at: datetime, trouble: Trouble) -> None:
        """Note that these were tried at `at` and are still here."""

    def open_link(self) -> Link:
        """Return the step that the next look is, on the disk by then. The same again until it is answered."""

    def latest_link(self) -> Link | None:
        """Return the latest step, be it answered or open, and open none; None before the first."""

    def settle(self, *receipts: Receipt, answered: Link | None = None) -> int:
        """Put a tombstone in the place of each envelope, in one commit. The signatures must have been checked.

        `answered` is the step that the hub gave these receipts to; the next one that is opened is another.
        Returns how many were still here. Raises SealBroken, and settles none, if one here has other bytes.
        """

    def set_aside(self, id: UUID, reason: str) -> None:
        """Keep this one, but send it no more until staff have looked. `reason` is a word such as `conflict`."""

    def find_set_aside(self) -> dict[UUID, str]:
        """Return what waits for staff, with the reason, in the order of saving."""

    def retry(self, id: UUID) -> bool:
        """Send this one again, as if it had never been tried. False if it is not set aside."""

    def counts(self) -> Counts:
        """Return how the outbox stands."""


def first_link() -> Link:
    """Return the first step of an outbox that was just made."""
    return Link(_word(), 1, "", _word())


def next_link(link: Link) -> Link:
    """Return the step after one that was answered."""
    return Link(link.line, link.number + 1, link.this, _word())


def _word() -> str:
    return secrets.token_hex(16)


def check_digest(envelope: Envelope) -> None:
    """Raise SealBroken unless the envelope's digest is that of its bytes."""
    if digest(envelope.blob) != envelope.sha256:
        raise SealBroken("The digest of this envelope is not that of its bytes.")


def check_same(envelope: Envelope, kept_sha256: str | None) -> None:
    """Raise EnvelopeChanged if what is kept under this id is something else."""
    if kept_sha256 != envelope.sha256:
        raise EnvelopeChanged("Another request is already kept under this id.", "Begin a new request.")


def check_receipted(receipt: Receipt, kept_sha256: str | None) -> None:
    """Raise SealBroken if what is kept under the receipt's id is something else than it names."""
    if kept_sha256 not in (None, receipt.sha256):
        raise SealBroken("This receipt is for other bytes than the ones that are kept here.")


@dataclass
class MemoryOutbox:
    """An outbox that is gone with the program."""

    clock: Clock = utc_now
    _rows: dict[UUID, Pending] = field(default_factory=dict)
    _saved_at: dict[UUID, datetime] = field(default_factory=dict)
    _aside: dict[UUID, str] = field(default_factory=dict)
    _tombstones: dict[UUID, str] = field(default_factory=dict)
    _link: Link = field(default_factory=first_link)

    def save(self, envelope: Envelope) -> None:
        check_digest(envelope)
        kept = self._kept_digest(envelope.id)
        if kept is not None:
            return check_same(envelope, kept)
        self._saved_at[envelope.id] = self.clock()
        self._rows[envelope.id] = Pending(envelope, sequence=len(self._saved_at))

    def pending(self) -> list[Pending]:
        return [row for id, row in self._rows.items() if id not in self._aside]

    def record_attempt(self, ids: Iterable[UUID], at: datetime, trouble: Trouble) -> None:
        for id in ids:
            row = self._rows[id]
            self._rows[id] = replace(row, attempts=row.attempts + 1, last_tried=at, trouble=trouble)

    def open_link(self) -> Link:
        return self._link

    def latest_link(self) -> Link | None:
        return self._link

    def settle(self, *receipts: Receipt, answered: Link | None = None) -> int:
        for receipt in receipts:
            check_receipted(receipt, self._kept_digest(receipt.id))
        here = [receipt for receipt in receipts if self._rows.pop(receipt.id, None)]
        for receipt in here:
            self._aside.pop(receipt.id, None)
            self._tombstones[receipt.id] = receipt.sha256
        if answered == self._link:
            self._link = next_link(self._link)
        return len(here)

    def set_aside(self, id: UUID, reason: str) -> None:
        self._aside[id] = reason

    def find_set_aside(self) -> dict[UUID, str]:
        return {id: self._aside[id] for id in self._rows if id in self._aside}

    def retry(self, id: UUID) -> bool:
        if self._aside.pop(id, None) is None:
            return False
        self._rows[id] = replace(self._rows[id], attempts=0, last_tried=None, trouble=None)
        return True

    def counts(self) -> Counts:
        waiting = self.pending()
        tried = [(row.last_tried, row.trouble) for row in self._rows.values() if row.last_tried]
        return Counts(
            waiting=len(waiting),
            set_aside=len(self._aside),
            delivered=len(self._tombstones),
            oldest_saved_at=self._saved_at[waiting[0].envelope.id] if waiting else None,
            trouble=max(tried)[1] if tried else None,
        )

    def _kept_digest(self, id: UUID) -> str | None:
        row = self._rows.get(id)
        return row.envelope.sha256 if row else self._tombstones.get(id)
