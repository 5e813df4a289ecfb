"""In and out of the desk: sign in, lock, sign out, and what an untouched page turns into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response, abort, g, jsonify, redirect, render_template, request, session, url_for

from kiosk.errors import SignInRefused, TooManyTries
from kiosk.hub.accounts import name_key
from kiosk.hub.desk import Page, signed_in, the_desk
from kiosk.hub.known_browser import is_known, make_known
from kiosk.hub.privacy import privacy_notice
from kiosk.hub.roles import Role, Worker
from kiosk.hub.tries import Origin

TOKEN = "token"  # noqa: S105 - the name of a field, not a secret
SINCE = "since"  # seconds since 1970, by the hub's clock
SIGN_IN_MOST = timedelta(hours=12)
"""How long a sign-in lasts however often somebody clicks (NIST SP 800-63B, 4.2.3): a copied cookie must not last for ever."""
NAME = "name"
AFTER_KEY, AFTER_LOSS = "key", "loss"
WHY = {
    AFTER_KEY: "The team has a new key. It is yours as soon as you sign in.",
    AFTER_LOSS: "You were signed out before you sent that, and nothing of it was saved. Sign in, and do it again.",
}
"""Why somebody comes to the sign-in, by what the address of the page says."""
WAYS_OUT = ("lock", "sign_out")  # the names of changes that are done where nobody is signed in
IDLE = "idle"  # the name of the page that an untouched one turns into
BY_ITSELF = "Waymark-By-Itself"  # the header of what a page's script sends though nobody pressed anything
WARNED_BEFORE = 60
"""Seconds before a page is cleared it asks whether somebody is there; WCAG 2.2, 2.2.1 wants 20 or more."""


@dataclass(frozen=True)
class Left:
    """How many seconds a sign-in lasts if nobody uses it. Where `is_last`, using it makes them no more: SIGN_IN_MOST."""

    seconds: int
    is_last: bool


def refuse_unwritable() -> None:
    """Answer 400 to a NUL where there is a page: no form of ours sends one, and PostgreSQL takes it in no text."""
    if request.endpoint and any("\0" in said for said in (request.path, *request.values.values())):
        abort(400)


def find_who_is_here() -> None:
    """Set `g.signed_in` from the cookie, None if nobody is or they were away too long; and `g.left` if somebody is."""
    # A page comes to IDLE by itself: of two open ones each would keep the other's sign-in alive for ever.
    token, now = None if request.endpoint == IDLE else session.get(TOKEN), the_desk().clock()
    is_used = BY_ITSELF not in request.headers
    here = g.signed_in = the_desk().sessions.find(token, now, is_used) if isinstance(token, str) else None
    if here is None:
        return
    most = SIGN_IN_MOST.total_seconds()
    lasted = now.timestamp() - session.get(SINCE, 0)
    if not 0 <= lasted <= most:
        _end()
        g.signed_in = None
        return
    unused = here.left.total_seconds()
    g.left = Left(int(min(unused, most - lasted)), most - lasted < unused)


def show_sign_in() -> Page:
    """Ask for name and password, and say why if that is not plain."""
    return _form(session.get(NAME, ""), why=WHY.get(request.args.get("after", ""), ""))


def sign_in() -> Page:
    """Let a worker in, or ask again in the same words whatever was wrong."""
    name, password = request.form.get("name", ""), request.form.get("password", "")
    desk, now = the_desk(), the_desk().clock()
    try:
        opened = desk.accounts.open(name, password, now, Origin(request.remote_addr, is_known(name_key(name))))
        token = desk.sessions.start(opened, now)
    except TooManyTries as why:
        return Response(_form(name, str(why)), 429, {"Retry-After": str(why.seconds)})
    except SignInRefused as why:
        return _form(name, str(why)), 403
    # A new session altogether: whatever was in the cookie before, somebody else may have put there.
    if isinstance(before := session.get(TOKEN), str):
        desk.sessions.end(before)
    session.clear()
    session[NAME] = opened.worker.name
    remember(token, now)
    answer = redirect(url_for(home_of(opened.worker)), 303)
    make_known(answer, name_key(opened.worker.name))
    return answer


def remember(token: str, now: datetime) -> None:
    """Let this browser's cookie hold the token of a sign-in that began `now`."""
    session[TOKEN], session[SINCE] = token, now.timestamp()


def home_of(worker: Worker) -> str:
    """Return the name of the page that a worker comes to first: a publisher sees no requests."""
    return "packs" if worker.role is Role.PUBLISHER else "requests"


def lock() -> Page:
    """Close the desk for a while: the name stays, the key goes."""
    _end()
    return redirect(url_for("sign_in"), 303)


def sign_out() -> Page:
    """Close the desk and forget who was here."""
    _end()
    session.clear()
    return redirect(url_for("sign_in"), 303)


def stay() -> Response:
    """Tell a page's script how long the sign-in still lasts, after noting that it is used unless it asks BY_ITSELF."""
    return jsonify(seconds=g.left.seconds, isLast=g.left.is_last)


def warned_before(idle_minutes: int) -> int:
    """Return how many seconds before a page is cleared it asks: half of the time at most."""
    return min(WARNED_BEFORE, 30 * idle_minutes)


def show_idle() -> Page:
    """Stand in for a page that nobody has touched: no name is left on a screen that somebody walked away from."""
    return render_template("idle.html", minutes=the_desk().settings.idle_lock_minutes)


def show_privacy() -> Page:
    """Tell anybody what this hub keeps of people, and for how long."""
    return render_template("privacy.html", notice=privacy_notice(the_desk().settings))


def _end() -> None:
    the_desk().sessions.end(session.pop(TOKEN))
    the_desk().orders.forget(signed_in().id)


def _form(name: str, error: str = "", why: str = "") -> str:
    return render_template("sign_in.html", name=name, error=error, why=why)
