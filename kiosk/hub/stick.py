"""Requests that come on a stick: taken in as those that come over the network, and answered on the stick."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from kiosk.callbacks import wire
from kiosk.callbacks.new_keys import sign_new_keys
from kiosk.callbacks.seal import sign, verify
from kiosk.errors import SealBroken, StickDamaged, StickMissing, UsbTrouble
from kiosk.hub.reception import receive
from kiosk.hub.store import HubKeys, HubStore, Kiosk
from kiosk.sync.stick import find_on_stick, put_on_stick, read_from_stick, receipts_file, requests_file
from kiosk.sync.usb import stick_bytes

_OF_A_KIOSK = re.compile(re.escape(requests_file("*")).replace(r"\*", "[a-z0-9-]{1,40}"))


@dataclass(frozen=True)
class Imported:
    """What one file on the stick came to. `trouble` is a sentence if it could not be taken in or answered, or empty."""

    file: str
    held: int = 0
    already_handled: int = 0
    conflicts: int = 0
    rejected: int = 0
    trouble: str = ""


@dataclass(frozen=True)
class _Hub:
    """This hub as a stick meets it at `now`."""

    store: HubStore
    keys: HubKeys
    keep_days: int | None
    now: datetime


def import_stick(
    stick: Path,
    store: HubStore,
    now: datetime,
    keep_days: int | None = None,
    on_batch: Callable[[int], None] = lambda count: None,
) -> list[Imported]:
    """Take in every kiosk's requests on `stick` and leave receipts beside them. Twice changes nothing.

    One bad file holds up no other. Kiosks are told `keep_days`, after which this hub deletes a handled request.
    `on_batch` is told how many bytes of envelopes, in base64, were just dealt with. Raises StickMissing if there are no
    requests, another UsbTrouble if the stick cannot be read, HubNotReady.
    """
    keys = store.get_keys()
    files = find_requests(stick)
    if not files:
        raise StickMissing(f"There are no requests at {stick}.", "At the kiosk: kiosk callbacks copy FOLDER")
    return [_import(file, _Hub(store, keys, keep_days, now), on_batch) for file in files]


def find_requests(stick: Path) -> list[Path]:
    """Return the files that kiosks have left on `stick`, by name. Names that no kiosk has are passed over: they are shown
    on a screen, and anybody may have put the stick in their own machine. Raises a UsbTrouble.
    """
    return [file for file in find_on_stick(stick, requests_file("*")) if _OF_A_KIOSK.fullmatch(file.name)]


def _import(file: Path, hub: _Hub, on_batch: Callable[[int], None]) -> Imported:
    items: list[wire.Item] = []
    try:
        brought, kiosk = _read(file, hub)
        for batch in _batches(brought.envelopes):
            items.extend(receive(hub.store, kiosk, batch, hub.now))
            on_batch(sum(len(blob) * 4 // 3 for blob in batch))
        _answer(file.parent, kiosk, tuple(items), hub)
    except UsbTrouble as why:
        return _summed(file, items, str(why))
    return _summed(file, items)


def _read(file: Path, hub: _Hub) -> tuple[wire.Stick, Kiosk]:
    try:
        brought = wire.decode(read_from_stick(file, wire.STICK_LIMIT), wire.Stick, wire.STICK_LIMIT)
        kiosk = hub.store.find_kiosk(brought.kiosk)
        if kiosk is None or kiosk.revoked:
            raise StickDamaged(
                f"{file.name} is from a kiosk that this hub does not take from.", "Enrol that kiosk again."
            )
        verify("stick", stick_bytes(brought, hub.keys.verify_key), brought.signature or b"", kiosk.verify_key)
    except SealBroken as why:
        raise StickDamaged(
            f"{file.name} is damaged, or was made for another hub.", "Copy the requests to the stick again."
        ) from why
    return brought, kiosk


def _batches(blobs: tuple[bytes, ...]) -> Iterator[tuple[bytes, ...]]:
    for at in range(0, len(blobs), wire.BATCH_LIMIT):
        yield blobs[at : at + wire.BATCH_LIMIT]


def _answer(stick: Path, kiosk: Kiosk, items: tuple[wire.Item, ...], hub: _Hub) -> None:
    keys = hub.keys
    in_use = sign_new_keys(keys.generation, keys.team_key, keys.recovery_key, keys.signing_key)
    unsigned = wire.StickReceipts(1, kiosk.id, items, in_use, hub.keep_days)
    signature = sign("stick-receipts", stick_bytes(unsigned, keys.verify_key), keys.signing_key)
    put_on_stick(stick, receipts_file(kiosk.id), wire.encode(msgspec.structs.replace(unsigned, signature=signature)))


def _summed(file: Path, items: list[wire.Item], trouble: str = "") -> Imported:
    states = [item.state for item in items]
    return Imported(
        file.name,
        held=states.count("held"),
        already_handled=states.count("already-handled"),
        conflicts=states.count("conflict"),
        rejected=states.count("rejected"),
        trouble=trouble,
    )
