"""Where kiosks come in: join, deliver, ask whether the hub is there.

    POST /api/v1/enrol       wire.EnrolRequest -> wire.EnrolAnswer; 403 a code that is wrong, used or expired
    POST /api/v1/envelopes   wire.Batch, signed in a header -> wire.BatchAnswer with an item for each envelope
                             401 unknown kiosk or signature; 403 revoked or copied; 409 a lone envelope that conflicts
    GET  /api/v1/health      wire.Health; 503 before `kiosk hub init`

Everything else is a wire.Refusal: 400 not such a message, 413 too long. A kiosk cannot be asked for a form's token, so
the app must exempt `blueprint` from CSRF; the signature stands in for it.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from kiosk.callbacks import wire
from kiosk.callbacks.model import Link
from kiosk.callbacks.new_keys import sign_new_keys
from kiosk.callbacks.seal import key_id, verify
from kiosk.errors import EnrolmentRefused, HubNotReady, SealBroken
from kiosk.hub.lines import Forked, Said
from kiosk.hub.reception import receive
from kiosk.hub.store import HubKeys, HubStore, Kiosk

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


@blueprint.post("/enrol")
def enrol() -> Response:
    """Let one kiosk join against a one-time code."""
    wish = wire.decode(_body(), wire.EnrolRequest, wire.BODY_LIMIT)
    verify("enrolment", wish.code.encode(), wish.signature, wish.verify_key)
    intake = _intake()
    keys = intake.store.get_keys()
    kiosk = intake.store.enrol(wish.code, wish.verify_key, intake.clock())
    answer = wire.EnrolAnswer(1, kiosk, keys.verify_key, keys.team_key, keys.recovery_key, keys.generation)
    return _answer(answer)


@blueprint.post("/envelopes")
def envelopes() -> Response:
    """Take a batch: one item for each envelope, so that a bad one does not hold up the others."""
    body, intake = _body(), _intake()
    batch = wire.decode(body, wire.Batch, wire.BODY_LIMIT)
    keys, now = intake.store.get_keys(), intake.clock()
    kiosk = _known(intake.store.find_kiosk(batch.kiosk), body, keys)
    items = receive(intake.store, kiosk, batch.envelopes, keys, now, _said(batch, now))
    intake.store.record_seen(kiosk, now, batch.version)
    alone = len(items) == 1 and items[0].state == "conflict"
    return _answer(wire.BatchAnswer(1, items, _new_keys(batch, keys)), 409 if alone else 200)


@blueprint.get("/health")
def health() -> Response:
    """Say whether this hub can take requests; asks the database."""
    _intake().store.get_keys()
    return _answer(wire.Health(1, ready=True))


def _new_keys(batch: wire.Batch, keys: HubKeys) -> wire.NewKeys | None:
    if batch.generation >= keys.generation:
        return None
    return sign_new_keys(keys.generation, keys.team_key, keys.recovery_key, keys.signing_key)


class _Unknown(Exception):
    """No kiosk of this name signed this."""


class _Revoked(Exception):
    """This kiosk was known, and is not welcome any more."""


def _said(batch: wire.Batch, now: datetime) -> Said | None:
    """What the kiosk says of itself; a kiosk of the first version says nothing."""
    if batch.step is None or batch.waiting is None or batch.sent_at is None:
        return None
    step = batch.step
    left = max(0, batch.waiting - len(batch.envelopes))
    ahead = round((batch.sent_at - now).total_seconds())
    return Said(Link(step.line, step.number, step.before, step.this), left, ahead)


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


@blueprint.errorhandler(Forked)
def _copied(_why: Forked) -> Response:
    says = "Another machine delivers with the keys of this kiosk. Enrol this one again, or ask whoever runs the hub."
    return _refuse(403, wire.QUARANTINED, says)


@blueprint.errorhandler(HubNotReady)
def _not_ready(why: HubNotReady) -> Response:
    return _refuse(503, "not-ready", str(why))


@blueprint.errorhandler(HTTPException)
def _http(why: HTTPException) -> Response:
    return _refuse(why.code or 500, "not-taken", f"This request was not taken: {why.name}.")
