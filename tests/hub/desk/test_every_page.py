"""No page of the desk is left out where pages are looked at."""

from __future__ import annotations

from kiosk.hub.routes import ROUTES
from tests.hub.desk.looking import WALKS

FILES = {"report_file", "next_contact"}  # a spreadsheet and a calendar's entry
PRINTED = {"print_copy", "print_set_aside"}  # pages that only a form leads to


def test_every_page_is_looked_at_in_a_browser() -> None:
    walked = set[str]().union(*WALKS.values())
    pages = {route.name for route in ROUTES if route.method == "GET"} - FILES | PRINTED

    assert pages - walked == set()
    assert walked - {route.name for route in ROUTES} == set()
