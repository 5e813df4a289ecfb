"""A support worker, a lead and a publisher at a keyboard without a mouse, through all of their work."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from kiosk.hub.case import AttemptKind, CaseState, ResultKind
from kiosk.hub.cases import Cases
from kiosk.hub.people import People
from kiosk.hub.publish import Publishing
from kiosk.hub.roles import Role
from tests.hub.desk.browsing import BROWSER
from tests.hub.desk.hands import IS_THERE, Hands
from tests.hub.desk.packs import roll_out
from tests.hub.desk.people import (
    COLLEAGUE,
    COLLEAGUES_PASSWORD,
    NOW,
    PASSWORD,
    WORKER,
    Clock,
    Kiosk,
    add_worker,
)
from tests.hub.desk.test_browser import address, axe, browser, window
from tests.pack.signed_packs import OXFORD, built

__all__ = ["address", "axe", "browser"]
pytestmark = BROWSER
PUBLISHER = "P. Reed"


def sign_in(browser: Browser, address: str, name: str, password: str, size: str, javascript: bool) -> Hands:
    page = window(browser, size, javascript)
    page.goto(f"{address}/sign-in")
    hands = Hands(page)
    hands.write(page.get_by_label("Your name"), name)
    hands.write(page.get_by_label("Your password", exact=True), password)
    with page.expect_navigation():
        hands.press("Enter")
    return hands


@pytest.mark.parametrize(("size", "javascript"), [("laptop", True), ("phone", False)])
def test_a_worker_does_a_days_work_by_keyboard(
    browser: Browser, address: str, kiosk: Kiosk, cases: Cases, size: str, javascript: bool
) -> None:
    id = kiosk.leave("Amina", timedelta(hours=2))
    kiosk.leave("Sophie")
    hands = sign_in(browser, address, COLLEAGUE, COLLEAGUES_PASSWORD, size, javascript)
    page = hands.page

    hands.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_in_viewport()
    hands.press("Enter", "Tab")
    assert page.get_by_role("main").get_by_role("textbox").evaluate_all(IS_THERE)
    hands.go(page.get_by_role("link", name="Requests", exact=True), "Shift+Tab")

    hands.follow_link("Amina")
    hands.follow_button("Claim and show the number")
    hands.go(page.get_by_role("button", name="Ring 07700 900123"))
    hands.follow_button("No answer")
    expect(page.get_by_text(f"No answer, Sat 21 Nov, 11:52, {COLLEAGUE}")).to_be_visible()

    hands.follow_button("Book the next contact")
    assert page.title().startswith("Error: ")
    if javascript:
        expect(page.locator(".govuk-error-summary")).to_be_focused()
    hands.go(page.locator(".govuk-error-summary a").first)
    hands.press("Enter")
    expect(page.get_by_label("Day", exact=True)).to_be_focused()
    for label, value in (("Day", "21"), ("Month", "11"), ("Year", "2026"), ("What time?", "17:00")):
        hands.write(page.get_by_label(label, exact=True), value)
    with page.expect_navigation():
        hands.press("Enter")
    hands.tick("They agreed to this time")
    hands.follow_button("Book the next contact")
    expect(page.get_by_text("Sat 21 Nov, 17:00")).to_be_visible()

    hands.write(page.get_by_label("Add a note"), "Ask for Amina twice")
    hands.follow_button("Save the note")
    expect(page.get_by_text("Ask for Amina twice")).to_be_visible()
    hands.go(page.locator("summary", has_text="Who looked at this request"))
    hands.press("Enter")
    expect(page.locator("details", has_text="Who looked").get_by_text("tried: no answer")).to_be_visible()

    hands.tick("Referred to college")
    hands.follow_button("Close the request")
    expect(page.get_by_text("Deleted on Sat 5 Dec")).to_be_visible()
    hands.follow(page.get_by_role("link", name="Requests", exact=True))
    hands.write(page.get_by_label("Name, phone number"), "sophie")
    with page.expect_navigation():
        hands.press("Enter")
    expect(page.get_by_text("1 request found.")).to_be_visible()
    hands.follow_link("Handled")
    hands.follow_link("Amina")
    expect(page.get_by_role("button", name="Open again")).to_be_visible()

    hands.follow_button("Lock")
    hands.write(page.get_by_label("Your password", exact=True), COLLEAGUES_PASSWORD)
    hands.follow_button("Sign in")
    hands.follow_button("Sign out")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert [attempt.kind for attempt in cases.find_attempts(id)] == [AttemptKind.NO_ANSWER]
    assert [result.kind for result in cases.find_results(id)] == [ResultKind.COLLEGE]
    assert cases.get(id).state is CaseState.CLOSED
    page.context.close()


@pytest.mark.parametrize(("size", "javascript"), [("laptop", True), ("phone", False)])
def test_a_lead_sees_to_team_kiosks_and_report_by_keyboard(
    browser: Browser, address: str, hub: Engine, kiosk: Kiosk, clock: Clock, size: str, javascript: bool
) -> None:
    clock.now = NOW - timedelta(days=365)
    kiosk.leave("Amina")
    clock.now = NOW
    hands = sign_in(browser, address, WORKER, PASSWORD, size, javascript)
    page = hands.page

    hands.follow_link("Team")
    hands.follow_button_link("Add somebody")
    hands.write(page.get_by_label("Their name, as colleagues know it"), "M. Silva")
    hands.write(page.get_by_label("A first password", exact=True), PASSWORD)
    hands.pick(page.get_by_role("radio"), "Lead")
    hands.tick("All centres, also those to come")
    hands.follow_button("Add them")
    hands.follow_link("M. Silva")
    expect(page.get_by_text("Lead since")).to_be_visible()
    assert People(hub).get("M. Silva").role is Role.LEAD
    hands.follow_button_link("Remove them")
    hands.follow_button("Remove them now")
    expect(page.get_by_role("link", name="M. Silva")).to_have_count(0)

    hands.follow_link("Kiosks")
    hands.follow_button_link("Let a kiosk join")
    hands.write(page.get_by_label("The centre that it stands in"), "Barton")
    hands.follow_button("Make a code")
    expect(page.get_by_role("heading", name="A kiosk of Barton can join")).to_be_visible()
    hands.follow_link("Kiosks")
    hands.follow_link(kiosk.identity.kiosk)
    hands.follow_button_link("Revoke this kiosk")
    hands.follow_button("Revoke it now")
    known = kiosk.store.find_kiosk(kiosk.identity.kiosk)
    assert known and known.revoked

    hands.follow_link("Report")
    hands.choose(page.get_by_label("Year"), "2025")
    hands.follow_button("Show")
    expect(page).to_have_url(f"{address}/report?year=2025")
    page.context.close()


def test_a_publisher_brings_tries_and_takes_back_a_pack_by_keyboard(
    browser: Browser, address: str, hub: Engine, kiosk: Kiosk, tmp_path: Path
) -> None:
    add_worker(hub, PUBLISHER, role=Role.PUBLISHER)
    before = roll_out(hub, 3)
    file = tmp_path / "oxfordshire-4.pack"
    file.write_bytes(built(4).content)
    hands = sign_in(browser, address, PUBLISHER, PASSWORD, "laptop", javascript=True)
    page = hands.page

    hands.follow_link("Publishers")
    hands.follow_link("Packs")
    hands.bring(page.get_by_label("A .pack file"), [file])
    hands.follow_button("Upload and check")
    hands.choose(page.get_by_label("The kiosk to try it on"), kiosk.identity.kiosk)
    hands.follow_button("Roll out to this kiosk")
    expect(page.get_by_text("It is tried on")).to_be_visible()
    hands.follow_button("Roll out to all kiosks")
    assert Publishing(hub).get(OXFORD).live != before.sha256
    hands.follow_button("Take it back to version 3")
    assert Publishing(hub).get(OXFORD).live == before.sha256
    page.context.close()
