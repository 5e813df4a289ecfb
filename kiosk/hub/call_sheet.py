"""The call sheet: all that one needs to ring one person safely, and what is noted while ringing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar
from uuid import UUID, uuid4

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kiosk.hub.booking import Bookings
from kiosk.hub.case import AttemptKind, ResultKind, unanswered
from kiosk.hub.desk import (
    NOTHING,
    Page,
    deleted_at,
    held_or_404,
    open_held,
    ours_or_403,
    press,
    read_notes,
    signed_in,
    the_desk,
)
from kiosk.hub.notes import NOTE_LIMIT
from kiosk.hub.roles import Role
from kiosk.hub.safety import SafeNow
from kiosk.hub.worklist import open_case

Kind = TypeVar("Kind", bound=StrEnum)


def show_call_sheet(id: UUID) -> Page:
    """Show one request."""
    return call_sheet_page(id)


def show_access(id: UUID) -> Page:
    """Show a lead, or the worker whose case it is, everything that was looked at and changed, the latest first."""
    ours_or_403(id)
    accesses = the_desk().cases.find_accesses(id)
    return render_template("access.html", id=id, accesses=accesses[::-1])


def claim(id: UUID) -> Page:
    """Take a request so that nobody else rings, or take it over from the colleague named in the form."""
    desk = the_desk()
    held_or_404(id)
    desk.cases.claim(id, signed_in().worker.name, desk.clock(), request.form.get("instead_of") or None)
    return to_sheet(id)


def give_back(id: UUID) -> Page:
    """Let somebody else ring."""
    held_or_404(id)
    the_desk().cases.give_back(id, signed_in().worker.name, the_desk().clock())
    return redirect(url_for("requests"), 303)


def log_attempt(id: UUID) -> Page:
    """Note how a call went."""
    desk, kind, once = the_desk(), _one_of(AttemptKind, request.form.get("kind", "")), press()
    held_or_404(id)
    desk.cases.add_attempt(id, once, signed_in().worker.name, kind, desk.clock())
    Bookings(desk.store.engine).keep_until(id, desk.clock())
    return to_sheet(id)


def close(id: UUID) -> Page:
    """Note what came of it and close; ask again if nothing was ticked."""
    desk, kinds = the_desk(), [_one_of(ResultKind, word) for word in request.form.getlist("result")]
    if not kinds:
        return call_sheet_page(id, {"result": "Tick what came of it, then close."}), 400
    held_or_404(id)
    desk.cases.close(id, signed_in().worker.name, kinds, desk.clock())
    Bookings(desk.store.engine).forget(id)
    return to_sheet(id)


def reopen(id: UUID) -> Page:
    """Take back a result that was a slip."""
    held_or_404(id)
    the_desk().cases.reopen(id, signed_in().worker.name, the_desk().clock())
    return to_sheet(id)


def call_sheet_page(id: UUID, errors: Mapping[str, str] = NOTHING, typed: Mapping[str, str] = NOTHING) -> str:
    """Return the call sheet, with a sentence under each field of `errors` and what was `typed` still in its form.

    Whichever way it comes to be shown, who looked is noted.
    """
    desk, worker, now, held = the_desk(), signed_in().worker.name, the_desk().clock(), held_or_404(id)
    desk.cases.log_access(id, worker, now, "opened")
    case = desk.cases.get(id)
    booked, escalate_after = Bookings(desk.store.engine).get(id), timedelta(days=desk.settings.escalate_days)
    one = open_case(open_held(held), case, held.received_at, now, escalate_after, booked)
    attempts = desk.cases.find_attempts(id)
    return render_template(
        "call_sheet.html",
        one=one,
        asked=one.request,
        case=case,
        mine=case.is_held_by(worker),
        safe=isinstance(one.ring, SafeNow),
        attempts=attempts,
        unanswered=unanswered(attempts),
        results=desk.cases.find_results(id),
        accesses=desk.cases.find_accesses(id)[-8:],
        deleted_at=deleted_at(case),
        handled_days=desk.settings.handled_days,
        once=uuid4(),
        now=now,
        booked=booked,
        tries=desk.settings.tries,
        notes=read_notes(id),
        may_copy=signed_in().worker.role is Role.LEAD or case.claimed_by == worker,
        note_limit=NOTE_LIMIT,
        errors=errors,
        typed=typed,
    )


def _one_of(kinds: type[Kind], word: str) -> Kind:
    try:
        return kinds(word)
    except ValueError:
        abort(400)


def to_sheet(id: UUID, at: str | None = None) -> Response:
    """Show the call sheet after a change; `at` is the id of the field in which whoever made it goes on."""
    return redirect(url_for("call_sheet", id=id, _anchor=at), 303)
