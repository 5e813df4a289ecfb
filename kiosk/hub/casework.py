"""What a worker adds to a call sheet: private notes, and when to ring next."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

from flask import Response, abort, request, url_for

from kiosk.errors import FormFaulty
from kiosk.hub.booking import Bookings, read_moment
from kiosk.hub.calendar_file import calendar_file
from kiosk.hub.call_sheet import call_sheet_page, to_sheet
from kiosk.hub.desk import Page, held_or_404, open_held, press, read_notes, signed_in, the_desk
from kiosk.hub.notes import Notes, SealedNote, open_note, seal_note
from kiosk.hub.safety import SafeNow, safe_now

WHEN = ("next-day", "next-month", "next-year", "next-clock")


def add_note(id: UUID) -> Page:
    """Seal what was written and keep it; ask again, with the words still there, if it is empty or too long."""
    desk, worker, text, once = the_desk(), signed_in().worker.name, request.form.get("note", ""), press()
    held_or_404(id)
    try:
        note = seal_note(once, id, text, desk.store.get_keys().team_key, worker, desk.clock())
    except FormFaulty as why:
        return call_sheet_page(id, why.problems, {"note": text}), 400
    if _keep(note):
        desk.cases.log_access(id, worker, desk.clock(), "note written")
    return to_sheet(id, "note")  # the page's own script saves too, while somebody writes


def _keep(note: SealedNote) -> bool:
    """Keep a note unless it is there: a doubled press is one note. False if it is there.

    Who goes back to a form and writes something else sends the same press with other words: those are another note.
    """
    notes = Notes(the_desk().store.engine)
    if notes.add(note):
        return True
    said = {one.text for one in read_notes(note.case)}
    return open_note(note, signed_in().team_key) not in said and notes.add(replace(note, id=uuid4()))


def book(id: UUID) -> Page:
    """Note when to ring next. Outside the safe times only if the form says that the parent agreed."""
    desk, typed = the_desk(), {name: request.form.get(name, "") for name in WHEN}
    asked = open_held(held_or_404(id))
    try:
        day, month, year, clock = typed.values()
        at = read_moment(day, month, year, clock, desk.clock())
    except FormFaulty as why:
        return call_sheet_page(id, why.problems, typed), 400
    if not isinstance(safe_now(asked, at), SafeNow) and "agreed" not in request.form:
        says = "This is outside the safe times. Tick the box if they agreed to it, or give another time."
        return call_sheet_page(id, {"agreed": says}, typed), 400
    Bookings(desk.store.engine).book(id, at, signed_in().worker.name)
    desk.cases.log_access(id, signed_in().worker.name, desk.clock(), "next contact booked")
    return to_sheet(id)


def download_next(id: UUID) -> Page:
    """Hand out the next contact for a calendar, without a word about whom it is."""
    desk = the_desk()
    held_or_404(id)
    booked = Bookings(desk.store.engine).get(id) or abort(404)
    file = calendar_file(id, booked.at, url_for("call_sheet", id=id, _external=True), desk.clock())
    attached = {"Content-Disposition": "attachment; filename=call-back.ics"}
    return Response(file, mimetype="text/calendar", headers=attached)
