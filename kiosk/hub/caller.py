"""Which kiosk calls: its signature over what it sends is all that lets it in."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, request

from kiosk.callbacks import wire
from kiosk.callbacks.seal import Purpose, batch_bytes, verify
from kiosk.errors import SealBroken
from kiosk.hub.store import HubStore, Kiosk, Met


@dataclass(frozen=True)
class Intake:
    """What the routes for kiosks work with."""

    store: HubStore
    clock: Callable[[], datetime]
    keep_days: int | None


class Unknown(Exception):
    """No kiosk of this name signed this."""


class Revoked(Exception):
    """This kiosk was known, and is not welcome any more."""


def the_intake() -> Intake:
    """Return the intake of the app that serves this call."""
    intake: Intake = current_app.extensions["waymark-intake"]
    return intake


def known_caller(met: Met, purpose: Purpose, covered: bytes) -> Kiosk:
    """Return the kiosk that signed `covered` for this hub, by the header of this call. Raises Unknown or Revoked."""
    kiosk = met.kiosk
    if kiosk is None:
        raise Unknown
    try:
        signature = b64decode(request.headers.get(wire.SIGNATURE_HEADER, ""), validate=True)
        verify(purpose, batch_bytes(covered, met.keys.verify_key), signature, kiosk.verify_key)
    except (SealBroken, ValueError) as why:
        raise Unknown from why
    if kiosk.revoked:
        raise Revoked
    return kiosk
