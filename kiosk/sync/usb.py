"""Where there is no network: the same envelopes, and the hub's receipts for them, on a stick.

"Copied" is not "delivered": what is on the stick also stays here, until a receipt for it has come back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from kiosk import __version__
from kiosk.callbacks import wire
from kiosk.callbacks.contract import Outbox
from kiosk.callbacks.model import Envelope, Identity, Receipt
from kiosk.callbacks.new_keys import hear_days, learn
from kiosk.callbacks.seal import key_id, sign, verify
from kiosk.errors import HubNonsense, SealBroken, StickDamaged, StickUnanswered
from kiosk.sync.answers import check_item
from kiosk.sync.model import Answer, Conflict, Rejected
from kiosk.sync.stick import find_on_stick, put_on_stick, read_from_stick, receipts_file, requests_file


@dataclass(frozen=True)
class Copied:
    """What one copy came to. `left` did not fit one file: they go once these have their receipts."""

    file: Path
    count: int
    left: int


@dataclass(frozen=True)
class Returned:
    """What the receipts on a stick came to. `strange` were about a waiting request, and not to be believed."""

    delivered: int = 0
    set_aside: int = 0
    strange: int = 0
    waiting: int = 0


def write_stick(
    outbox: Outbox, stick: Path, identity: Identity, on_written: Callable[[float], None] = lambda share: None
) -> Copied | None:
    """Copy what waits, oldest first, to one signed file on `stick`, in the place of an earlier copy; None if none waits.

    `on_written` is told from 0 to 1 how much of the file is on the stick.
    The outbox does not change. Raises a UsbTrouble, and the stick then has the earlier copy or none; OutboxUnavailable.
    """
    waiting = [each.envelope for each in outbox.pending()]
    if not waiting:
        return None
    going = waiting[: wire.STICK_ENVELOPES]
    unsigned = wire.Stick(1, identity.kiosk, __version__, tuple(each.blob for each in going))
    signature = sign("stick", stick_bytes(unsigned, identity.hub_verify_key), identity.signing_key)
    name = requests_file(identity.kiosk)
    put_on_stick(stick, name, wire.encode(msgspec.structs.replace(unsigned, signature=signature)), on_written)
    return Copied(stick / name, len(going), len(waiting) - len(going))


def read_receipts(
    stick: Path, outbox: Outbox, identity: Identity, on_new_keys: Callable[[Identity], None] = lambda newer: None
) -> Returned:
    """Settle what the hub's receipts on `stick` are for, signed as a whole; what is not about us is passed over.

    `on_new_keys` is called with who this kiosk is once the hub has changed its keys or its days.
    Raises StickUnanswered if the hub has left none, StickDamaged if the file is not as the hub wrote it, OutboxUnavailable.
    """
    receipts = _read(stick, identity)
    waiting = {each.envelope.sha256: each.envelope for each in outbox.pending()}
    answers = list(_answers(receipts.items, waiting))
    delivered = outbox.settle(*(each for each in answers if isinstance(each, Receipt)))
    aside = [each for each in answers if isinstance(each, Conflict | Rejected)]
    for each in aside:
        outbox.set_aside(each.id, "conflict" if isinstance(each, Conflict) else each.reason)
    newer = learn(identity, receipts.new_keys, on_new_keys)
    if answers:  # a stick that lay about answers for nothing that still waits, and its days may be those of last year
        hear_days(newer, receipts.keep_days, on_new_keys)
    return Returned(delivered, len(aside), answers.count(None), outbox.counts().waiting)


def stick_bytes(message: wire.Stick | wire.StickReceipts, hub_verify_key: bytes) -> bytes:
    """Return what a signature on a stick covers. The hub's name is part: a file for one hub is worth nothing at another."""
    return key_id(hub_verify_key).encode() + wire.encode(msgspec.structs.replace(message, signature=None))


def _read(stick: Path, identity: Identity) -> wire.StickReceipts:
    file = stick / receipts_file(identity.kiosk)
    if not find_on_stick(stick, file.name):
        raise StickUnanswered(
            "The hub has left no receipts for this kiosk here.", "At the hub: kiosk hub import FOLDER"
        )
    try:
        receipts = wire.decode(read_from_stick(file, wire.STICK_LIMIT), wire.StickReceipts, wire.STICK_LIMIT)
        covered = stick_bytes(receipts, identity.hub_verify_key)
        verify("stick-receipts", covered, receipts.signature or b"", identity.hub_verify_key)
    except SealBroken as why:
        raise StickDamaged(f"{file.name} is not as the hub wrote it.", "At the hub: kiosk hub import FOLDER") from why
    return receipts


def _answers(items: tuple[wire.Item, ...], waiting: dict[str, Envelope]) -> Iterator[Answer | None]:
    """Say what each item is for the waiting envelope of its digest, None where it is not to be believed."""
    for item in items:
        envelope = waiting.get(item.sha256)
        if envelope is None:
            continue  # settled since by the network or by an earlier look at this stick
        try:
            yield check_item(item, envelope)
        except HubNonsense:
            yield None
