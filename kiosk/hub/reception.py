"""What a kiosk brings, over the network or on a stick: check each envelope, keep it, answer with the hub's signed word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from kiosk.callbacks import wire
from kiosk.callbacks.model import Envelope, Receipt, ReceiptState
from kiosk.callbacks.seal import Cover, check_envelope, digest, read_cover, sign_receipt
from kiosk.errors import SealBroken
from kiosk.hub.lines import Forked, Said, follows, set_apart
from kiosk.hub.store import AlreadyHandled, Conflict, HubKeys, HubStore, Kiosk, Taken, take_in


@dataclass(frozen=True)
class _Arrived:
    """One envelope as it came, and its outside if a kiosk of this hub signed it."""

    blob: bytes
    cover: Cover | None


def receive(
    store: HubStore, courier: Kiosk, blobs: Sequence[bytes], keys: HubKeys, now: datetime, said: Said | None = None
) -> tuple[wire.Item, ...]:
    """Keep what a kiosk of this hub signed; return one item for each blob, so that a bad one holds up no other.

    `said` is what the kiosk says of itself. Raises Forked if that shows a copy of it; then all is kept, but apart.
    """
    arrived = [_Arrived(*each) for each in zip(blobs, _covers(store, courier, blobs), strict=True)]
    good = [(_envelope(each.blob, each.cover), each.cover.team_key_id) for each in arrived if each.cover]
    answers = iter(_keep(store, courier, good, now, said))
    return tuple(
        _item(each.cover, digest(each.blob), next(answers), keys, now)
        if each.cover
        else wire.Item(digest(each.blob), "rejected", reason="unknown-signature")
        for each in arrived
    )


def _keep(
    store: HubStore, courier: Kiosk, good: Sequence[tuple[Envelope, str]], now: datetime, said: Said | None
) -> list[Taken]:
    """One commit for the envelopes and the kiosk's step."""
    with store.engine.begin() as connection:
        if follows(connection, courier.id, said, now):
            return take_in(connection, good, now)
        for each in good:
            set_apart(connection, *each, now)
    raise Forked(courier.id)


def _covers(store: HubStore, courier: Kiosk, blobs: Iterable[bytes]) -> list[Cover | None]:
    """Return the outside of each envelope, or None for one that no kiosk of this hub signed.

    A kiosk that joined anew brings what it sealed under its old name: the courier's signature vouches for the old one.
    """
    known: dict[str, Kiosk | None] = {courier.id: courier}
    return [_cover(store, known, blob) for blob in blobs]


def _cover(store: HubStore, known: dict[str, Kiosk | None], blob: bytes) -> Cover | None:
    try:
        name = read_cover(blob).kiosk
        if name not in known:
            known[name] = store.find_kiosk(name)
        signer = known[name]
        return check_envelope(blob, signer.verify_key) if signer else None
    except SealBroken:
        return None


def _envelope(blob: bytes, cover: Cover) -> Envelope:
    return Envelope(cover.id, cover.kiosk, blob, digest(blob))


def _item(cover: Cover, sha256: str, taken: Taken, keys: HubKeys, now: datetime) -> wire.Item:
    if isinstance(taken, Conflict):
        return wire.Item(sha256, "conflict", id=cover.id)
    handled = isinstance(taken, AlreadyHandled)
    state = ReceiptState.ALREADY_HANDLED if handled else ReceiptState.HELD
    since = now if isinstance(taken, AlreadyHandled) else taken.received_at
    receipt = sign_receipt(Receipt(cover.id, cover.kiosk, sha256, state, since, b""), keys.signing_key)
    return wire.Item(sha256, state.value, cover.id, since, receipt.signature)
