"""What the hub may say to one envelope."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kiosk.callbacks.model import Receipt


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
