"""The desk's pages about kiosks, for leads: the list, a code to join with, and one kiosk."""

from __future__ import annotations

from contextlib import suppress

from flask import abort, redirect, render_template, request, url_for

from kiosk.errors import EnrolmentRefused, FormFaulty
from kiosk.hub import fleet_wording, publish_wording
from kiosk.hub.codes import CODE_VALID, Codes
from kiosk.hub.conflicts import Conflicts
from kiosk.hub.desk import Page, signed_in, the_desk
from kiosk.hub.fleet import Fleet, KioskLine, name_centre
from kiosk.hub.kept_apart import KeptApart
from kiosk.hub.publish_shown import find_shown
from kiosk.hub.set_aside import find_set_aside

LISTED_MOST = 100  # of what one kiosk brought that is set aside


def show_kiosks() -> Page:
    """List the kiosks, and say at the top what waits for a lead."""
    return render_template(
        "kiosks.html",
        kiosks=_fleet().find_kiosks(),
        codes=_codes().find_unused(the_desk().clock()),
        set_aside=find_set_aside(the_desk().store.engine),
        shown=find_shown(the_desk().store.engine),
        say=fleet_wording,
        say_pack=publish_wording.shown_words,
    )


def show_new_code() -> Page:
    """Ask where the new kiosk stands."""
    return _new_code()


def make_code() -> Page:
    """Make a code that lets one kiosk join, and show it this once."""
    desk, typed = the_desk(), request.form.get("centre", "")
    try:
        centre = name_centre(typed, desk.people.find_centres())
    except FormFaulty as why:
        return _new_code(str(why), typed), 400
    now = desk.clock()
    code = desk.store.create_code(centre, now, signed_in().worker.name)
    return render_template(
        "code.html", code=code, centre=centre, until=now + CODE_VALID, hub=request.url_root.rstrip("/")
    )


def withdraw_code(id: str) -> Page:
    """Let nobody join with a code that nobody has used. Twice is harmless."""
    with suppress(EnrolmentRefused):
        _codes().withdraw(id, the_desk().clock())
    return redirect(url_for("kiosks"), 303)


def show_kiosk(kiosk: str) -> Page:
    """Show one kiosk, and what can be done about it."""
    line = _line(kiosk)
    engine = the_desk().store.engine
    return render_template(
        "kiosk.html",
        line=line,
        conflicts=Conflicts(engine).find(most=LISTED_MOST, kiosk=kiosk),
        apart=KeptApart(engine).find(most=LISTED_MOST, kiosk=kiosk),
        listed_most=LISTED_MOST,
        shown=find_shown(engine).get(kiosk),
        say=fleet_wording,
        say_pack=publish_wording.shown_words,
        let_in=_let_in(),
    )


def ask_to_revoke(kiosk: str) -> Page:
    """Ask once more: a kiosk that is shut out has to join anew."""
    return render_template("revoke.html", line=_line(kiosk), say=fleet_wording)


def revoke(kiosk: str) -> Page:
    """Take nothing more from a kiosk."""
    _fleet().revoke(_line(kiosk).id)
    return redirect(url_for("kiosk", kiosk=kiosk), 303)


def readmit(kiosk: str) -> Page:
    """Follow whichever machine of this name comes next, and put on the desk what was kept apart of it."""
    taken = _fleet().readmit(_line(kiosk).id, the_desk().clock())
    return redirect(url_for("kiosk", kiosk=kiosk, let_in=len(taken)), 303)


def _codes() -> Codes:
    return Codes(the_desk().store.engine)


def _fleet() -> Fleet:
    return Fleet(the_desk().store.engine)


def _line(kiosk: str) -> KioskLine:
    """Return one kiosk, or end the page with a 404."""
    return next((line for line in _fleet().find_kiosks() if line.id == kiosk), None) or abort(404)


def _let_in() -> int | None:
    """Return how many requests a readmission has just put on the desk; None if there was none just now."""
    said = request.args.get("let_in", "")
    return int(said) if said.isdecimal() and len(said) < 10 else None


def _new_code(error: str = "", typed: str = "") -> str:
    return render_template("new_code.html", centres=the_desk().people.find_centres(), error=error, typed=typed)
