"""Leads and their pages in a real browser, at a laptop and at a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from kiosk.hub.people import People
from tests.hub.desk.browsing import BROWSER
from tests.hub.desk.looking import WALKS, Inspection
from tests.hub.desk.people import COLLEAGUE, PASSWORD, Kiosk
from tests.hub.desk.test_browser import SIZES, address, axe, browser, sign_in, window

__all__ = ["address", "axe", "browser"]
pytestmark = BROWSER
NEW = "pencil orchard friday"


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wrong_to_axe_on_narrow_screens_in_large_text_or_by_keyboard(
    browser: Browser, address: str, hub: Engine, kiosk: Kiosk, axe: str, size: str
) -> None:
    page = window(browser, size)
    look = Inspection(page, axe, narrow=size == "laptop")
    worker = People(hub).get(COLLEAGUE).id

    sign_in(page, address)
    for path in ("/account", "/account?done=password", "/team", "/team/new", f"/team/{worker}", "/team/key"):
        page.goto(address + path)
        look(path)
    page.goto(f"{address}/team/new")
    page.get_by_role("button", name="Add them").click()
    expect(page.get_by_role("heading", name="Nobody is added")).to_be_visible()
    look("nobody added")
    page.goto(f"{address}/account")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("heading", name="Your password is not changed")).to_be_visible()
    look("password not changed")
    page.goto(f"{address}/team/{worker}")
    page.get_by_label("All centres, also those to come").uncheck()
    page.get_by_role("button", name="Save the centres").click()
    expect(page.get_by_role("heading", name="Their centres are not changed")).to_be_visible()
    look("no centre")

    assert look.wrong == {}
    assert look.pages == WALKS["team"]
    page.context.close()


def test_without_javascript_a_lead_adds_somebody_who_signs_in_and_changes_their_password(
    browser: Browser, address: str, kiosk: Kiosk
) -> None:
    kiosk.leave("Amina")
    page = window(browser, "phone", javascript=False)
    sign_in(page, address)
    page.get_by_role("link", name="Team").click()
    page.get_by_role("button", name="Add somebody").click()
    page.get_by_label("Their name, as colleagues know it").fill("M. Silva")
    page.get_by_label("A first password", exact=True).fill(PASSWORD)
    page.get_by_label("Rose Hill").check()
    page.get_by_role("button", name="Add them").click()
    expect(page.get_by_role("link", name="M. Silva")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()

    page.get_by_label("Your name").fill("M. Silva")
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Amina")).to_be_visible()
    page.get_by_role("link", name="Signed in as M. Silva").click()
    page.get_by_label("Your password now", exact=True).fill(PASSWORD)
    page.get_by_label("Your new password", exact=True).fill(NEW)
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_text("Your password is changed.")).to_be_visible()
    expect(page.get_by_role("link", name="Team")).to_have_count(0)
    page.context.close()
