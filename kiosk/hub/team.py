"""The desk's pages about people and keys: your account for everybody, the team and its key for leads."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, redirect, render_template, request, session, url_for

from kiosk.errors import AccountFaulty, SignInRefused, TooManyTries
from kiosk.hub.accounts import check_new_name, check_new_password
from kiosk.hub.desk import NOTHING, Page, signed_in, the_desk
from kiosk.hub.door import AFTER_KEY, TOKEN, remember
from kiosk.hub.looks import KEPT_FOR, Looks
from kiosk.hub.people import Member
from kiosk.hub.roles import Opened, Role
from kiosk.hub.rotation import rotate_key
from kiosk.hub.tries import Origin

NO_CENTRE = "Tick either the centres whose requests they see, or all centres."
ALL_CENTRES = ""  # the name of no centre
ROLE_WORDS = {
    Role.WORKER: ("Worker", "Rings the people of the centres that are theirs"),
    Role.LEAD: ("Lead", "Sees every centre, and looks after the team and its key"),
    Role.PUBLISHER: ("Publisher", "Looks after content, and sees no request"),
}


def show_account() -> Page:
    """Show who is signed in, and the form for a new password."""
    return _account(done=request.args.get("done") == "password")


def change_password() -> Page:
    """Put the key under a new password; where this worker is signed in, that ends, and here they are signed in anew: who
    has a copy of this browser's cookie is out too.
    """
    desk, now, old, new = the_desk(), the_desk().clock(), request.form.get("old", ""), request.form.get("new", "")
    here = Origin(request.remote_addr, is_known_browser=True)
    try:
        opened = desk.accounts.change_password(signed_in().worker.name, old, new, now, here)
        remember(desk.sessions.start(opened, now), now)
    except TooManyTries as why:
        return _account("old", str(why)), 429
    except SignInRefused:
        return _account("old", "This is not your password now."), 403
    except AccountFaulty as why:
        return _account("new", str(why)), 400
    desk.orders.forget(signed_in().id)
    return redirect(url_for("account", done="password"), 303)


def show_team() -> Page:
    """List who may sign in."""
    return render_template("team.html", members=the_desk().people.find(), roles=ROLE_WORDS)


def show_looks() -> Page:
    """Say who opened which list in which hour, and how many requests it showed them."""
    return render_template("looks.html", looks=Looks(the_desk().store.engine).find(), kept_days=KEPT_FOR.days)


def show_new_worker() -> Page:
    """Ask who joins."""
    return _new_worker()


def add_worker() -> Page:
    """Let somebody sign in, or ask again with what was typed still there, but for the password."""
    desk, form, here = the_desk(), request.form, signed_in()
    name, role, centres = form.get("name", ""), _role(form.get("role", "")), _centres()
    errors = _find_faults(name, form.get("password", ""))
    if role is Role.WORKER and centres is None:
        errors["every"] = NO_CENTRE
    if errors:
        return _new_worker(errors, name, role, centres), 400
    try:
        opened = Opened(here.worker, here.team_key)
        desk.people.add(opened, name, form.get("password", ""), role, desk.clock(), centres or ())
    except AccountFaulty as why:
        return _new_worker({"name": str(why)}, name, role, centres), 400
    return redirect(url_for("team"), 303)


def show_worker(worker: int) -> Page:
    """Show one of the team: their role, their centres, and the way out."""
    return _worker(_member(worker))


def set_role(worker: int) -> Page:
    """Make somebody a worker, a lead or a publisher, or ask again: the last lead stays, a publisher has another key, and
    whose requests a new worker sees is said.
    """
    desk, here, member = the_desk(), signed_in(), _member(worker)
    role, centres = _role(request.form.get("role", "")), None
    if role is Role.WORKER and member.worker.role is not role and (centres := _centres()) is None:
        return _worker(member, role=role, centres_error=NO_CENTRE), 400
    try:
        opened = Opened(here.worker, here.team_key)
        desk.people.set_role(opened, worker, role, desk.clock(), request.form.get("password", ""), centres)
    except AccountFaulty as why:
        return _worker(member, str(why), role, ticked=centres), 400
    return redirect(url_for("account" if member.worker == here.worker else "team"), 303)


def set_centres(worker: int) -> Page:
    """Let a worker see the requests of the ticked centres alone, or of all; ask again if neither is ticked."""
    member, centres = _member(worker), _centres()
    if centres is None:
        return _worker(member, centres_error=NO_CENTRE), 400
    the_desk().people.set_centres(signed_in().worker, member.worker.id, centres)
    return redirect(url_for("team"), 303)


def ask_to_remove(worker: int) -> Page:
    """Ask once more: who is removed cannot come back. The page says how many requests they hold."""
    member = _member(worker)
    held = sum(case.is_held_by(member.worker.name) for case in the_desk().cases.find_touched().values())
    return render_template("remove.html", member=member, held=held)


def remove_worker(worker: int) -> Page:
    """Shut somebody out at once."""
    the_desk().people.remove(signed_in().worker, _member(worker).worker.id)
    return redirect(url_for("team"), 303)


def show_key() -> Page:
    """Say which key is in use, who has not fetched it yet, and what a new one would mean."""
    waiting = [member.worker.name for member in the_desk().people.find() if member.key_waits]
    return render_template("team_key.html", key_id=the_desk().store.get_keys().team_key_id, waiting=waiting)


def rotate() -> Page:
    """Make a new team key; everybody signs in again, this lead too."""
    desk, here = the_desk(), signed_in()
    rotate_key(desk.store.engine, here.worker, here.team_key, desk.clock())
    session.pop(TOKEN)
    return redirect(url_for("sign_in", after=AFTER_KEY), 303)


def _account(field: str = "", error: str = "", done: bool = False) -> str:
    worker = signed_in().worker
    return render_template(
        "account.html", worker=worker, role=ROLE_WORDS[worker.role], field=field, error=error, done=done
    )


def _worker(
    member: Member,
    error: str = "",
    role: Role | None = None,
    centres_error: str = "",
    ticked: list[str] | None = None,
) -> str:
    who = member.worker
    if ticked is None and not centres_error:  # as it is, which of nobody but a worker anybody has said
        ticked = list(who.centres) if who.role is Role.WORKER or who.centres else None
    return render_template(
        "worker.html",
        member=member,
        centres=the_desk().people.find_centres(),
        ticked=ticked or [],
        every=ticked == [],
        roles=ROLE_WORDS,
        error=error,
        centres_error=centres_error,
        role=role or who.role,
    )


def _find_faults(name: str, password: str) -> dict[str, str]:
    """Return what is wrong with a newcomer's name and first password, by field."""
    errors = {}
    for field, check, typed in (("name", check_new_name, name), ("password", check_new_password, password)):
        try:
            check(typed)
        except AccountFaulty as why:
            errors[field] = str(why)
    return errors


def _new_worker(
    errors: Mapping[str, str] = NOTHING, name: str = "", role: Role = Role.WORKER, ticked: list[str] | None = None
) -> str:
    return render_template(
        "new_worker.html",
        centres=the_desk().people.find_centres(),
        roles=ROLE_WORDS,
        errors=errors,
        name=name,
        role=role,
        ticked=ticked or [],
        every=ticked == [],
    )


def _member(worker: int) -> Member:
    """Return one of the team, or end the page with a 404."""
    return next((member for member in the_desk().people.find() if member.worker.id == worker), None) or abort(404)


def _role(word: str) -> Role:
    try:
        return Role(word)
    except ValueError:
        abort(400)


def _centres() -> list[str] | None:
    """Return the ticked centres, or no centre for all of them; None if nothing was ticked, or all beside one of them.

    One that no kiosk stands in was on no form.
    """
    ticked, known = request.form.getlist("centre"), the_desk().people.find_centres()
    if ticked == [ALL_CENTRES] or not (known or ticked):
        return []
    if not set(ticked) <= {*known, ALL_CENTRES}:
        abort(400)
    return ticked if ticked and ALL_CENTRES not in ticked else None
