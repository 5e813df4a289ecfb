"""The desk's lists: what waits for a call, in the order of work, and what is handled and not deleted yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import render_template, request, url_for

from kiosk.callbacks.model import CallbackRequest
from kiosk.hub.case import Case
from kiosk.hub.clock import HubClock
from kiosk.hub.desk import NOTHING, Page, deleted_at, signed_in, the_desk
from kiosk.hub.looks import Looks, What
from kiosk.hub.places import Line
from kiosk.hub.roles import Role
from kiosk.hub.safety import SafeNow
from kiosk.hub.set_aside import find_set_aside
from kiosk.hub.set_aside_look import aside_words
from kiosk.hub.set_aside_search import FoundAside
from kiosk.hub.waiting import Waiting, find_closed, find_waiting, open_cases
from kiosk.hub.wording import language_words, moment_words, ring_words, waiting_words
from kiosk.hub.worklist import OpenCase

ON_A_PAGE = 100
BROKEN_SHOWN = 20  # numbers of what does not open: a kiosk gone bad can send any number of them
NIL = UUID(int=0)  # stands in an address for the id of each row: making so many addresses takes a while


@dataclass(frozen=True)
class Handled:
    """A closed request, opened: it can still be looked at until it is deleted."""

    request: CallbackRequest
    case: Case
    deleted_at: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list, in words. `colour` is of the tag that says whether to ring; `ready` says that I may."""

    id: str
    name: str
    call: str
    colour: str
    topic: str
    language: str
    centre: str
    waited: str
    overdue: bool
    mine: bool
    ready: bool


def show_requests() -> Page:
    """List what waits, in the order of work, a page of it, and name what does not open."""
    waiting = find_waiting()
    return list_page(waiting, waiting.lines, request.args.get("page", ""))


def list_page(
    waiting: Waiting,
    found: Sequence[Line],
    page: str,
    looked_for: Mapping[str, str] | None = None,
    handled: Sequence[Handled] = (),
    aside: FoundAside | None = None,
) -> str:
    """Return one page, counted from 1, of what was `found` in the list, where something was `looked_for`.

    `handled` was found as well, and does not wait any more; `aside` was found among what is set aside.
    """
    desk, pages, is_lead = the_desk(), max(1, -(-len(found) // ON_A_PAGE)), signed_in().worker.role is Role.LEAD
    number = min(int(page), pages) if page.isdecimal() and len(page) < 6 and int(page) else 1
    opened, lost = open_cases(waiting, found[(number - 1) * ON_A_PAGE : number * ON_A_PAGE])
    shown = len(opened) + len(handled[:ON_A_PAGE]) + (len(aside.found) if aside else 0)
    _note_look(What.OPEN if looked_for is None else What.SEARCH, number, shown)
    return render_template(
        "requests.html",
        rows=[_row(one, signed_in().worker.name, waiting.known.now) for one in opened],
        found=len(found),
        handled=handled[:ON_A_PAGE],
        more_handled=len(handled[ON_A_PAGE:]),
        page=number,
        pages=pages,
        page_items=_page_items(number, pages),
        nil=NIL,
        searched=looked_for is not None,
        looked_for=looked_for or NOTHING,
        centres=waiting.centres,
        broken=[*waiting.broken, *lost],
        broken_shown=BROKEN_SHOWN,
        aside=aside,
        aside_words=aside_words,
        unsorted=waiting.unsorted,
        set_aside=find_set_aside(desk.store.engine) if is_lead else None,
        clock=HubClock(desk.store.engine).find() if is_lead else None,
        counts=waiting.counts,
        escalate_days=desk.settings.escalate_days,
    )


def _note_look(what: What, page: int, rows: int) -> None:
    desk = the_desk()
    Looks(desk.store.engine).note(signed_in().worker.name, what, page, rows, desk.clock())


def _row(one: OpenCase[CallbackRequest], me: str, now: datetime) -> Row:
    asked, mine = one.request, one.case.is_held_by(me)
    return Row(
        str(asked.id),
        asked.name,
        *_call_words(one, mine, now),
        asked.topic or "Not said",
        language_words(asked.language, asked.interpreter),
        asked.centre,
        waiting_words(now - one.waiting_since),
        one.overdue,
        mine,
        one.is_ready_for(me),
    )


def _call_words(one: OpenCase[CallbackRequest], mine: bool, now: datetime) -> tuple[str, str]:
    """Return whether to ring, in words and colour."""
    if one.case.claimed_by and not mine:
        return f"Claimed by {one.case.claimed_by}", "blue"
    if one.booked:
        return f"Booked. {moment_words(one.booked.at)}", "blue"
    return ring_words(one.ring, now), "green" if isinstance(one.ring, SafeNow) else "red"


def _page_items(number: int, pages: int) -> list[dict[str, object]]:
    """Return the numbers to choose from, as GOV.UK's pagination takes them: the ends, this page and its neighbours."""
    shown = [page for page in range(1, pages + 1) if page in (1, pages) or abs(page - number) <= 1]
    items: list[dict[str, object]] = []
    for before, page in zip([0, *shown], shown, strict=False):
        items += [{"ellipsis": True}] if page > before + 1 else []
        items.append({"number": page, "current": page == number, "href": url_for("requests", page=page)})
    return items


def show_handled() -> Page:
    """List what is closed and not yet deleted, the latest first."""
    latest = find_handled()
    _note_look(What.HANDLED, 1, len(latest))
    deletions = the_desk().cases.find_deletions() if signed_in().worker.role is Role.LEAD else []
    return render_template("handled.html", handled=latest, deletions=deletions)


def find_handled() -> list[Handled]:
    """Return what is closed and not yet deleted of the centres that whoever is signed in may see, the latest first."""
    handled = [Handled(each, case, deleted_at(case)) for case, each in find_closed()]
    return sorted(handled, key=lambda one: one.deleted_at, reverse=True)
