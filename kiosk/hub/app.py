"""The hub's web server: the routes of the desk, the guard before them, the headers after them."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from flask import Flask, Request, Response, abort, g, redirect, render_template, request, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as Answer

from kiosk.clock import Clock, utc_now
from kiosk.errors import AccountFaulty, CaseTaken, RoleRefused, RolloutRefused, SealBroken, WaymarkError
from kiosk.hub import desk, door, wording
from kiosk.hub.accounts import Accounts
from kiosk.hub.api import API, refuse_http
from kiosk.hub.cases import Cases
from kiosk.hub.intake import register_intake
from kiosk.hub.keys import MODERATE, Cost
from kiosk.hub.orders import Orders
from kiosk.hub.people import People, appoint_lead
from kiosk.hub.routes import LONG, OPEN, ROLES, ROUTES
from kiosk.hub.schema import check_schema
from kiosk.hub.sessions import Sessions
from kiosk.hub.setup import hub_engine, keep_private
from kiosk.hub.store import HubKeys, HubStore
from kiosk.settings import Settings

FORM_LIMIT = 16 * 1024  # bytes; the longest form has eleven boxes to tick

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; font-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
SAYS = {
    400: ("This form is out of date", "Nothing was saved. Go back to the list and try again."),
    403: ("This page is not for you", "Your account says what you are here for. A lead of the team sees every page."),
    404: ("There is no such page", "The request may have been handled and deleted. Look in the list."),
    405: ("There is no such page", "Go back to the list."),
    413: ("That was too long", "Go back and send less."),
    429: ("Too many tries", "Wait a little, then try again."),
    500: ("Something went wrong here", "Nothing that you saved before is lost. Go back to the list and try again."),
}


def create_app(settings: Settings, clock: Clock = utc_now, cost: Cost = MODERATE) -> Flask:
    """Return the hub's app for any WSGI server. Several may run on one database. Raises HubNotReady before `init`."""
    engine = hub_engine(settings)
    store = HubStore(engine)
    check_schema(engine)
    keep_private(engine)
    appoint_lead(engine)
    app = Flask("kiosk.hub")
    _configure(app, settings, store.get_keys())
    app.extensions["waymark-desk"] = desk.Desk(
        settings,
        clock,
        store,
        Accounts(engine, cost),
        Sessions(engine, timedelta(minutes=settings.idle_lock_minutes)),
        Cases(engine),
        People(engine, cost),
        Orders(timedelta(minutes=settings.idle_lock_minutes), clock),
        cost,
    )
    csrf = CSRFProtect(app)
    csrf.exempt(register_intake(app, store, clock, settings.handled_days))
    for route in ROUTES:
        app.add_url_rule(route.path, route.name, route.view, methods=[route.method])
        if route.takes:
            # Its token stands in a long form, which is read once it is known who sends it: see _guard.
            csrf.exempt(route.view)
    _guard(app, settings, csrf)
    return app


class _SecureOverHttps(SecureCookieSessionInterface):
    """A desk on the loopback has no TLS; everywhere else the cookie must not travel without it.

    Kiosks have no cookies: for them none is read or signed.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return None if request.path.startswith(API) else super().open_session(app, request)

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def _configure(app: Flask, settings: Settings, keys: HubKeys) -> None:
    # The same for every process of this hub. It guards against forged forms; it opens no request.
    app.secret_key = hashlib.blake2b(keys.signing_key, digest_size=32, person=b"waymark forms").digest()
    app.session_interface = _SecureOverHttps()
    app.config.update(
        SESSION_COOKIE_NAME="waymark",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        MAX_CONTENT_LENGTH=FORM_LIMIT,
        WTF_CSRF_TIME_LIMIT=None,
    )
    macros = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_loader = ChoiceLoader([PackageLoader("kiosk.hub"), macros])
    app.jinja_env.globals.update(words=wording, warned_before=door.warned_before(settings.idle_lock_minutes))


def _guard(app: Flask, settings: Settings, csrf: CSRFProtect) -> None:
    """Let nobody in who has not signed in, whatever the page; then give every answer its headers."""

    app.before_request(lambda: _let_in(csrf))

    @app.after_request
    def add_headers(answer: Response) -> Response:
        answer.headers.update(HEADERS)
        if request.endpoint != "static":
            answer.headers["Cache-Control"] = "no-store"
        if g.get("signed_in"):
            # On every page, as nobody knows whether its script will run. A script that does holds it back while there
            # is time: static/stay.js.
            answer.headers["Refresh"] = f"{g.left.seconds}; url={url_for(door.IDLE)}"
        if request.is_secure:
            answer.headers["Strict-Transport-Security"] = "max-age=31536000"
        return answer

    app.register_error_handler(HTTPException, _http_page)
    app.register_error_handler(CaseTaken, _conflict_page)
    app.register_error_handler(AccountFaulty, _conflict_page)
    app.register_error_handler(RolloutRefused, _conflict_page)
    app.register_error_handler(RoleRefused, lambda _why: (_message(*SAYS[403]), 403))
    app.register_error_handler(SealBroken, _quarantine_page)


def _let_in(csrf: CSRFProtect) -> Answer | None:
    if request.blueprint == "intake" or request.endpoint == "static":
        return None
    if request.endpoint not in LONG:
        door.refuse_unwritable()
    door.find_who_is_here()
    if request.endpoint in OPEN or request.endpoint is None:
        return None
    if not g.signed_in:
        lost = request.method == "POST" and request.endpoint not in door.WAYS_OUT
        return redirect(url_for("sign_in", after=door.AFTER_LOSS if lost else None), 303)
    if g.signed_in.worker.role not in ROLES[request.endpoint]:
        abort(403)
    if request.endpoint in LONG:
        # Not a byte of it was looked at before.
        request.max_content_length = LONG[request.endpoint]
        csrf.protect()
        door.refuse_unwritable()
    return None


def _http_page(why: HTTPException) -> desk.Page | HTTPException:
    if why.response is not None or (why.code or 500) < 400:
        return why
    if request.path.startswith(API):
        return refuse_http(why)
    code = why.code if why.code in SAYS else 500
    page = Response(_message(*SAYS[code or 500]), why.code or 500)
    if isinstance(why, MethodNotAllowed):
        page.headers["Allow"] = ", ".join(sorted(why.valid_methods or ()))
    return page


def _conflict_page(why: WaymarkError) -> desk.Page:
    return _message(why.fact, why.remedy), 409


def _quarantine_page(_why: SealBroken) -> desk.Page:
    says = (
        "It is kept as it came, apart from the others. Give its number, from the list, to whoever looks after the hub."
    )
    return _message("This request does not open", says), 409


def _message(title: str, says: str) -> str:
    return render_template("message.html", title=title, says=says)
