"""No page of the desk is left out where pages are looked at, and no form that is not taken leaves one searching."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from uuid import uuid4

from sqlalchemy import Engine

from kiosk.hub.cases import Cases
from kiosk.hub.people import People
from kiosk.hub.routes import ROUTES
from tests.hub.desk.conftest import Worker
from tests.hub.desk.looking import WALKS
from tests.hub.desk.people import COLLEAGUE, NOW, WORKER, Kiosk

FILES = {"report_file", "next_contact"}  # a spreadsheet and a calendar's entry
PRINTED = {"print_copy", "print_set_aside"}  # pages that only a form leads to


class Form(HTMLParser):
    """What a page has that the keyboard goes by: its fields, where the faults lead to, and any order of its own."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields, self.orders = set[str](), list[str]()
        self.feed(page)
        summary = re.search(r'class="govuk-error-summary".*?</ul>', page, re.DOTALL)
        self.faults = re.findall(r'href="#([^"]+)"', summary[0]) if summary else []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in ("input", "select", "textarea") and said.get("type") != "hidden":
            self.fields.add(said.get("id") or "")
        self.orders += [f"{name}={value}" for name, value in attrs if name in ("accesskey", "autofocus")]
        self.orders += [f"tabindex={said['tabindex']}"] if int(said.get("tabindex") or 0) > 0 else []


def test_every_page_is_looked_at_in_a_browser() -> None:
    walked = set[str]().union(*WALKS.values())
    pages = {route.name for route in ROUTES if route.method == "GET"} - FILES | PRINTED

    assert pages - walked == set()
    assert walked - {route.name for route in ROUTES} == set()


def test_a_form_that_is_not_taken_says_so_in_the_title_and_each_fault_leads_to_its_field(
    worker: Worker, hub: Engine, kiosk: Kiosk, cases: Cases
) -> None:
    id, colleague = kiosk.leave(), People(hub).get(COLLEAGUE).id
    cases.claim(id, WORKER, NOW)
    sheet, publishers = f"/requests/{id}", "/packs/publishers"
    empty = (
        *((f"{sheet}/{form}", sheet) for form in ("close", "next", "notes")),
        *((f"/team/{colleague}/{form}", f"/team/{colleague}") for form in ("role", "centres")),
        *((page, page) for page in ("/team/new", "/kiosks/new", "/packs", publishers, "/sign-in", "/recover")),
        (f"{publishers}/change", publishers),
        ("/account/password", "/account"),
    )
    for form, page in empty:
        answer = worker.post(form, page, once=uuid4(), role="publisher")
        shown = Form(answer.text)

        assert re.search(r"<title>\s*Error: ", answer.text), form
        assert shown.faults and set(shown.faults) <= shown.fields, form
        assert shown.orders == [], form
