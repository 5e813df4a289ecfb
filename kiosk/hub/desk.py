"""The desk's pages: the list, the call sheet, and what happens on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from uuid import UUID, uuid4

from flask import abort, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kiosk.callbacks.model import CallbackRequest
from kiosk.errors import SealBroken
from kiosk.hub.accounts import Accounts
from kiosk.hub.booking import Bookings
from kiosk.hub.cases import AttemptKind, Case, Cases, CaseState, ResultKind, unanswered
from kiosk.hub.notes import NOTE_LIMIT, Note, Notes, SealedNote, read_note
from kiosk.hub.people import People
from kiosk.hub.ring import Ring, load_ring
from kiosk.hub.roles import Role
from kiosk.hub.safety import SafeNow
from kiosk.hub.sessions import Sessions, SignedIn
from kiosk.hub.store import HeldEnvelope, HubStore
from kiosk.hub.worklist import OpenCase, arrange, open_case
from kiosk.settings import Settings

Page = str | Response | tuple[str, int]
Kind = TypeVar("Kind", bound=StrEnum)
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Desk:
    """What the pages work with. Nothing here remembers anything between two pages."""

    settings: Settings
    clock: Callable[[], datetime]
    store: HubStore
    accounts: Accounts
    sessions: Sessions
    cases: Cases
    people: People


@dataclass(frozen=True)
class Handled:
    """A closed request, opened: it can still be looked at until it is deleted."""

    request: CallbackRequest
    case: Case
    deleted_at: datetime


def the_desk() -> Desk:
    """Return the desk of the app that serves this page."""
    desk: Desk = current_app.extensions["waymark-desk"]
    return desk


def signed_in() -> SignedIn:
    """Return who asks for this page. The guard in app.py has let nobody else in."""
    here: SignedIn = g.signed_in
    return here


def the_ring() -> Ring:
    """Return every key that this worker's opens, loaded once for a page."""
    if "ring" not in g:
        with the_desk().store.engine.connect() as connection:
            g.ring = load_ring(connection, signed_in().team_key)
    ring: Ring = g.ring
    return ring


def show_requests() -> Page:
    """List what waits, in the order of work, and name what does not open."""
    waiting, broken = find_waiting()
    return list_page(waiting, broken)


def find_waiting() -> tuple[list[OpenCase], list[HeldEnvelope]]:
    """Return what waits, opened and in the order of work, and the envelopes that do not open."""
    desk, now = the_desk(), the_desk().clock()
    escalate_after, booked = timedelta(days=desk.settings.escalate_days), Bookings(desk.store.engine).find_all()
    opened, broken = _open_all(closed=False)
    waiting = [
        open_case(each, case, held.received_at, now, escalate_after, booked.get(held.id)) for held, each, case in opened
    ]
    return arrange(waiting, signed_in().worker.name), broken


def list_page(
    waiting: list[OpenCase],
    broken: list[HeldEnvelope],
    found: list[OpenCase] | None = None,
    looked_for: Mapping[str, str] = NOTHING,
) -> str:
    """Return the page of the list; of what was `found` in it, where something was `looked_for`."""
    desk = the_desk()
    return render_template(
        "requests.html",
        waiting=waiting if found is None else found,
        searched=found is not None,
        looked_for=looked_for,
        centres=sorted({one.request.centre for one in waiting}),
        broken=broken,
        now=desk.clock(),
        counts=_counts(waiting, signed_in().worker.name),
        escalate_days=desk.settings.escalate_days,
    )


def show_handled() -> Page:
    """List what is closed and not yet deleted, the latest first."""
    opened, _ = _open_all(closed=True)
    handled = [Handled(each, case, _deleted_at(case)) for _, each, case in opened]
    return render_template("handled.html", handled=sorted(handled, key=lambda one: one.deleted_at, reverse=True))


def show_call_sheet(id: UUID) -> Page:
    """Show one request, and note who looked."""
    held_or_404(id)
    the_desk().cases.log_access(id, signed_in().worker.name, the_desk().clock(), "opened")
    return call_sheet_page(id)


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
    """Return the call sheet, with a sentence under each field of `errors` and what was `typed` still in its form."""
    desk, worker, now, held = the_desk(), signed_in().worker.name, the_desk().clock(), held_or_404(id)
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
        deleted_at=_deleted_at(case),
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


def _open_all(closed: bool) -> tuple[list[tuple[HeldEnvelope, CallbackRequest, Case]], list[HeldEnvelope]]:
    """Return what opens of the closed or the other requests, and the envelopes that do not open."""
    desk, opened, broken = the_desk(), [], []
    touched = desk.cases.find_touched()
    for held in filter(_is_ours, desk.store.find_open_envelopes()):
        case = touched.get(held.id, Case(held.id))
        if (case.state is CaseState.CLOSED) != closed:
            continue
        try:
            opened.append((held, open_held(held), case))
        except SealBroken:
            broken.append(held)
    return opened, broken


def _is_ours(held: HeldEnvelope) -> bool:
    return signed_in().worker.may_see(held.centre)


def open_held(held: HeldEnvelope) -> CallbackRequest:
    """Return the request inside an envelope. Raises SealBroken."""
    return the_ring().open(held)


def held_or_404(id: UUID) -> HeldEnvelope:
    """Return the envelope of this id, or end the page with a 404: also if its centre is not this worker's."""
    held = the_desk().store.find_envelope(id)
    if held is None or not signed_in().worker.may_see(held.centre):
        abort(404)
    return held


def read_notes(id: UUID) -> list[Note]:
    """Return the notes of a case, opened with this worker's keys."""
    return [read_note(note, _key_for(note)) for note in Notes(the_desk().store.engine).find(id)]


def _key_for(note: SealedNote) -> bytes:
    return the_ring().keys.get(note.team_key_id, signed_in().team_key)


def _counts(waiting: list[OpenCase], worker: str) -> dict[str, int]:
    return {
        "safe": sum(one.is_ready_for(worker) for one in waiting),
        "overdue": sum(one.overdue for one in waiting),
        "open": len(waiting),
    }


def _deleted_at(case: Case) -> datetime:
    closed_at = case.closed_at or the_desk().clock()
    return closed_at + timedelta(days=the_desk().settings.handled_days)


def _one_of(kinds: type[Kind], word: str) -> Kind:
    try:
        return kinds(word)
    except ValueError:
        abort(400)


def press() -> UUID:
    """Return the id of this press of a button, or end the page with a 400."""
    try:
        return UUID(request.form.get("once", ""))
    except ValueError:
        abort(400)


def to_sheet(id: UUID) -> Response:
    """Show the call sheet after a change."""
    return redirect(url_for("call_sheet", id=id), 303)
