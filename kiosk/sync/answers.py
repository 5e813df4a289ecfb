"""The hub's items, believed only if they are about the envelope that was sent and, where they settle it, signed."""

from __future__ import annotations

from kiosk.callbacks import wire
from kiosk.callbacks.model import Envelope, Receipt, ReceiptState
from kiosk.callbacks.seal import check_receipt
from kiosk.errors import HubNonsense, SealBroken
from kiosk.sync.model import Answer, Conflict, Rejected


def check_item(item: wire.Item, envelope: Envelope, hub_verify_key: bytes) -> Answer:
    """Return what `item` says of `envelope`. Raises HubNonsense if it is for other bytes or its receipt is not right."""
    if item.sha256 != envelope.sha256:
        raise HubNonsense("The hub answers for other bytes than it was sent.")
    if item.state == "conflict":
        return Conflict(envelope.id)
    if item.state == "rejected":
        return Rejected(envelope.id, item.reason or "unknown")
    return _receipt(item, envelope, hub_verify_key)


def _receipt(item: wire.Item, envelope: Envelope, hub_verify_key: bytes) -> Receipt:
    if item.received_at is None or item.received_at.tzinfo is None or item.signature is None:
        raise HubNonsense("The hub's receipt is not whole.")
    receipt = Receipt(
        envelope.id,
        envelope.kiosk,
        envelope.sha256,
        ReceiptState(item.state),
        item.received_at,
        item.signature,
    )
    try:
        check_receipt(receipt, hub_verify_key)
    except SealBroken as why:
        raise HubNonsense("The receipt is not signed by the hub that this kiosk joined.") from why
    return receipt
