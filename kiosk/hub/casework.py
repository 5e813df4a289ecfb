"""What a worker adds to a call sheet: private notes."""

from __future__ import annotations

from uuid import UUID

from flask import request

from kiosk.errors import FormFaulty
from kiosk.hub.desk import Page, call_sheet_page, held_or_404, press, signed_in, the_desk, to_sheet
from kiosk.hub.notes import Notes, seal_note


def add_note(id: UUID) -> Page:
    """Seal what was written and keep it; ask again, with the words still there, if it is empty or too long."""
    desk, worker, text, once = the_desk(), signed_in().worker.name, request.form.get("note", ""), press()
    held_or_404(id)
    try:
        note = seal_note(once, id, text, desk.store.get_keys().team_key, worker, desk.clock())
    except FormFaulty as why:
        return call_sheet_page(id, {"note": str(why)}, {"note": text}), 400
    if Notes(desk.store.engine).add(note):
        desk.cases.log_access(id, worker, desk.clock(), "note written")
    return to_sheet(id)
