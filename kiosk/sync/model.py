"""What a kiosk says with a batch, and what the hub may say to one envelope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kiosk.callbacks.model import Link, Receipt

# Batches that are under way at once: while the hub's disk turns for one of them, the hub checks the other.
AT_ONCE = 2


@dataclass(frozen=True)
class Standing:
    """What a kiosk says of itself with a batch: how many wait, its clock, and the step, if that could be kept.

    `after` is the last envelope of the batch before it, where that is under way as well: the hub keeps them in order.
    """

    waiting: int
    at: datetime
    link: Link | None
    after: UUID | None = None


@dataclass(frozen=True)
class Conflict:
    """The hub knows this id with other bytes; it kept both."""

    id: UUID


@dataclass(frozen=True)
class Rejected:
    """The hub will not take this envelope. `reason` is a word such as `unknown-signature`."""

    id: UUID
    reason: str


Answer = Receipt | Conflict | Rejected
