"""A lead among the kiosks, and whoever has lost all passwords, in a real browser: wide, narrow and very narrow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from kiosk.hub.cases import APART_DELETED, Cases
from kiosk.hub.clock import HubClock
from kiosk.hub.kept_apart import KeptApart
from kiosk.hub.keys import recovery_words
from kiosk.hub.looks import Looks, What
from kiosk.hub.people import People
from tests.hub.desk.browsing import BROWSER
from tests.hub.desk.hands import Hands
from tests.hub.desk.looking import WALKS, Inspection
from tests.hub.desk.odd_arrivals import copy_disk, double
from tests.hub.desk.people import COLLEAGUE, NOW, TEAM, Kiosk
from tests.hub.desk.reading import sealed_for_another_team
from tests.hub.desk.test_browser import SIZES, address, axe, browser, sign_in, window

__all__ = ["address", "axe", "browser"]
pytestmark = BROWSER


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wrong_to_axe_on_narrow_screens_in_large_text_or_by_keyboard(
    browser: Browser, address: str, hub: Engine, kiosk: Kiosk, axe: str, size: str
) -> None:
    page = window(browser, size)
    look = Inspection(page, axe, narrow=size == "laptop")
    double_page = double(kiosk)
    copy_disk(kiosk)
    [apart] = KeptApart(hub).find()
    kiosk.store.create_code("Barton", NOW, "W" * 40)
    Looks(hub).note("W" * 40, What.OPEN, 1, 100, NOW)
    Cases(hub).log_access(apart.id, "W" * 40, NOW, APART_DELETED)
    HubClock(hub).trust(NOW - timedelta(days=30))
    HubClock(hub).look(NOW)
    broken, id = sealed_for_another_team(kiosk), kiosk.leave("W" * 40)
    one, worker = f"/kiosks/{kiosk.identity.kiosk}", People(hub).get(COLLEAGUE).id

    for path in ("/privacy", "/recover"):
        page.goto(address + path)
        look(path)
    page.get_by_role("button", name="Open the desk").click()
    expect(page.get_by_role("heading", name="The desk is not opened")).to_be_visible()
    look("not opened")
    sign_in(page, address)
    apart_page = f"/kiosks/apart/{apart.id}/{apart.sha256}"
    of_kiosks = ("/kiosks", "/kiosks/new", "/kiosks/set-aside", double_page, apart_page, one, f"{one}/revoke")
    for path in (
        "/",
        "/clock",
        "/team/lists",
        *of_kiosks,
        f"/requests/{broken}/delete",
        f"/requests/{id}",
        f"/requests/{id}/access",
    ):
        page.goto(address + path)
        look(path)
    page.goto(f"{address}/kiosks/set-aside")
    page.get_by_role("link", name=f"number {broken}").click()
    expect(page.get_by_role("heading", name="A request that does not open")).to_be_visible()
    look("does not open")
    page.goto(address + double_page)
    page.locator("summary", has_text="They ask for a copy").click()
    page.get_by_role("button", name="Show a copy to print").click()
    expect(page.get_by_role("heading", name="What we hold about you")).to_be_visible()
    look("copy")
    page.goto(f"{address}/kiosks/new")
    page.get_by_role("button", name="Make a code").click()
    look("no code")
    page.goto(f"{address}/team/{worker}")
    page.get_by_label("Publisher").check()
    page.get_by_role("button", name="Change the role").click()
    expect(page.get_by_role("heading", name="Their role is not changed")).to_be_visible()
    look("no role")

    assert look.wrong == {}
    assert len(look.found) == 20
    assert look.pages == WALKS["kiosks"]
    page.context.close()


def test_from_the_keyboard_a_lead_settles_a_copy_and_withdraws_a_code(
    browser: Browser, address: str, kiosk: Kiosk
) -> None:
    copy_disk(kiosk)
    kiosk.store.create_code("Barton", NOW)
    page = window(browser, "laptop")
    sign_in(page, address)
    hands = Hands(page)

    hands.follow_link("See what was set aside")
    hands.follow_link(f"Rose Hill, {kiosk.identity.kiosk}")
    hands.follow_button("Follow it again")
    expect(page.get_by_text("1 request that was kept apart is on the desk.")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_focused()
    hands.follow_link("Kiosks")
    hands.follow_button("Withdraw the code for Barton")
    expect(page.get_by_role("heading", name="Codes that nobody has used yet")).to_be_hidden()
    page.context.close()


def test_without_javascript_the_paper_key_opens_the_desk(browser: Browser, address: str, kiosk: Kiosk) -> None:
    kiosk.leave("Amina")
    page = window(browser, "phone", javascript=False)
    page.goto(f"{address}/sign-in")
    page.get_by_role("link", name="All passwords are lost").click()
    shown = page.locator("code.desk-paper").inner_text()
    page.get_by_label("The recovery key on your paper").fill(recovery_words(TEAM.recovery_key).lower())
    page.get_by_label("Type it from the new paper").fill(shown)
    page.get_by_label("Your name").fill("P. Reed")
    page.get_by_label("A new password", exact=True).fill("pencil orchard friday")
    page.get_by_role("button", name="Open the desk").click()
    expect(page.get_by_role("heading", name="The desk is open again")).to_be_visible()
    page.get_by_role("link", name="Go to the list of requests").click()
    page.get_by_label("Your name").fill("P. Reed")
    page.get_by_label("Your password", exact=True).fill("pencil orchard friday")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Amina")).to_be_visible()
    page.context.close()
