"""The desk's lists: what waits for a call, in the order of work, and what is handled and not deleted yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import render_template

from kiosk.callbacks.model import CallbackRequest
from kiosk.errors import SealBroken
from kiosk.hub.booking import Bookings
from kiosk.hub.case import Case, CaseState
from kiosk.hub.desk import NOTHING, Page, deleted_at, open_held, signed_in, the_desk
from kiosk.hub.roles import Role
from kiosk.hub.set_aside import find_set_aside
from kiosk.hub.store import HeldEnvelope
from kiosk.hub.worklist import OpenCase, arrange, open_case


@dataclass(frozen=True)
class Handled:
    """A closed request, opened: it can still be looked at until it is deleted."""

    request: CallbackRequest
    case: Case
    deleted_at: datetime


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
        set_aside=find_set_aside(desk.store.engine) if signed_in().worker.role is Role.LEAD else None,
        counts=_counts(waiting, signed_in().worker.name),
        escalate_days=desk.settings.escalate_days,
    )


def show_handled() -> Page:
    """List what is closed and not yet deleted, the latest first."""
    opened, _ = _open_all(closed=True)
    handled = [Handled(each, case, deleted_at(case)) for _, each, case in opened]
    latest = sorted(handled, key=lambda one: one.deleted_at, reverse=True)
    deletions = the_desk().cases.find_deletions() if signed_in().worker.role is Role.LEAD else []
    return render_template("handled.html", handled=latest, deletions=deletions)


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


def _counts(waiting: list[OpenCase], worker: str) -> dict[str, int]:
    return {
        "safe": sum(one.is_ready_for(worker) for one in waiting),
        "overdue": sum(one.overdue for one in waiting),
        "open": len(waiting),
    }
