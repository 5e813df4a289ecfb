"""What every page of the desk works with: who is here, what may be seen, what opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import abort, current_app, g, request
from werkzeug.wrappers import Response

from kiosk.callbacks.model import CallbackRequest
from kiosk.hub.accounts import Accounts
from kiosk.hub.case import Case
from kiosk.hub.cases import Cases, was_about_other
from kiosk.hub.keys import Cost
from kiosk.hub.notes import Note, Notes, SealedNote, read_note
from kiosk.hub.orders import Orders
from kiosk.hub.people import People
from kiosk.hub.ring import Ring, load_ring
from kiosk.hub.roles import Role
from kiosk.hub.sessions import Sessions, SignedIn
from kiosk.hub.store import HeldEnvelope, HubStore
from kiosk.settings import Settings

Page = str | Response | tuple[str, int]
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Desk:
    """What the pages work with. Between two pages only `orders` remembers anything, and nothing that another process
    needs. `cost` is spent on a new password.
    """

    settings: Settings
    clock: Callable[[], datetime]
    store: HubStore
    accounts: Accounts
    sessions: Sessions
    cases: Cases
    people: People
    orders: Orders
    cost: Cost


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


def open_held(held: HeldEnvelope) -> CallbackRequest:
    """Return the request inside an envelope. Raises SealBroken."""
    return the_ring().open(held)


def held_or_404(id: UUID) -> HeldEnvelope:
    """Return the envelope of this id, or end the page with a 404: also if its centre is not this worker's."""
    held = the_desk().store.find_envelope(id)
    if held is None or not signed_in().worker.may_see(held.centre):
        abort(404)
    return held


def ours_or_403(id: UUID) -> HeldEnvelope:
    """Return the envelope for a lead, or for the worker who holds or closed the case; end the page for others."""
    held, worker = held_or_404(id), signed_in().worker
    if worker.role is not Role.LEAD and the_desk().cases.get(id).claimed_by != worker.name:
        abort(403)
    return held


def read_notes(id: UUID, other: bool = False) -> list[Note]:
    """Return the notes on who is on the desk under this number, opened with this worker's keys.

    `other` asks for those on the one whose place it took, as was_about_other does.
    """
    swaps, found = the_desk().cases.find_swaps(id), Notes(the_desk().store.engine).find(id)
    if other:
        mine = [note for note in found if was_about_other(note.at, swaps)]
    else:
        mine = [note for note in found if not swaps or note.at >= swaps[-1]]
    return [read_note(note, _key_for(note)) for note in mine]


def _key_for(note: SealedNote) -> bytes:
    return the_ring().keys.get(note.team_key_id, signed_in().team_key)


def deleted_at(case: Case) -> datetime:
    """Return when a closed case is deleted; of one that is open, when it would be if it were closed now."""
    closed_at = case.closed_at or the_desk().clock()
    return closed_at + timedelta(days=the_desk().settings.handled_days)


def press() -> UUID:
    """Return the id of this press of a button, or end the page with a 400."""
    try:
        return UUID(request.form.get("once", ""))
    except ValueError:
        abort(400)
