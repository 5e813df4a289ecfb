"""The hub's items, their signature checked by the caller: believed only if they are about the envelope that was sent."""

from __future__ import annotations

from kiosk.callbacks import wire
from kiosk.callbacks.model import Envelope, Receipt, ReceiptState
from kiosk.errors import HubNonsense
from kiosk.sync.model import Answer, Conflict, Rejected


def check_item(item: wire.Item, envelope: Envelope) -> Answer:
    """Return what `item` says of `envelope`. Raises HubNonsense if it is for other bytes or its receipt is not whole."""
    if item.sha256 != envelope.sha256:
        raise HubNonsense("The hub answers for other bytes than it was sent.")
    if item.state == "conflict":
        return Conflict(envelope.id)
    if item.state == "rejected":
        return Rejected(envelope.id, item.reason or "unknown")
    if item.id != envelope.id or item.received_at is None:
        raise HubNonsense("The hub's receipt is not whole.")
    return Receipt(envelope.id, envelope.kiosk, envelope.sha256, ReceiptState(item.state), item.received_at)
