"""What the kiosk of a proof has: a pack, the childcare around its centre, and made-up keys, so that the form is offered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nacl.public import PrivateKey
from nacl.signing import SigningKey

from kiosk.bootstrap import Services, bootstrap
from kiosk.callbacks.identity import load_identity, save_identity
from kiosk.callbacks.model import Identity
from kiosk.childcare.model import Postcode, Search
from kiosk.childcare.search import find_childcare
from kiosk.clock import Clock, utc_now
from kiosk.settings import Settings

NOWHERE = "http://127.0.0.1:9"


def proof_services(folder: Path, data: Path, clock: Clock = utc_now) -> Services:
    """Return services on the pack in `folder` whose own files lie in `data`, and are found there the next time.

    Raises as bootstrap. Nothing is delivered.
    """
    data.mkdir(parents=True, exist_ok=True)
    if load_identity(data) is None:
        team = bytes(PrivateKey.generate().public_key)
        hub = bytes(SigningKey.generate().verify_key)
        save_identity(Identity("proof", bytes(SigningKey.generate()), NOWHERE, hub, team, team), data)
    services = bootstrap(replace(Settings(), data=data, pack=folder, fullscreen=False), clock)
    services.load_first_childcare()
    return services


def fullest_provider(services: Services) -> str:
    """Return the number of the childcare place near the centre with the longest name, or "" where there is none."""
    near = services.pack.centre.postcode
    found = find_childcare(services.childcare, Search(Postcode.parse(near) if near else None, size=50)).found
    return max((each.provider for each in found), key=lambda provider: len(provider.name)).id if found else ""
