"""What a kiosk brings, over the network or on a stick: check each envelope, keep it, answer with the hub's word on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from kiosk.callbacks import wire
from kiosk.callbacks.model import Envelope
from kiosk.callbacks.seal import Cover, check_cover, digest, read_cover
from kiosk.errors import SealBroken
from kiosk.hub.arrivals import AlreadyHandled, Conflict, Taken, take_in
from kiosk.hub.lines import Forked, Known, Said, find_latest, follows, set_apart
from kiosk.hub.store import HubStore, Kiosk, find_kiosk


@dataclass(frozen=True)
class Arrived:
    """The digest of what came, and the envelope with its team_key_id if a kiosk of this hub signed it."""

    sha256: str
    good: tuple[Envelope, str] | None


@dataclass(frozen=True)
class Kept:
    """What a transaction kept of what a kiosk brought. Nothing may be answered for before it is committed."""

    courier: str
    arrived: tuple[Arrived, ...]
    taken: tuple[Taken, ...]
    is_apart: bool

    def items(self, now: datetime) -> tuple[wire.Item, ...]:
        """Return one item for each blob that came, in order. Raises Forked if all was kept apart."""
        if self.is_apart:
            raise Forked(self.courier)
        taken = iter(self.taken)
        return tuple(
            _item(each.good[0], next(taken), now)
            if each.good
            else wire.Item(each.sha256, "rejected", reason="unknown-signature")
            for each in self.arrived
        )


def receive(
    store: HubStore, courier: Kiosk, blobs: Sequence[bytes], now: datetime, said: Said | None = None
) -> tuple[wire.Item, ...]:
    """Keep what a kiosk of this hub signed; return one item for each blob, so that a bad one holds up no other.

    `said` is what the kiosk says of itself. Raises Forked if that shows a copy of it; then all is kept, but apart.
    """
    with store.engine.begin() as connection:
        arrived = check(connection, courier, blobs)
        kept = keep(connection, courier, arrived, now, said, find_latest(connection, courier.id) if said else None)
    return kept.items(now)


def check(connection: Connection, courier: Kiosk, blobs: Iterable[bytes]) -> tuple[Arrived, ...]:
    """Return what a kiosk brings with the digest of each, checked. Nothing is written.

    A kiosk that joined anew brings what it sealed under its old name: the courier's signature vouches for the old one.
    """
    known: dict[str, Kiosk | None] = {courier.id: courier}
    return tuple(_arrived(connection, known, blob) for blob in blobs)


def keep(
    connection: Connection,
    courier: Kiosk,
    arrived: tuple[Arrived, ...],
    now: datetime,
    said: Said | None,
    latest: Known | None,
) -> Kept:
    """Do as `receive` within a transaction of the caller's: the envelopes and the kiosk's step are one commit.

    They were checked before: from the first write on SQLite lets no other process write. `latest` is the step that the hub
    knew of the kiosk when they came.
    """
    good = [each.good for each in arrived if each.good]
    if follows(connection, courier.id, said, latest, now):
        return Kept(courier.id, arrived, tuple(take_in(connection, good, now)), is_apart=False)
    for each in good:
        set_apart(connection, *each, now)
    return Kept(courier.id, arrived, (), is_apart=True)


def _arrived(connection: Connection, known: dict[str, Kiosk | None], blob: bytes) -> Arrived:
    sha256, cover = digest(blob), _signed_cover(connection, known, blob)
    return Arrived(sha256, (Envelope(cover.id, cover.kiosk, blob, sha256), cover.team_key_id) if cover else None)


def _signed_cover(connection: Connection, known: dict[str, Kiosk | None], blob: bytes) -> Cover | None:
    """Return the outside of an envelope, or None if no kiosk of this hub signed it."""
    try:
        cover = read_cover(blob)
        if cover.kiosk not in known:
            known[cover.kiosk] = find_kiosk(connection, cover.kiosk)
        if signer := known[cover.kiosk]:
            check_cover(blob, cover, signer.verify_key)
            return cover
    except SealBroken:
        pass
    return None


def _item(envelope: Envelope, taken: Taken, now: datetime) -> wire.Item:
    if isinstance(taken, Conflict):
        return wire.Item(envelope.sha256, "conflict", envelope.id)
    if isinstance(taken, AlreadyHandled):
        return wire.Item(envelope.sha256, "already-handled", envelope.id, now)
    return wire.Item(envelope.sha256, "held", envelope.id, taken.received_at)
