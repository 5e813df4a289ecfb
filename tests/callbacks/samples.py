"""Keys, a kiosk and requests that one remembers."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID, uuid4

from nacl.public import PrivateKey

from kiosk.callbacks.contract import Outbox
from kiosk.callbacks.model import CallbackRequest, Envelope, Identity, Receipt, ReceiptState, SafeTime
from kiosk.callbacks.seal import public_key, seal

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEAM = PrivateKey(b"t" * 32)
RECOVERY = PrivateKey(b"r" * 32)
KIOSK_KEY = b"k" * 32
HUB_KEY = b"h" * 32
KIOSK_VERIFY_KEY = public_key(KIOSK_KEY)

IDENTITY = Identity(
    kiosk="kiosk-1",
    signing_key=KIOSK_KEY,
    hub_url="http://127.0.0.1:8765",
    hub_verify_key=public_key(HUB_KEY),
    team_key=bytes(TEAM.public_key),
    recovery_key=bytes(RECOVERY.public_key),
)


def request(**changes: Any) -> CallbackRequest:
    """Amina, who may be rung on Monday mornings."""
    fields: dict[str, Any] = {
        "id": uuid4(),
        "kiosk": IDENTITY.kiosk,
        "centre": "rose-hill",
        "name": "Amina",
        "phone": "+447700900123",
        "safe_times": (SafeTime(0, time(9), time(12)),),
        "asked_at": NOON,
    }
    return CallbackRequest(**(fields | changes))


def envelope(id: UUID | None = None, identity: Identity = IDENTITY) -> Envelope:
    return seal(request(id=id or uuid4(), kiosk=identity.kiosk), identity)


def receipt(of: Envelope, state: ReceiptState = ReceiptState.HELD) -> Receipt:
    return Receipt(of.id, of.kiosk, of.sha256, state, NOON)


def ask(outbox: Outbox, identity: Identity, name: str = "Amina") -> Envelope:
    """A parent asks to be rung, and is told that we have it."""
    sealed = seal(request(kiosk=identity.kiosk, name=name), identity)
    outbox.save(sealed)
    return sealed
