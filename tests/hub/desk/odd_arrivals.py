"""What a kiosk brings, what a copy of its disk brings besides, and what comes under the number of another."""

from __future__ import annotations

from uuid import UUID

import pytest

from kiosk.callbacks.contract import first_link, next_link
from kiosk.callbacks.model import Link
from kiosk.callbacks.seal import seal
from kiosk.hub.conflicts import Conflicts
from kiosk.hub.lines import Forked, Said
from kiosk.hub.reception import receive
from tests.hub.desk.people import Kiosk

AHEAD = 7200  # seconds


def bring(kiosk: Kiosk, link: Link, name: str = "Amina") -> None:
    """Deliver one request as a kiosk does, three more waiting there, its clock two hours ahead."""
    kiosk.leave(name)
    known = kiosk.store.find_kiosk(kiosk.identity.kiosk)
    assert known
    blob = kiosk.store.find_open_envelopes()[-1].blob
    receive(kiosk.store, known, [blob], kiosk.clock(), Said(link, 3, AHEAD))
    kiosk.store.record_seen(known, kiosk.clock(), "1.4.0")


def copy_disk(kiosk: Kiosk) -> None:
    """Two machines deliver with one disk; what the second brings is kept apart."""
    one = first_link()
    bring(kiosk, one)
    bring(kiosk, next_link(one))
    known = kiosk.store.find_kiosk(kiosk.identity.kiosk)
    assert known
    request = kiosk.left[-1]
    twin = seal(
        type(request)(**(vars(request) | {"id": UUID(int=4 << 76 | 8 << 60), "name": "Kept apart"})), kiosk.identity
    )
    with pytest.raises(Forked):
        receive(kiosk.store, known, [twin.blob], kiosk.clock(), Said(next_link(one), 0, 0))


def double(kiosk: Kiosk, first: str = "Amina", other: str = "Sophie") -> str:
    """Hand in another request under the number of `first`, and return the page that shows both."""
    id = kiosk.leave(first)
    request = kiosk.left[-1]
    kiosk.hand_in(seal(type(request)(**(vars(request) | {"name": other})), kiosk.identity))
    [doubled] = Conflicts(kiosk.store.engine).find()
    assert doubled.id == id
    return f"/kiosks/set-aside/{id}/{doubled.sha256}"
