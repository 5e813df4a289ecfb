"""A request as it lies in an envelope: canonical JSON, padded to 2 KiB so that its length says nothing."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated
from uuid import UUID

import msgspec

from kiosk.callbacks import wire
from kiosk.callbacks.model import CallbackRequest, SafeTime
from kiosk.errors import RequestFaulty, SealBroken

PADDED = 2048  # bytes of a request before it is sealed, whatever it says
LENGTH = 2  # bytes in front that hold its true length, big-endian

# A time of day in London: two of different zones could not be put in order.
Clock = Annotated[time, msgspec.Meta(tz=False)]


class _Inside(msgspec.Struct, frozen=True):
    """A request as it is sealed. Safe times are rows, so that a full week of them fits the padding."""

    id: UUID
    kiosk: str
    centre: str
    name: str
    phone: str
    safe_times: tuple[tuple[int, Clock, Clock], ...]
    asked_at: datetime
    may_leave_message: bool
    language: str
    interpreter: bool
    topic: str


class Told(msgspec.Struct, frozen=True):
    """As much of a request as a search reads. `id` is as text, `phone` is E.164. `repr` shows the id alone: no log can."""

    id: str
    name: str
    phone: str
    topic: str
    centre: str
    language: str
    interpreter: bool

    def __repr__(self) -> str:
        return f"Told(id={self.id!r})"


def pad_request(request: CallbackRequest) -> bytes:
    """Return the PADDED bytes that are sealed. Raises RequestFaulty if the request does not fit them."""
    rows = tuple((safe.day, safe.start, safe.end) for safe in request.safe_times)
    fields = {name: getattr(request, name) for name in _Inside.__struct_fields__}
    plain = wire.encode(_Inside(**(fields | {"safe_times": rows})))
    if len(plain) > PADDED - LENGTH:
        raise RequestFaulty("This call-back request is too long to seal.", "Leave some of the safe times out.")
    return (len(plain).to_bytes(LENGTH, "big") + plain).ljust(PADDED, b"\0")


def unpad(padded: bytes) -> bytes:
    """Return what was padded. Raises SealBroken if anything but padding follows it."""
    length = int.from_bytes(padded[:LENGTH], "big")
    plain, rest = padded[LENGTH : LENGTH + length], padded[LENGTH + length :]
    if len(plain) != length or rest.strip(b"\0"):
        raise SealBroken("The padding inside this envelope is not right.")
    return plain


def read_request(plain: bytes) -> CallbackRequest:
    """Return the request that was written so. Raises SealBroken if it is none, or breaks a request's limits."""
    inside = wire.decode(plain, _Inside, PADDED)
    fields = msgspec.structs.asdict(inside)
    try:
        return CallbackRequest(**(fields | {"safe_times": tuple(SafeTime(*row) for row in inside.safe_times)}))
    except RequestFaulty as why:
        raise SealBroken("The request inside this envelope breaks its own limits.") from why


def read_told(plain: bytes) -> Told:
    """Return what a search reads of a request, in less time than all of it. Raises SealBroken if it is none."""
    return wire.decode(plain, Told, PADDED)
