"""The desk's pages about what does not lie on the desk as it should, for leads: the list of it, and how each is settled."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import abort, redirect, render_template, url_for

from kiosk.callbacks.model import CallbackRequest
from kiosk.errors import SealBroken
from kiosk.hub.conflicts import Conflicts
from kiosk.hub.copies import copied_until
from kiosk.hub.desk import Page, open_held, signed_in, the_desk
from kiosk.hub.kept_apart import KeptApart
from kiosk.hub.set_aside import find_set_aside
from kiosk.hub.store import HeldEnvelope
from kiosk.hub.waiting import find_waiting


@dataclass(frozen=True)
class Looked:
    """An envelope as a lead looks at it: `request` is None if it does not open, and then `why` says the reason."""

    held: HeldEnvelope
    request: CallbackRequest | None = None
    why: str = ""


def show_set_aside() -> Page:
    """List what does not lie on the desk as it should: copies, doubled numbers, and what does not open."""
    broken = the_desk().store.find_open_envelopes([UUID(came.id) for came in find_waiting().broken])
    waits = find_set_aside(the_desk().store.engine)
    return render_template(
        "set_aside.html",
        set_aside=waits,
        broken=[_look(held) for held in broken],
        settled=the_desk().cases.find_settled(),
        handled_days=the_desk().settings.handled_days,
    )


def show_conflict(id: UUID, sha256: str) -> Page:
    """Show both requests of one number beside each other, and note who looked."""
    first, other = _compare(id, sha256)
    return render_template("conflict.html", id=id, sha256=sha256, first=first, other=other)


def swap_conflict(id: UUID, sha256: str) -> Page:
    """Put the other request of one number on the desk instead."""
    desk = the_desk()
    Conflicts(desk.store.engine).swap(id, sha256, signed_in().worker.name, desk.clock())
    return redirect(url_for("set_aside"), 303)


def ask_to_settle(id: UUID, sha256: str) -> Page:
    """Ask once more: nothing brings it back. The page says whose request goes and whose stays, so it is a look at both."""
    first, other = _compare(id, sha256)
    return _ask_to_delete(id, other, doubled=True, first=first)


def settle_conflict(id: UUID, sha256: str) -> Page:
    """Delete the request that is not on the desk."""
    desk = the_desk()
    Conflicts(desk.store.engine).delete(id, sha256, signed_in().worker.name, desk.clock())
    return redirect(url_for("set_aside"), 303)


def show_apart(id: UUID, sha256: str) -> Page:
    """Show one request that a copy brought, and note who looked."""
    return render_template("apart.html", id=id, sha256=sha256, one=_open_apart(id, sha256))


def admit_apart(id: UUID, sha256: str) -> Page:
    """Put it on the desk, as if it had come in now."""
    _apart().put_on_desk(id, sha256, signed_in().worker.name, the_desk().clock())
    return redirect(url_for("set_aside"), 303)


def ask_to_delete_apart(id: UUID, sha256: str) -> Page:
    """Ask once more: nothing brings it back. The request is on the page, so it is a look."""
    return _ask_to_delete(id, _open_apart(id, sha256), doubled=False)


def delete_apart(id: UUID, sha256: str) -> Page:
    """Delete it, and keep for a while who did."""
    _apart().delete(id, sha256, signed_in().worker.name, the_desk().clock())
    return redirect(url_for("set_aside"), 303)


def _apart() -> KeptApart:
    return KeptApart(the_desk().store.engine)


def _compare(id: UUID, sha256: str) -> tuple[Looked | None, Looked]:
    """Return the first of a number, None if it is gone, and the other, and note who looked; or end the page with a 404."""
    other = Conflicts(the_desk().store.engine).find_other(id, sha256) or abort(404)
    first = the_desk().store.find_envelope(id)
    the_desk().cases.log_access(id, signed_in().worker.name, the_desk().clock(), "both compared")
    return _look(first) if first else None, _look(other)


def _open_apart(id: UUID, sha256: str) -> Looked:
    """Return one that is kept apart, and note who looked; or end the page with a 404."""
    held = _apart().find_one(id, sha256) or abort(404)
    the_desk().cases.log_access(id, signed_in().worker.name, the_desk().clock(), "kept apart: opened")
    return _look(held)


def _ask_to_delete(id: UUID, one: Looked, *, doubled: bool, first: Looked | None = None) -> str:
    desk, held = the_desk(), one.held
    until = copied_until(desk.store.engine, held.received_at, desk.settings.handled_days)
    return render_template(
        "delete_set_aside.html",
        id=id,
        sha256=held.sha256,
        one=one,
        doubled=doubled,
        first=first,
        copied_until=until,
    )


def _look(held: HeldEnvelope) -> Looked:
    try:
        return Looked(held, open_held(held))
    except SealBroken as why:
        return Looked(held, why=why.fact)
