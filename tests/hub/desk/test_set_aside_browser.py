"""The pages about what is set aside of one person, in a real browser at a laptop and at a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.hub.desk.browsing import BROWSER
from tests.hub.desk.looking import WALKS, Inspection
from tests.hub.desk.odd_arrivals import copy_disk, double
from tests.hub.desk.people import COLLEAGUE, COLLEAGUES_PASSWORD, Kiosk
from tests.hub.desk.reading import sealed_for_another_team
from tests.hub.desk.test_browser import SIZES, address, axe, browser, sign_in, window
from tests.hub.desk.test_quarantine import signed_for_another, signed_with_another_inside

__all__ = ["address", "axe", "browser"]
pytestmark = BROWSER


def search(page: Page, words: str) -> None:
    page.get_by_label("Name, phone number, topic, centre or language").fill(words)
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="Set aside, not to be rung")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wrong_to_axe_on_narrow_screens_in_large_text_or_by_keyboard(
    browser: Browser, address: str, kiosk: Kiosk, axe: str, size: str
) -> None:
    double(kiosk, "W" * 40, "Zed " + "W" * 36)
    copy_disk(kiosk)
    signed_for_another(kiosk, "id")
    signed_with_another_inside(kiosk, {"name": "Zed " + "W" * 200, "asked_at": "0001-01-01T00:00:00Z"})
    unread = sealed_for_another_team(kiosk)
    page = window(browser, size)
    look = Inspection(page, axe, narrow=size == "laptop")

    sign_in(page, address)
    search(page, "ze")
    look("found")
    links = page.get_by_role("region", name="Set aside, not to be rung").locator("li a")
    shown = [link.get_attribute("href") or "" for link in links.all()]
    for href in shown:
        page.goto(address + href)
        page.locator("summary", has_text="They ask for a copy").click()
        look(href)
        page.get_by_role("button", name="Show a copy to print").click()
        expect(page.get_by_role("heading", name="What we hold about you")).to_be_visible()
        look(f"copy of {href}")
        page.get_by_role("link", name="The request", exact=True).click()
        page.get_by_role("button", name="Delete").click()
        expect(page.get_by_role("button", name="Delete it now")).to_be_visible()
        look(f"delete {href}")
    page.goto(f"{address}/kiosks/set-aside")
    look("set aside")
    page.get_by_role("listitem").filter(has_text=str(unread)).get_by_role("link").click()
    expect(page.get_by_text("Nobody can read whose it is.")).to_be_visible()
    look("unread")
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, address, COLLEAGUES_PASSWORD, COLLEAGUE)
    search(page, "zed")
    look("a worker's")
    page.context.close()

    assert look.wrong == {}
    assert look.pages == WALKS["set aside"]
    assert len(shown) == 3
    assert len(look.found) == 4 + 3 * len(shown)
