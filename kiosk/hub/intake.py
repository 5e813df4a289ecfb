"""Where kiosks come in: join, deliver, ask whether the hub is there.

    POST /api/v1/enrol       wire.EnrolRequest -> wire.EnrolAnswer; 403 a code that is wrong, used or expired
                             429 too many of those from one address
    POST /api/v1/envelopes   wire.Batch, signed in a header -> wire.BatchAnswer with an item for each envelope
                             401 unknown kiosk or signature; 403 revoked or copied; 409 a lone envelope that conflicts
    POST /api/v1/pack        wire.PackAsk, signed in a header -> wire.PackWord: what the kiosk is to show
    GET  /api/v1/kiosks/ID/packs/SHA256   that archive or a range of it, signed in a header
    GET  /api/v1/health      wire.Health; 503 before `kiosk hub init`
    GET  /api/openapi.yaml   all of this for programs

Everything else is a wire.Refusal: 400 not such a message, 413 too long, 415 not JSON, 503 no database. A kiosk cannot be
asked for a form's token, so the app must exempt `blueprint` from CSRF; the signature stands in for it.
"""

from __future__ import annotations

import logging
from datetime import datetime

from flask import Blueprint, Flask, Response, request
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from kiosk.callbacks import wire
from kiosk.callbacks.new_keys import sign_new_keys
from kiosk.callbacks.seal import sign_items, verify
from kiosk.clock import Clock, utc_now
from kiosk.errors import EnrolmentRefused, HubNotReady, SealBroken, TooManyTries
from kiosk.hub.api import answer, body_of, read_description, refuse, refuse_http
from kiosk.hub.caller import Intake, Revoked, Unknown, known_caller, the_intake
from kiosk.hub.lines import Forked, Said, read_link
from kiosk.hub.publish_api import fetch_pack, tell_pack
from kiosk.hub.reception import check, keep
from kiosk.hub.store import HubKeys, HubStore, meet, record_seen
from kiosk.hub.tries import try_from
from kiosk.hub.turns import wait_for_turn

blueprint = Blueprint("intake", __name__, url_prefix="/api")
log = logging.getLogger(__name__)


def register_intake(app: Flask, store: HubStore, clock: Clock = utc_now, keep_days: int | None = None) -> Blueprint:
    """Serve the intake from `app` and return its blueprint, to be exempted from CSRF.

    Kiosks are told `keep_days`, so that they promise parents no other time than the one after which this hub deletes.
    """
    app.extensions["waymark-intake"] = Intake(store, clock, keep_days)
    app.register_blueprint(blueprint)
    return blueprint


@blueprint.post("/v1/enrol", provide_automatic_options=False)
def enrol() -> Response:
    """Let one kiosk join against a one-time code."""
    wish = wire.decode(body_of(request, wire.BODY_LIMIT), wire.EnrolRequest, wire.BODY_LIMIT)
    verify("enrolment", wish.code.encode(), wish.signature, wish.verify_key)
    intake = the_intake()
    keys = intake.store.get_keys()
    now = intake.clock()
    with try_from(intake.store.engine, request.remote_addr, now):
        kiosk = intake.store.enrol(wish.code, wish.verify_key, now)
    known = (keys.verify_key, keys.team_key, keys.recovery_key, keys.generation)
    return answer(wire.EnrolAnswer(1, kiosk, *known, intake.keep_days))


@blueprint.post("/v1/envelopes", provide_automatic_options=False)
def envelopes() -> Response:
    """Take a batch: one item for each envelope, so that a bad one does not hold up the others."""
    body, intake = body_of(request, wire.BODY_LIMIT), the_intake()
    batch = wire.decode(body, wire.Batch, wire.BODY_LIMIT)
    said = _said(batch, intake.clock())
    with intake.store.engine.begin() as connection:
        met = meet(connection, batch.kiosk)
        kiosk = known_caller(met, "batch", body)
        arrived = check(connection, kiosk, batch.envelopes)
        wait_for_turn(connection, said, met.latest, batch.after)
        now = intake.clock()
        kept = keep(connection, kiosk, arrived, now, said, met.latest)
        if not kept.is_apart:
            record_seen(connection, kiosk, now, batch.version)
    items, keys = kept.items(now), met.keys
    word = wire.BatchAnswer(1, items, sign_items(items, keys.signing_key), _new_keys(batch, keys), intake.keep_days)
    return answer(word, 409 if len(items) == 1 and items[0].state == "conflict" else 200)


blueprint.add_url_rule("/v1/pack", view_func=tell_pack, methods=["POST"], provide_automatic_options=False)
blueprint.add_url_rule("/v1/kiosks/<kiosk>/packs/<sha256>", view_func=fetch_pack, provide_automatic_options=False)


@blueprint.get("/v1/health", provide_automatic_options=False)
def health() -> Response:
    """Say whether this hub can take requests; asks the database."""
    the_intake().store.get_keys()
    return answer(wire.Health(1, ready=True))


@blueprint.get("/openapi.yaml", provide_automatic_options=False)
def description() -> Response:
    """Hand out the description of these routes; it holds no secret."""
    return Response(read_description(), content_type="application/yaml")


def _new_keys(batch: wire.Batch, keys: HubKeys) -> wire.NewKeys | None:
    if batch.generation >= keys.generation:
        return None
    return sign_new_keys(keys.generation, keys.team_key, keys.recovery_key, keys.signing_key)


def _said(batch: wire.Batch, now: datetime) -> Said | None:
    """What the kiosk says of itself; a kiosk of the first version says nothing."""
    if batch.step is None or batch.waiting is None or batch.sent_at is None:
        return None
    left = max(0, batch.waiting - len(batch.envelopes))
    ahead = round((batch.sent_at - now).total_seconds())
    return Said(read_link(batch.step), left, ahead)


@blueprint.errorhandler(SealBroken)
def _not_a_message(why: SealBroken) -> Response:
    return refuse(400, "not-understood", why.fact)


@blueprint.errorhandler(EnrolmentRefused)
def _not_enrolled(why: EnrolmentRefused) -> Response:
    return refuse(403, "code-refused", str(why))


@blueprint.errorhandler(TooManyTries)
def _not_so_fast(why: TooManyTries) -> Response:
    refusal = refuse(429, "too-many-tries", str(why))
    refusal.headers["Retry-After"] = str(why.seconds)
    return refusal


@blueprint.errorhandler(Unknown)
def _not_known(_why: Unknown) -> Response:
    refusal = refuse(401, "unknown-kiosk", "This hub does not know this kiosk. Enrol the kiosk again.")
    refusal.headers["WWW-Authenticate"] = wire.SIGNATURE_HEADER
    return refusal


@blueprint.errorhandler(Revoked)
def _not_welcome(_why: Revoked) -> Response:
    return refuse(403, "revoked-kiosk", "This kiosk was taken off the hub's list. Ask whoever runs the hub.")


@blueprint.errorhandler(Forked)
def _copied(_why: Forked) -> Response:
    says = "Another machine delivers with the keys of this kiosk. Enrol this one again, or ask whoever runs the hub."
    return refuse(403, wire.QUARANTINED, says)


@blueprint.errorhandler(HubNotReady)
def _not_ready(why: HubNotReady) -> Response:
    return refuse(503, "not-ready", str(why))


@blueprint.errorhandler(OperationalError)
@blueprint.errorhandler(InterfaceError)
@blueprint.errorhandler(PoolTimeout)
def _no_database(why: Exception) -> Response:
    log.warning("The database did not answer: %s", type(why).__name__)
    return refuse(503, "not-ready", "The hub's database does not answer. Try again later.")


@blueprint.errorhandler(HTTPException)
def _http(why: HTTPException) -> Response:
    return refuse_http(why)
