"""Promise 35: what is not what it says, or what no kiosk would write, is kept apart from the others."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import msgspec
import pytest
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.signing import SigningKey

from kiosk.callbacks import wire
from kiosk.callbacks.inside import LENGTH, PADDED
from kiosk.callbacks.model import Envelope
from kiosk.callbacks.seal import digest, public_key, read_cover, seal, sign
from tests.callbacks.samples import request
from tests.hub.desk.conftest import Worker
from tests.hub.desk.people import NOW, SATURDAY, TEAM, Kiosk
from tests.hub.desk.reading import names

# Each could be read, and then not be put in order or shown.
WRITTEN_BY_NO_KIOSK: list[dict[str, object]] = [
    {"safe_times": [[SATURDAY, "09:00:00Z", "14:30:00"]]},
    {"safe_times": [[SATURDAY, "09:00:00", "14:30:00"], [SATURDAY, "10:00:00Z", "11:00:00Z"]]},
    {"asked_at": "0001-01-01T00:00:00Z"},
    {"asked_at": "9999-12-31T23:59:59-12:00"},
]


@pytest.mark.promise(35)
@pytest.mark.parametrize("outside", ["id", "kiosk"])
def test_a_request_that_is_another_inside_than_outside_is_quarantined(
    worker: Worker, kiosk: Kiosk, outside: str
) -> None:
    forged = signed_for_another(kiosk, outside)
    answer = worker.get("/")

    assert "1 request does not open" in answer.text and str(forged) in answer.text
    assert names(answer.text) == []
    assert "Zebedee" not in worker.get(f"/requests/{forged}").text


@pytest.mark.promise(35)
@pytest.mark.parametrize("inside", WRITTEN_BY_NO_KIOSK, ids=str)
def test_a_request_that_no_kiosk_would_write_is_quarantined_and_hides_no_other(
    worker: Worker, kiosk: Kiosk, inside: dict[str, object]
) -> None:
    kiosk.leave("Amina")
    forged = signed_with_another_inside(kiosk, inside)
    page = worker.get("/").text

    assert names(page) == ["Amina"]
    assert "1 request does not open" in page and str(forged) in page
    assert worker.get(f"/requests/{forged}").status_code == 409


def signed_for_another(kiosk: Kiosk, outside: str) -> UUID:
    """Hand in a request under a well signed cover that names another id, or another kiosk that signed it; return its id."""
    me, key = kiosk.identity, kiosk.identity.signing_key
    cover = msgspec.structs.replace(read_cover(seal(request(kiosk=me.kiosk, name="Zebedee"), me).blob), signature=None)
    if outside == "id":
        cover = msgspec.structs.replace(cover, id=uuid4())
    else:
        key = bytes(SigningKey.generate())
        other = kiosk.store.enrol(kiosk.store.create_code("Rose Hill", NOW), public_key(key), NOW)
        cover = msgspec.structs.replace(cover, kiosk=other)
    blob = wire.encode(msgspec.structs.replace(cover, signature=sign("envelope", wire.encode(cover), key)))
    kiosk.hand_in(Envelope(cover.id, cover.kiosk, blob, digest(blob)))
    return cover.id


def signed_with_another_inside(kiosk: Kiosk, inside: dict[str, object]) -> UUID:
    """Hand in what a kiosk gone bad could send: well sealed and signed, with `inside` in the request; return its id."""
    me = kiosk.identity
    cover = msgspec.structs.replace(read_cover(seal(request(kiosk=me.kiosk, name="Zebedee"), me).blob), signature=None)
    padded = SealedBox(PrivateKey(TEAM.team_key)).decrypt(cover.team)
    plain = wire.encode(json.loads(padded[LENGTH:].rstrip(b"\0")) | inside)
    box = SealedBox(PublicKey(me.team_key)).encrypt((len(plain).to_bytes(LENGTH, "big") + plain).ljust(PADDED, b"\0"))
    cover = msgspec.structs.replace(cover, team=box)
    blob = wire.encode(msgspec.structs.replace(cover, signature=sign("envelope", wire.encode(cover), me.signing_key)))
    kiosk.hand_in(Envelope(cover.id, cover.kiosk, blob, digest(blob)))
    return cover.id
