"""A copy of what is set aside, for the person it is about: they have the same right to it as to what is on the desk (R3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import abort, url_for

from kiosk.errors import SealBroken
from kiosk.hub.cases import ASIDE, ASIDE_COPIED, OTHER_DELETED
from kiosk.hub.conflicts import Conflicts
from kiosk.hub.desk import Page, signed_in, the_desk
from kiosk.hub.kept_apart import KeptApart
from kiosk.hub.set_aside import Kind
from kiosk.hub.set_aside_look import Looked, aside_words, look
from kiosk.hub.subject import as_file, as_page, tell_asked, tell_came, tell_work
from kiosk.hub.wording import access_words

NOBODY_KNOWS = (
    "More than two came under this number. Which of them the calls, results and notes are about, nobody knows."
)


def download_set_aside(id: UUID, sha256: str) -> Page:
    """Hand out everything that is held about one request that is set aside."""
    kind, one = _find_one(id, sha256)
    return as_file(_copied(kind, one))


def print_set_aside(id: UUID, sha256: str) -> Page:
    """Show the same as a page to print and hand over."""
    kind, one = _find_one(id, sha256)
    return as_page(id, _copied(kind, one), url_for(kind.value, id=id, sha256=sha256))


def _find_one(id: UUID, sha256: str) -> tuple[Kind, Looked]:
    """Return what is set aside under this number, or end the page with a 404. Raises SealBroken if nobody can read it."""
    store = the_desk().store
    held = store.find_envelope(id)
    found = {
        Kind.APART: KeptApart(store.engine).find_one(id, sha256),
        Kind.DOUBLED: Conflicts(store.engine).find_other(id, sha256),
        Kind.BROKEN: held if held and held.sha256 == sha256 else None,
    }
    kind, one = next(((kind, look(one)) for kind, one in found.items() if one), None) or abort(404)
    if kind is Kind.BROKEN and not one.why:
        abort(404)  # it is on the desk
    if one.told is None:
        raise SealBroken(one.why)
    return kind, one


def _copied(kind: Kind, one: Looked) -> Mapping[str, Any]:
    """Return it in words that the person can read, and note who copied it; its times are for `spell`."""
    cases, id = the_desk().cases, one.held.id
    cases.log_access(id, signed_in().worker.name, the_desk().clock(), ASIDE_COPIED)
    looks = [(worker, at, what) for worker, at, what in cases.find_accesses(id) if what in ASIDE]
    return {
        "request": tell_asked(one.request) if one.request else one.written,
        "came": tell_came(one.held),
        "why it is set aside, and nobody rings": aside_words(kind, one),
        **(_work_on_other(id) if kind is Kind.DOUBLED else {}),
        "who saw it": [{"at": at, "by": worker, "what": access_words(what)} for worker, at, what in looks],
    }


def _work_on_other(id: UUID) -> Mapping[str, Any]:
    """Return what was written while this one was on the desk, before another took its place."""
    desk = the_desk()
    if not desk.cases.find_swaps(id):
        return {}
    others = Conflicts(desk.store.engine).count_others(id)
    if others > 1 or any(what == OTHER_DELETED for _, _, what in desk.cases.find_accesses(id)):
        return {"calls, results and notes": NOBODY_KNOWS}
    return tell_work(id, other=True)
