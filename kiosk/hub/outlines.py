"""Outlines: what the order of work needs of each request, sealed apart from who asked: its centre, safe times, moment.

To put ten thousand in order the desk would open ten thousand working copies of 2 KiB, and hold that many names. An
outline has neither name nor number, all are of one length, and none opens without the team's private key.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from kiosk.callbacks.model import SAFE_TIMES_LIMIT, CallbackRequest, SafeTime
from kiosk.errors import SealBroken
from kiosk.hub.safety import merge
from kiosk.hub.tables import CENTRE_LIMIT

CENTRE_BYTES = 4 * CENTRE_LIMIT  # as many as such a name can have in UTF-8
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The request's id; microseconds since 1970; how many windows; the windows, each a number of 25 bits; the centre, and
# zeros behind it.
_LAYOUT = struct.Struct(f">16sqB{4 * SAFE_TIMES_LIMIT}s{CENTRE_BYTES}s")
_MICROSECOND = timedelta(microseconds=1)
_MINUTES = 1 << 11  # more than a day has


@dataclass(frozen=True, slots=True)
class Outline:
    """What an outline holds. `weekly` are the safe times as `read_weekly` reads them: the same for the same times."""

    centre: str
    asked_at: datetime
    weekly: bytes


def outline_key(team_key: bytes) -> bytes:
    """Return the key of all outlines: only the team's private key leads to it."""
    return hashlib.blake2b(team_key, digest_size=SecretBox.KEY_SIZE, person=b"waymark outlines").digest()


def seal_outline(request: CallbackRequest, key: bytes) -> bytes | None:
    """Return the outline of `request`, sealed; None if it has none: safe times to the second, or a centre past all limits."""
    weekly, centre = pack_weekly(request.safe_times), request.centre.encode()
    if weekly is None or len(centre) > CENTRE_BYTES or centre.endswith(b"\0"):
        return None
    asked = (request.asked_at - EPOCH) // _MICROSECOND
    plain = _LAYOUT.pack(request.id.bytes, asked, len(weekly) // 4, weekly, centre)
    return bytes(SecretBox(key).encrypt(plain))


def open_outline(box: bytes, key: bytes, id: str) -> Outline:
    """Return the outline of the request `id`. Raises SealBroken if it was sealed with another key, or for another."""
    try:
        named, asked, windows, weekly, centre = _LAYOUT.unpack(SecretBox(key).decrypt(box))
    except (CryptoError, ValueError, struct.error) as why:
        raise SealBroken("This outline was not sealed with this key.") from why
    if named.hex() != id.replace("-", ""):
        raise SealBroken("This outline is another request's.")
    return Outline(centre.rstrip(b"\0").decode(), EPOCH + timedelta(microseconds=asked), weekly[: 4 * windows])


def pack_weekly(safe_times: Sequence[SafeTime]) -> bytes | None:
    """Return safe times merged, in four bytes each; None if one does not begin and end on the minute."""
    windows = merge(safe_times)
    if any(clock.second or clock.microsecond for window in windows for clock in (window.start, window.end)):
        return None
    numbers = ((each.day * _MINUTES + _minute(each.start)) * _MINUTES + _minute(each.end) for each in windows)
    return struct.pack(f">{len(windows)}I", *numbers)


def read_weekly(weekly: bytes) -> tuple[SafeTime, ...]:
    """Return the safe times that `pack_weekly` packed."""
    numbers = struct.unpack(f">{len(weekly) // 4}I", weekly)
    return tuple(
        SafeTime(number // _MINUTES // _MINUTES, _clock(number // _MINUTES % _MINUTES), _clock(number % _MINUTES))
        for number in numbers
    )


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _clock(minute: int) -> time:
    return time(minute // 60, minute % 60)
