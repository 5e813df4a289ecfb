"""Where kiosks come in: join, deliver, ask whether the hub is there.

    POST /api/v1/enrol       wire.EnrolRequest -> wire.EnrolAnswer; 403 a code that is wrong, used or expired
    POST /api/v1/envelopes   wire.Batch, signed in a header -> wire.BatchAnswer with an item for each envelope
                             401 unknown kiosk or signature; 403 revoked; 409 a lone envelope that conflicts
    GET  /api/v1/health      wire.Health; 503 before `kiosk hub init`

Everything else is a wire.Refusal: 400 not such a message, 413 too long. A kiosk cannot be asked for a form's token, so
the app must exempt `blueprint` from CSRF; the signature stands in for it.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from kiosk.callbacks import wire
from kiosk.callbacks.model import Envelope, Receipt, ReceiptState
from kiosk.callbacks.seal import Cover, check_envelope, digest, key_id, read_cover, sign_receipt, verify
from kiosk.errors import EnrolmentRefused, HubNotReady, SealBroken
from kiosk.hub.store import AlreadyHandled, Conflict, HubKeys, HubStore, Kiosk, Taken

blueprint = Blueprint("intake", __name__, url_prefix="/api/v1")


def utc_now() -> datetime:
    """Return the hub's time, which is the one that counts."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Intake:
    """What the three routes work with."""

    store: HubStore
    clock: Callable[[], datetime]


def register_intake(app: Flask, store: HubStore, clock: Callable[[], datetime] = utc_now) -> Blueprint:
    """Serve the intake from `app` and return its blueprint, to be exempted from CSRF."""
    app.extensions["waymark-intake"] = Intake(store, clock)
    app.register_blueprint(blueprint)
    return blueprint


@dataclass(frozen=True)
class _Arrived:
    """One envelope of a batch as it came, and its outside if a kiosk of this hub signed it."""

    blob: bytes
    cover: Cover | None


@blueprint.post("/enrol")
def enrol() -> Response:
    """Let one kiosk join against a one-time code."""
    wish = wire.decode(_body(), wire.EnrolRequest, wire.BODY_LIMIT)
    verify("enrolment", wish.code.encode(), wish.signature, wish.verify_key)
    intake = _intake()
    keys = intake.store.get_keys()
    kiosk = intake.store.enrol(wish.code, wish.verify_key, intake.clock())
    return _answer(wire.EnrolAnswer(1, kiosk, keys.verify_key, keys.team_key, keys.recovery_key))


@blueprint.post("/envelopes")
def envelopes() -> Response:
    """Take a batch: one item for each envelope, so that a bad one does not hold up the others."""
    body, intake = _body(), _intake()
    batch = wire.decode(body, wire.Batch, wire.BODY_LIMIT)
    keys, now = intake.store.get_keys(), intake.clock()
    kiosk = _known(intake.store.find_kiosk(batch.kiosk), body, keys)
    covers = _covers(intake.store, kiosk, batch.envelopes)
    items = _take(intake.store, [_Arrived(*each) for each in zip(batch.envelopes, covers, strict=True)], keys, now)
    intake.store.record_seen(kiosk, now, batch.version)
    alone = len(items) == 1 and items[0].state == "conflict"
    return _answer(wire.BatchAnswer(1, items), 409 if alone else 200)


@blueprint.get("/health")
def health() -> Response:
    """Say whether this hub can take requests; asks the database."""
    _intake().store.get_keys()
    return _answer(wire.Health(1, ready=True))


class _Unknown(Exception):
    """No kiosk of this name signed this."""


class _Revoked(Exception):
    """This kiosk was known, and is not welcome any more."""


def _known(kiosk: Kiosk | None, body: bytes, keys: HubKeys) -> Kiosk:
    if kiosk is None:
        raise _Unknown
    try:
        signature = b64decode(request.headers.get(wire.SIGNATURE_HEADER, ""), validate=True)
        # The hub's name is under the signature: a batch for one hub is worth nothing at another.
        verify("batch", key_id(keys.verify_key).encode() + body, signature, kiosk.verify_key)
    except (SealBroken, binascii.Error, ValueError) as why:
        raise _Unknown from why
    if kiosk.revoked:
        raise _Revoked
    return kiosk


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


def _take(store: HubStore, arrived: list[_Arrived], keys: HubKeys, now: datetime) -> tuple[wire.Item, ...]:
    good = [(_envelope(each.blob, each.cover), each.cover.team_key_id) for each in arrived if each.cover]
    answers = iter(store.add_envelopes(good, now) if good else [])
    return tuple(
        _item(each.cover, digest(each.blob), next(answers), keys, now)
        if each.cover
        else wire.Item(digest(each.blob), "rejected", reason="unknown-signature")
        for each in arrived
    )


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


def _intake() -> Intake:
    intake: Intake = current_app.extensions["waymark-intake"]
    return intake


def _body() -> bytes:
    request.max_content_length = wire.BODY_LIMIT
    return request.get_data(cache=False)


def _answer(message: object, status: int = 200) -> Response:
    return Response(wire.encode(message), status, content_type="application/json")


def _refuse(status: int, error: str, says: str) -> Response:
    return _answer(wire.Refusal(1, error, says), status)


@blueprint.errorhandler(SealBroken)
def _not_a_message(why: SealBroken) -> Response:
    return _refuse(400, "not-understood", why.fact)


@blueprint.errorhandler(EnrolmentRefused)
def _not_enrolled(why: EnrolmentRefused) -> Response:
    return _refuse(403, "code-refused", str(why))


@blueprint.errorhandler(_Unknown)
def _not_known(_why: _Unknown) -> Response:
    return _refuse(401, "unknown-kiosk", "This hub does not know this kiosk. Enrol the kiosk again.")


@blueprint.errorhandler(_Revoked)
def _not_welcome(_why: _Revoked) -> Response:
    return _refuse(403, "revoked-kiosk", "This kiosk was taken off the hub's list. Ask whoever runs the hub.")


@blueprint.errorhandler(HubNotReady)
def _not_ready(why: HubNotReady) -> Response:
    return _refuse(503, "not-ready", str(why))


@blueprint.errorhandler(HTTPException)
def _http(why: HTTPException) -> Response:
    return _refuse(why.code or 500, "not-taken", f"This request was not taken: {why.name}.")
