"""Pages that one seldom sees, and lists full of long words, in a real browser at a laptop and at a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine

from kiosk.hub.case import ResultKind
from kiosk.hub.cases import Cases
from kiosk.hub.people import People
from kiosk.hub.retention import erase
from tests.hub.desk.browsing import BROWSER
from tests.hub.desk.looking import WALKS, Inspection
from tests.hub.desk.odd_arrivals import double
from tests.hub.desk.people import NOW, PASSWORD, WORKER, Clock, Kiosk, add_worker, make_kiosk
from tests.hub.desk.test_browser import SIZES, address, axe, browser, sign_in, window
from tests.hub.desk.test_set_aside_pages import keep_apart

__all__ = ["address", "axe", "browser"]
pytestmark = BROWSER
LONG_CENTRE = "Barton and Sandhills Neighbourhood Nursery"
LONG_NAME = "W" * 58
LANDSCAPE = 1009  # pixels that A4 has between its margins
LONG_TOPIC = "Whether I can do a course while my children are at nursery, and what it costs"


@pytest.fixture
def long_words(kiosk: Kiosk, hub: Engine, clock: Clock, cases: Cases) -> Kiosk:
    """Half a year of work in two centres, and people with long names, topics and centres who wait."""
    other = make_kiosk(hub, clock, LONG_CENTRE)
    for months in range(6):
        clock.now = NOW - timedelta(days=30 * months)
        for one in (kiosk, other):
            for kind in (ResultKind.COLLEGE, ResultKind.CHILDCARE) * 3:
                id = one.leave(centre="Rose Hill" if one is kiosk else LONG_CENTRE)
                cases.claim(id, WORKER, clock())
                cases.close(id, WORKER, [kind], clock())
    clock.now = NOW
    other.leave("W" * 40, centre=LONG_CENTRE, topic="W" * 80, language="ur", interpreter=True)
    other.leave("Zainab bint Muhammad al-Husayn", centre=LONG_CENTRE, topic=LONG_TOPIC)
    erase(hub, kiosk.leave(), NOW, LONG_NAME)
    add_worker(hub, LONG_NAME)
    cases.claim(kiosk.leave("Leanne"), LONG_NAME, NOW)
    return kiosk


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wrong_to_axe_on_narrow_screens_in_large_text_or_by_keyboard(
    browser: Browser, address: str, long_words: Kiosk, hub: Engine, axe: str, size: str
) -> None:
    page, titles = window(browser, size), {}
    looks = Inspection(page, axe, narrow=size == "laptop")

    def look(at: str) -> None:
        looks(at)
        titles[at] = page.title()

    for path in ("/sign-in?after=loss", "/sign-in?after=key", "/nowhere"):
        page.goto(address + path)
        look(path)
    sign_in(page, address)
    expect(page.get_by_role("heading", name="Requests", exact=True)).to_be_visible()
    look("list")
    page.get_by_role("button", name="Search").click()
    look("found")
    for path in ("/handled", "/report", "/packs/publishers"):
        page.goto(address + path)
        look(path)
    page.goto(f"{address}/requests/{long_words.leave('Amina', language='ar', interpreter=True)}")
    page.locator("summary", has_text="They ask for a copy").click()
    page.get_by_role("button", name="Show a copy to print").click()
    expect(page.get_by_role("heading", name="What we hold about you")).to_be_visible()
    look("copy")
    page.goto(f"{address}/kiosks/new")
    page.get_by_label("The centre that it stands in").fill(LONG_CENTRE)
    page.get_by_role("button", name="Make a code").click()
    expect(page.get_by_role("heading", name=f"A kiosk of {LONG_CENTRE} can join")).to_be_visible()
    look("code")
    removing = f"/team/{People(hub).get(LONG_NAME).id}/remove"
    revoking = f"/kiosks/{long_words.identity.kiosk}/revoke"
    for path in (
        f"{double(long_words, 'W' * 40, 'W' * 40)}/delete",
        f"{keep_apart(long_words)}/delete",
        removing,
        revoking,
    ):
        page.goto(address + path)
        expect(page.get_by_role("link", name="Go back")).to_be_visible()
        look(path)
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, address, PASSWORD, LONG_NAME)
    expect(page.get_by_role("heading", name="Requests", exact=True)).to_be_visible()
    page.goto(f"{address}/team")
    look("not for you")
    page.context.clear_cookies()
    page.get_by_role("button", name="Lock").click()
    expect(page.get_by_role("heading", name="This form is out of date")).to_be_visible()
    look("out of date")

    assert looks.wrong == {}
    assert len(looks.found) == 16
    assert looks.pages == WALKS["odd pages"]
    assert [at for at, title in titles.items() if "Amina" in title or not title.endswith(" – Waymark desk")] == []
    page.context.close()


@pytest.mark.parametrize("size", SIZES)
def test_a_colleagues_long_name_stays_in_its_button(
    browser: Browser, address: str, long_words: Kiosk, size: str
) -> None:
    page = window(browser, size)
    sign_in(page, address)
    page.get_by_role("link", name="Leanne").first.click()
    button = page.get_by_role("button", name="Take over from")

    right = "e => e.getBoundingClientRect().right"
    assert button.evaluate(right) <= page.locator(".desk-alert").evaluate(right)
    page.context.close()


def test_a_name_is_broken_between_its_words_whatever_stands_beside_it(
    browser: Browser, address: str, long_words: Kiosk
) -> None:
    page = window(browser, "laptop")
    sign_in(page, address)
    row = page.get_by_role("row", name="Zainab bint Muhammad al-Husayn")

    lines = "e => new Set([...e.getClientRects()].map(r => Math.round(r.top))).size"
    assert row.get_by_role("link").first.locator("bdi").evaluate(lines) <= 2
    page.context.close()


def test_what_a_month_is_about_stays_in_sight_while_it_is_scrolled(
    browser: Browser, address: str, long_words: Kiosk
) -> None:
    page = window(browser, "phone")
    sign_in(page, address)
    page.goto(f"{address}/report")
    months = page.get_by_role("region", name="Rose Hill")

    months.evaluate("e => { e.scrollLeft = e.scrollWidth }")
    assert months.evaluate("e => e.scrollLeft") > 100
    left = months.get_by_role("rowheader", name="Referred to college").evaluate("e => e.getBoundingClientRect().left")
    assert left >= 0
    page.context.close()


def test_what_is_printed_is_the_matter_alone_and_the_whole_of_it(
    browser: Browser, address: str, long_words: Kiosk
) -> None:
    page = window(browser, "laptop")
    sign_in(page, address)
    page.goto(f"{address}/requests/{long_words.leave('Amina')}")
    page.locator("summary", has_text="They ask for a copy").click()
    page.get_by_role("button", name="Show a copy to print").click()
    page.emulate_media(media="print")

    expect(page.get_by_text("Print this page with your browser")).to_be_hidden()
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(page.get_by_text("07700 900123")).to_be_visible()

    page.set_viewport_size({"width": LANDSCAPE, "height": 680})
    page.goto(f"{address}/report?year=2025")  # a year with all of its months
    assert page.locator(".desk-months").first.locator("thead th").count() == 14
    for months in page.locator(".desk-wide").all():
        assert months.evaluate("e => e.scrollWidth <= e.clientWidth")
    expect(page.get_by_role("button", name="Show the year")).to_be_hidden()
    page.context.close()
