"""The desk's pages about what does not lie on the desk as it should, for leads: the list of it, and how each is settled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for

from kiosk.hub.cases import APART_OPENED, ASIDE_OPENED, COMPARED
from kiosk.hub.conflicts import Conflicts, Doubled
from kiosk.hub.copies import copied_until
from kiosk.hub.desk import Page, signed_in, the_desk
from kiosk.hub.kept_apart import Apart, KeptApart
from kiosk.hub.retention import clear_free_pages
from kiosk.hub.set_aside import START, Kind, find_part, find_set_aside, read_mark
from kiosk.hub.set_aside_look import Looked, look
from kiosk.hub.set_aside_search import find_broken
from kiosk.hub.store import HeldEnvelope
from kiosk.hub.waiting import find_waiting

ON_A_PAGE = 100


def show_set_aside() -> Page:
    """List what does not lie on the desk as it should, a page of it: copies, doubled numbers, and what does not open."""
    desk, after = the_desk(), read_mark(request.args.get("after", ""))
    is_first = after == START
    part, more = find_part(after, ON_A_PAGE, _sources())
    listed = {kind: [one for its, one in part if its is kind] for kind in Kind}
    return render_template(
        "set_aside.html",
        copied=find_set_aside(desk.store.engine).copied if is_first else (),
        apart=listed[Kind.APART],
        doubled=listed[Kind.DOUBLED],
        broken=[look(held) for held in listed[Kind.BROKEN] if isinstance(held, HeldEnvelope)],
        is_first=is_first,
        more=more,
        settled=desk.cases.find_settled() if is_first else (),
        handled_days=desk.settings.handled_days,
    )


def _sources() -> dict[Kind, Callable[[int, int], Sequence[Apart | Doubled | HeldEnvelope]]]:
    engine, waiting = the_desk().store.engine, find_waiting()
    return {
        Kind.APART: KeptApart(engine).find,
        Kind.DOUBLED: Conflicts(engine).find,
        Kind.BROKEN: lambda after, most: find_broken(waiting.broken, after, most),
    }


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
    clear_free_pages(desk.store.engine)
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
    clear_free_pages(the_desk().store.engine)
    return redirect(url_for("set_aside"), 303)


def show_broken(id: UUID, sha256: str) -> Page:
    """Show one request that does not open, as far as it can be read, and note who looked."""
    held = the_desk().store.find_envelope(id)
    one = look(held) if held and held.sha256 == sha256 else None
    if one is None or not one.why:
        abort(404)
    the_desk().cases.log_access(id, signed_in().worker.name, the_desk().clock(), ASIDE_OPENED)
    return render_template("broken.html", id=id, sha256=sha256, one=one)


def _apart() -> KeptApart:
    return KeptApart(the_desk().store.engine)


def _compare(id: UUID, sha256: str) -> tuple[Looked | None, Looked]:
    """Return the first of a number, None if it is gone, and the other, and note who looked; or end the page with a 404."""
    other = Conflicts(the_desk().store.engine).find_other(id, sha256) or abort(404)
    first = the_desk().store.find_envelope(id)
    the_desk().cases.log_access(id, signed_in().worker.name, the_desk().clock(), COMPARED)
    return look(first) if first else None, look(other)


def _open_apart(id: UUID, sha256: str) -> Looked:
    """Return one that is kept apart, and note who looked; or end the page with a 404."""
    held = _apart().find_one(id, sha256) or abort(404)
    the_desk().cases.log_access(id, signed_in().worker.name, the_desk().clock(), APART_OPENED)
    return look(held)


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
