"""One person's rights over their own request: a copy of everything held, and deletion before its time (R3, R4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from flask import Response, redirect, render_template, url_for

from kiosk.callbacks.model import CallbackRequest
from kiosk.hub.booking import Bookings
from kiosk.hub.case import Case
from kiosk.hub.copies import copied_until
from kiosk.hub.desk import Page, open_held, ours_or_403, read_notes, signed_in, the_desk
from kiosk.hub.escalation import find_reminders
from kiosk.hub.retention import clear_free_pages, erase
from kiosk.hub.roles import Role
from kiosk.hub.set_aside import has_aside
from kiosk.hub.set_aside_look import look
from kiosk.hub.store import HeldEnvelope
from kiosk.hub.wording import (
    ATTEMPTS,
    RESULTS,
    access_words,
    dated_words,
    language_words,
    phone_words,
    safe_times_words,
)
from kiosk.london import LONDON


def download_all(id: UUID) -> Page:
    """Hand out everything that is held about one request, to be given to the person it is about."""
    return as_file(_copied(id))


def print_all(id: UUID) -> Page:
    """Show the same as a page to print and hand over: no file of it is left on the worker's machine."""
    return as_page(id, _copied(id), url_for("call_sheet", id=id))


def as_file(copied: Mapping[str, Any]) -> Response:
    """Return a copy as a file that programs read as well."""
    file = msgspec.json.format(msgspec.json.encode(spell(copied, _to_the_second)), indent=2)
    attached = {"Content-Disposition": "attachment; filename=request.json"}
    return Response(file, mimetype="application/json", headers=attached)


def as_page(id: UUID, copied: Mapping[str, Any], back: str) -> str:
    """Return a copy as a page to print, from which a link leads to the address `back`."""
    said = spell(copied, dated_words)
    return render_template("copy.html", id=id, copied=said, back=back, printed_at=the_desk().clock())


def _copied(id: UUID) -> Mapping[str, Any]:
    desk, held = the_desk(), ours_or_403(id)
    desk.cases.log_access(id, signed_in().worker.name, desk.clock(), "copied for them")
    return everything_held(held)


def ask_to_delete(id: UUID) -> Page:
    """Ask once more: nothing brings the request back. The name is on the page, so it is a look."""
    desk, held, worker = the_desk(), ours_or_403(id), signed_in().worker
    desk.cases.log_access(id, worker.name, desk.clock(), "opened")
    engine, one = desk.store.engine, look(held)
    return render_template(
        "delete.html",
        # What somebody wrote in one that does not open is for a lead alone.
        name=one.name if not one.why or worker.role is Role.LEAD else "",
        one=one,
        id=id,
        others=has_aside(engine, id),
        copied_until=copied_until(engine, held.received_at, desk.settings.handled_days),
    )


def delete(id: UUID) -> Page:
    """Delete a request with its notes at once. What stays: that it was here, who deleted it and when, and the counts."""
    desk = the_desk()
    ours_or_403(id)
    erase(desk.store.engine, id, desk.clock(), signed_in().worker.name)
    clear_free_pages(desk.store.engine)
    return redirect(url_for("requests"), 303)


def everything_held(held: HeldEnvelope) -> Mapping[str, Any]:
    """Return all that the hub holds about one request, in words that the person can read; its times are for `spell`."""
    desk = the_desk()
    since = desk.cases.find_swapped_at(held.id)
    return {
        "request": tell_asked(open_held(held)),
        "came": tell_came(held),
        "where it stands": _standing(desk.cases.get(held.id)),
        "next contact": _next_contact(held.id),
        **tell_work(held.id),
        "mails to the centre that somebody has waited long": find_reminders(desk.store.engine, held.id, since),
        "who saw or changed it": [
            {"at": at, "by": worker, "what": access_words(what)}
            for worker, at, what in desk.cases.find_accesses(held.id)
            if not since or at >= since
        ],
    }


def tell_work(id: UUID, other: bool = False) -> Mapping[str, Any]:
    """Return the calls, the results and the notes about who is on the desk under this number, or, as in find_attempts,
    about the `other`.
    """
    cases = the_desk().cases
    calls, results = cases.find_attempts(id, other), cases.find_results(id, other)
    return {
        "calls": [{"at": one.at, "by": one.worker, "what": ATTEMPTS[one.kind]} for one in calls],
        "results": [{"at": one.at, "by": one.worker, "what": RESULTS[one.kind]} for one in results],
        "notes": [{"at": one.at, "by": one.worker, "text": one.text} for one in read_notes(id, other)],
    }


def tell_came(held: HeldEnvelope) -> Mapping[str, Any]:
    """Return when and from where an envelope came."""
    return {"at": held.received_at, "from kiosk": held.kiosk, "sha256 of the sealed request": held.sha256}


def tell_asked(asked: CallbackRequest) -> Mapping[str, Any]:
    """Return what a parent asked, in words."""
    return {
        "name": asked.name,
        "phone": phone_words(asked.phone),
        "about": asked.topic or "not said",
        "language": language_words(asked.language, asked.interpreter),
        "safe times": safe_times_words(asked.safe_times),
        "a message may be left": asked.may_leave_message,
        "centre": asked.centre,
        "asked at, by the kiosk's clock": asked.asked_at,
    }


def _standing(case: Case) -> Mapping[str, Any]:
    return {
        "state": case.state,
        "held by": case.claimed_by,
        "claimed at": case.claimed_at,
        "closed at": case.closed_at,
    }


def _next_contact(id: UUID) -> Mapping[str, Any] | None:
    booked = Bookings(the_desk().store.engine).get(id)
    return {"at": booked.at, "booked by": booked.worker} if booked else None


def spell(held: Any, moment: Callable[[datetime], str]) -> Any:
    """Return the same with every time in it as `moment` writes it."""
    if isinstance(held, Mapping):
        return {says: spell(each, moment) for says, each in held.items()}
    if isinstance(held, list):
        return [spell(each, moment) for each in held]
    return moment(held) if isinstance(held, datetime) else held


def _to_the_second(at: datetime) -> str:
    return at.astimezone(LONDON).isoformat(timespec="seconds")
