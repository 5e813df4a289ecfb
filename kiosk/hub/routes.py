"""Every page and change of the desk in one table, with the roles that may reach it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.hub import (
    call_sheet,
    casework,
    clock_pages,
    door,
    kiosk_pages,
    lists,
    publish_pages,
    recovery_pages,
    report_pages,
    search,
    set_aside_copies,
    set_aside_pages,
    subject,
    team,
)
from kiosk.hub.desk import Page
from kiosk.hub.roles import Role
from kiosk.hub.uploads import UPLOAD_MOST, UPLOAD_PATH

DESK = (Role.WORKER, Role.LEAD)
LEADS = (Role.LEAD,)
PUBLISHERS = (Role.LEAD, Role.PUBLISHER)
ALL = tuple(Role)


@dataclass(frozen=True)
class Route:
    """One page or change, and who may reach it. `open` ones can be reached without signing in.

    `takes` is how many bytes a form may have that is longer than the others, 0 for no more than those.
    """

    path: str
    name: str
    view: Callable[..., Page]
    method: str = "GET"
    roles: tuple[Role, ...] = DESK
    open: bool = False
    takes: int = 0


ROUTES = (
    Route("/", "requests", lists.show_requests),
    Route("/search", "leave_search", search.leave_search),
    Route("/search", "search", search.search, "POST"),
    Route("/report", "report", report_pages.show_report),
    Route("/report.csv", "report_file", report_pages.download_report),
    Route("/handled", "handled", lists.show_handled),
    Route("/requests/<uuid:id>", "call_sheet", call_sheet.show_call_sheet),
    Route("/requests/<uuid:id>/access", "access", call_sheet.show_access),
    Route("/requests/<uuid:id>/claim", "claim", call_sheet.claim, "POST"),
    Route("/requests/<uuid:id>/give-back", "give_back", call_sheet.give_back, "POST"),
    Route("/requests/<uuid:id>/attempts", "attempt", call_sheet.log_attempt, "POST"),
    Route("/requests/<uuid:id>/notes", "note", casework.add_note, "POST"),
    Route("/requests/<uuid:id>/next", "book", casework.book, "POST"),
    Route("/requests/<uuid:id>/next.ics", "next_contact", casework.download_next),
    Route("/requests/<uuid:id>/close", "close", call_sheet.close, "POST"),
    Route("/requests/<uuid:id>/reopen", "reopen", call_sheet.reopen, "POST"),
    Route("/requests/<uuid:id>/copy", "copy", subject.download_all, "POST"),
    Route("/requests/<uuid:id>/copy/print", "print_copy", subject.print_all, "POST"),
    Route("/requests/<uuid:id>/delete", "ask_to_delete", subject.ask_to_delete),
    Route("/requests/<uuid:id>/delete", "delete", subject.delete, "POST"),
    Route("/sign-in", "sign_in", door.show_sign_in, roles=ALL, open=True),
    Route("/sign-in", "sign_in_now", door.sign_in, "POST", roles=ALL, open=True),
    Route("/recover", "recover", recovery_pages.show_recovery, roles=ALL, open=True),
    Route("/recover", "recover_desk", recovery_pages.recover_desk, "POST", roles=ALL, open=True),
    Route("/lock", "lock", door.lock, "POST", ALL),
    Route("/sign-out", "sign_out", door.sign_out, "POST", ALL),
    Route("/stay", "stay", door.stay, "POST", ALL),
    Route("/account", "account", team.show_account, roles=ALL),
    Route("/account/password", "password", team.change_password, "POST", ALL),
    Route("/team", "team", team.show_team, roles=LEADS),
    Route("/team/lists", "looks", team.show_looks, roles=LEADS),
    Route("/team/new", "new_worker", team.show_new_worker, roles=LEADS),
    Route("/team/new", "add_worker", team.add_worker, "POST", LEADS),
    Route("/team/<int:worker>", "worker", team.show_worker, roles=LEADS),
    Route("/team/<int:worker>/role", "set_role", team.set_role, "POST", LEADS),
    Route("/team/<int:worker>/centres", "centres", team.set_centres, "POST", LEADS),
    Route("/team/<int:worker>/remove", "ask_to_remove", team.ask_to_remove, roles=LEADS),
    Route("/team/<int:worker>/remove", "remove_worker", team.remove_worker, "POST", LEADS),
    Route("/team/key", "team_key", team.show_key, roles=LEADS),
    Route("/team/key", "rotate_key", team.rotate, "POST", LEADS),
    Route("/kiosks", "kiosks", kiosk_pages.show_kiosks, roles=LEADS),
    Route("/kiosks/new", "new_code", kiosk_pages.show_new_code, roles=LEADS),
    Route("/kiosks/new", "make_code", kiosk_pages.make_code, "POST", LEADS),
    Route("/kiosks/codes/<id>/withdraw", "withdraw_code", kiosk_pages.withdraw_code, "POST", LEADS),
    Route("/kiosks/set-aside", "set_aside", set_aside_pages.show_set_aside, roles=LEADS),
    Route("/kiosks/set-aside/<uuid:id>/<sha256>", "conflict", set_aside_pages.show_conflict, roles=LEADS),
    Route("/kiosks/set-aside/<uuid:id>/<sha256>/swap", "swap_conflict", set_aside_pages.swap_conflict, "POST", LEADS),
    Route("/kiosks/set-aside/<uuid:id>/<sha256>/delete", "ask_to_settle", set_aside_pages.ask_to_settle, roles=LEADS),
    Route(
        "/kiosks/set-aside/<uuid:id>/<sha256>/delete", "settle_conflict", set_aside_pages.settle_conflict, "POST", LEADS
    ),
    Route(
        "/kiosks/set-aside/<uuid:id>/<sha256>/copy",
        "copy_set_aside",
        set_aside_copies.download_set_aside,
        "POST",
        LEADS,
    ),
    Route(
        "/kiosks/set-aside/<uuid:id>/<sha256>/copy/print",
        "print_set_aside",
        set_aside_copies.print_set_aside,
        "POST",
        LEADS,
    ),
    Route("/kiosks/broken/<uuid:id>/<sha256>", "broken", set_aside_pages.show_broken, roles=LEADS),
    Route("/kiosks/apart/<uuid:id>/<sha256>", "apart", set_aside_pages.show_apart, roles=LEADS),
    Route("/kiosks/apart/<uuid:id>/<sha256>/admit", "admit_apart", set_aside_pages.admit_apart, "POST", LEADS),
    Route(
        "/kiosks/apart/<uuid:id>/<sha256>/delete",
        "ask_to_delete_apart",
        set_aside_pages.ask_to_delete_apart,
        roles=LEADS,
    ),
    Route("/kiosks/apart/<uuid:id>/<sha256>/delete", "delete_apart", set_aside_pages.delete_apart, "POST", LEADS),
    Route("/kiosks/<kiosk>", "kiosk", kiosk_pages.show_kiosk, roles=LEADS),
    Route("/kiosks/<kiosk>/revoke", "ask_to_revoke", kiosk_pages.ask_to_revoke, roles=LEADS),
    Route("/kiosks/<kiosk>/revoke", "revoke", kiosk_pages.revoke, "POST", LEADS),
    Route("/kiosks/<kiosk>/readmit", "readmit", kiosk_pages.readmit, "POST", LEADS),
    Route("/packs", "packs", publish_pages.show_packs, roles=PUBLISHERS),
    Route(UPLOAD_PATH, "upload_pack", publish_pages.upload_pack, "POST", PUBLISHERS, takes=UPLOAD_MOST),
    Route("/packs/publishers", "publishers", publish_pages.show_publishers, roles=PUBLISHERS),
    Route("/packs/publishers", "trust_publisher", publish_pages.trust_publisher, "POST", LEADS),
    Route("/packs/publishers/change", "follow_publisher", publish_pages.follow_publisher, "POST", LEADS),
    Route("/packs/publishers/<name>/distrust", "distrust_publisher", publish_pages.distrust_publisher, "POST", LEADS),
    Route("/packs/<sha256>", "pack", publish_pages.show_pack, roles=PUBLISHERS),
    Route("/packs/<sha256>/try", "try_pack", publish_pages.try_pack, "POST", PUBLISHERS),
    Route("/packs/<sha256>/all", "roll_out_pack", publish_pages.roll_out_pack, "POST", PUBLISHERS),
    Route("/packs/<sha256>/stop", "stop_pack", publish_pages.stop_pack, "POST", PUBLISHERS),
    Route("/packs/<sha256>/back", "roll_back_pack", publish_pages.roll_back_pack, "POST", PUBLISHERS),
    Route("/clock", "clock", clock_pages.show_clock, roles=LEADS),
    Route("/clock", "trust_clock", clock_pages.trust_clock, "POST", LEADS),
    Route("/privacy", "privacy", door.show_privacy, roles=ALL, open=True),
    Route("/idle", door.IDLE, door.show_idle, roles=ALL, open=True),
)
OPEN = {route.name for route in ROUTES if route.open}
LONG = {route.name: route.takes for route in ROUTES if route.takes}
ROLES = {route.name: route.roles for route in ROUTES}
