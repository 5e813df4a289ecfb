"""A support worker at a laptop and at a phone: a real browser, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kiosk.callbacks.model import SafeTime
from kiosk.hub.case import AttemptKind, CaseState, ResultKind
from kiosk.hub.cases import Cases
from kiosk.hub.vendor import install
from tests.hub.desk.browsing import BROWSER, axe_script, chromium, served
from tests.hub.desk.looking import WALKS, Inspection
from tests.hub.desk.people import COLLEAGUE, NOW, PASSWORD, WORKER, Clock, Kiosk
from tests.processes import PATIENCE

pytestmark = BROWSER
SIZES = {"laptop": (1366, 768), "phone": (390, 844)}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    install()
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def axe() -> str:
    return axe_script()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


def window(browser: Browser, size: str, javascript: bool = True) -> Page:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=javascript)
    context.set_default_timeout(PATIENCE * 1000)
    return context.new_page()


def sign_in(page: Page, address: str, password: str = PASSWORD, name: str = WORKER) -> None:
    page.goto(f"{address}/sign-in")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Your password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize(("size", "javascript"), [("laptop", True), ("phone", False)])
def test_a_worker_signs_in_rings_logs_and_closes(
    browser: Browser, address: str, kiosk: Kiosk, cases: Cases, size: str, javascript: bool
) -> None:
    id = kiosk.leave("Amina", topic="Paying for childcare")
    page = window(browser, size, javascript)
    sign_in(page, address)

    page.get_by_role("button", name="Ring Amina").click()
    expect(page.get_by_role("heading", name="Amina")).to_be_visible()
    expect(page.get_by_text("DO NOT LEAVE A MESSAGE")).to_be_visible()
    call = page.get_by_role("button", name="Ring 07700 900123")
    expect(call).to_have_attribute("href", "tel:+447700900123")

    page.get_by_role("button", name="No answer").click()
    expect(page.get_by_text(f"No answer, Sat 21 Nov, 11:52, {WORKER}")).to_be_visible()

    page.get_by_label("Referred to college").check()
    page.get_by_role("button", name="Close the request").click()
    expect(page.get_by_text("Deleted on Sat 5 Dec")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert [attempt.kind for attempt in cases.find_attempts(id)] == [AttemptKind.NO_ANSWER]
    assert [result.kind for result in cases.find_results(id)] == [ResultKind.COLLEGE]
    assert cases.get(id).state is CaseState.CLOSED
    page.context.close()


def test_no_page_touches_the_edges_of_the_window(browser: Browser, address: str) -> None:
    page = window(browser, "laptop")
    sign_in(page, address)
    margins = dict[int, float]()
    for width in (320, 640, 1019, 1020, 1100, 1219, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        margins[width] = page.get_by_role("main").evaluate(
            "e => Math.min(e.getBoundingClientRect().left, document.documentElement.clientWidth - e.getBoundingClientRect().right)"
        )
    page.context.close()

    assert {width: margin for width, margin in margins.items() if margin < 15} == {}


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wrong_to_axe_on_narrow_screens_in_large_text_or_by_keyboard(
    browser: Browser, address: str, kiosk: Kiosk, cases: Cases, size: str, axe: str
) -> None:
    now, mine = kiosk.leave("Amina", timedelta(days=4), language="ar"), kiosk.leave("Sophie")
    later = kiosk.leave("N.", safe_times=(SafeTime(1, time(10), time(11, 30)),))
    theirs, closed = kiosk.leave("Leanne", may_leave_message=True), kiosk.leave("W" * 40)
    for id, worker in ((mine, WORKER), (later, WORKER), (theirs, COLLEAGUE), (closed, WORKER)):
        cases.claim(id, worker, NOW)
    cases.close(closed, WORKER, [ResultKind.COLLEGE], NOW)
    page, complaints = window(browser, size), []
    look = Inspection(page, axe, narrow=size == "laptop")
    page.on("console", lambda message: complaints.append(message.text))

    page.goto(f"{address}/sign-in")
    look("sign in")
    sign_in(page, address, "a wrong password")
    expect(page.get_by_role("heading", name="You are not signed in")).to_be_visible()
    look("wrong password")
    sign_in(page, address)
    expect(page.get_by_role("heading", name="Requests", exact=True)).to_be_visible()
    sheets = {f"/requests/{id}" for id in (now, mine, later, theirs, closed)}
    for path in ("/", "/handled", "/idle", "/nowhere", *sheets):
        page.goto(address + path)
        look(path)
    page.goto(f"{address}/requests/{mine}")
    page.get_by_role("button", name="Close the request").click()
    expect(page.get_by_role("heading", name="The request is not closed")).to_be_visible()
    look("nothing ticked")
    for button, at in (("Book the next contact", "no day"), ("Save the note", "no note")):
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("heading", name="This is not saved yet")).to_be_visible()
        look(at)

    assert look.wrong == {}
    assert len(look.found) == 14
    assert look.pages == WALKS["desk"]
    assert [says for says in complaints if "Content Security" in says] == []
    page.context.close()


def test_the_pages_are_set_in_our_own_type(browser: Browser, address: str) -> None:
    page = window(browser, "laptop")
    page.goto(f"{address}/sign-in")
    page.evaluate("document.fonts.ready")

    loaded = page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    assert set(loaded) == {'"Atkinson Hyperlegible"'} or set(loaded) == {"Atkinson Hyperlegible"}
    page.context.close()


@pytest.mark.parametrize(("size", "javascript"), [("laptop", False), ("phone", True)])
def test_a_worker_notes_books_searches_and_reads_the_report(
    browser: Browser, address: str, kiosk: Kiosk, axe: str, size: str, javascript: bool
) -> None:
    id = kiosk.leave("Amina", topic="Paying for childcare")
    page = window(browser, size, javascript)
    inspect = Inspection(page, axe, narrow=False)

    def look(at: str) -> None:
        if javascript:
            inspect(at)

    sign_in(page, address)
    page.get_by_role("button", name="Ring Amina").click()
    page.get_by_label("Add a note").fill("Ask for Amina twice")
    page.get_by_role("button", name="Save the note").click()
    expect(page.get_by_text("Ask for Amina twice")).to_be_visible()

    for label, value in (("Day", "21"), ("Month", "11"), ("Year", "2026"), ("What time?", "17:00")):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Book the next contact").click()
    expect(page.get_by_role("link", name="This is outside the safe times.")).to_be_visible()
    look("outside the safe times")
    page.get_by_label("They agreed to this time").check()
    page.get_by_role("button", name="Book the next contact").click()
    expect(page.get_by_text("Sat 21 Nov, 17:00")).to_be_visible()
    look("booked")
    with page.expect_download() as file:
        page.get_by_role("link", name="Put it in your calendar").click()
    assert file.value.suggested_filename == "call-back.ics"

    page.get_by_role("link", name="Requests", exact=True).click()
    page.get_by_label("Name, phone number, topic, centre or language").fill("child")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("1 request found.")).to_be_visible()
    look("found")

    page.get_by_role("link", name="Report").click()
    expect(page.get_by_role("heading", name="Rose Hill")).to_be_visible()
    look("report")
    with page.expect_download() as file:
        page.get_by_role("button", name="Download as a spreadsheet").click()
    assert file.value.suggested_filename == "report-2026-2027.csv"

    page.goto(f"{address}/requests/{id}/delete")
    look("delete")
    page.get_by_role("button", name="Delete it now").click()
    expect(page.get_by_text("Nobody waits for a call.")).to_be_visible()
    assert inspect.wrong == {}
    assert inspect.pages == (WALKS["work"] if javascript else set())
    page.context.close()


def test_a_number_goes_with_its_safe_time_and_what_is_being_written_stays(
    browser: Browser, address: str, kiosk: Kiosk, clock: Clock
) -> None:
    clock.now = NOW.replace(hour=14, minute=25)  # it is safe until half past
    kiosk.leave("Amina")
    page = window(browser, "laptop")
    page.clock.install()
    sign_in(page, address)
    page.get_by_role("button", name="Ring Amina").click()
    number = page.get_by_role("button", name="Ring 07700 900123")
    page.get_by_label("Add a note").fill("She has moved")
    page.wait_for_load_state()  # from then on the page's own script counts the time

    page.clock.fast_forward(4 * 60_000)
    expect(number).to_be_visible()
    page.clock.fast_forward(61_000)
    expect(number).to_be_hidden()
    expect(page.get_by_text("Safe now")).to_be_hidden()
    expect(page.get_by_text("Do not ring now.")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_text("Not now. The safe time is over")

    expect(page.get_by_label("Add a note")).to_have_value("She has moved")
    expect(page.get_by_label("Add a note")).to_be_focused()
    page.context.close()
