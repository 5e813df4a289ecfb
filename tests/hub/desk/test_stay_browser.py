"""WCAG 2.2, 2.2.1, in a real browser: a page asks before it is cleared, goes on for whoever is there, and for nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from sqlalchemy import Engine

from kiosk.hub.cases import Cases
from kiosk.hub.notes import Notes
from tests.hub.desk.browsing import BROWSER, faults
from tests.hub.desk.hands import Hands
from tests.hub.desk.looking import EASY, NARROW, large_text
from tests.hub.desk.people import NOW, WORKER, Clock, Kiosk
from tests.hub.desk.test_browser import address, axe, browser, sign_in, window
from tests.processes import wait_until

__all__ = ["address", "axe", "browser"]
pytestmark = BROWSER
Forward = Callable[[int], None]
SCRIPT, REFRESH = "**/static/stay.js", 3  # seconds, where a test waits for the browser's own clearing


@pytest.fixture
def sheet(kiosk: Kiosk, cases: Cases, address: str) -> str:
    """The address of a call sheet of the worker's own."""
    id = kiosk.leave("Amina")
    cases.claim(id, WORKER, NOW)
    return f"{address}/requests/{id}"


@pytest.fixture
def page(browser: Browser, address: str, sheet: str) -> Iterator[Page]:
    """The sheet, in a browser whose clock a test moves."""
    page = window(browser, "laptop")
    page.clock.install()
    sign_in(page, address)
    expect(page.get_by_role("heading", name="Requests", exact=True)).to_be_visible()
    page.goto(sheet)
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
    yield page
    page.context.close()


@pytest.fixture
def forward(clock: Clock, page: Page) -> Forward:
    """Let seconds go by, at the hub and in every page of the browser."""

    def forward(seconds: int) -> None:
        clock.forward(timedelta(seconds=seconds))
        page.clock.fast_forward(1000 * seconds)

    return forward


def warning(page: Page) -> Locator:
    return page.get_by_role("alertdialog", name="Are you still there?")


def name(page: Page) -> Locator:
    return page.get_by_role("heading", name="Amina")


def is_saved(hub: Engine, sheet: str) -> bool:
    """Whether one note is kept on the request of this call sheet."""
    return len(Notes(hub).find(UUID(sheet.rpartition("/")[2]))) == 1


def expect_cleared(page: Page) -> None:
    expect(page.get_by_role("heading", name="This page was cleared")).to_be_visible()
    assert "Amina" not in page.content()


def soon_cleared_by_the_browser(page: Page, sheet: str) -> None:
    """Open the sheet as it is after nearly all of its time: what clears it then is the browser, by its own clock."""

    def answer(route: Route) -> None:
        given = route.fetch()
        assert given.headers["refresh"] == "600; url=/idle"
        route.fulfill(response=given, headers=given.headers | {"refresh": f"{REFRESH}; url=/idle"})

    page.route(sheet, answer)
    page.goto(sheet, wait_until="commit")


@pytest.mark.parametrize("key", ["Enter", "Space", "Escape"])
def test_whoever_stays_goes_on_where_they_were_by_keyboard_alone(page: Page, forward: Forward, key: str) -> None:
    hands, field = Hands(page), page.get_by_label("Add a note")
    hands.write(field, "She has moved")
    stood = name(page).bounding_box()
    forward(530)
    expect(warning(page)).to_be_hidden()
    forward(5)

    expect(warning(page)).to_be_visible()
    expect(warning(page)).to_have_accessible_description("To keep what is on it private, this page clears in 1 minute.")
    expect(page.get_by_role("button", name="Stay")).to_be_focused()
    assert name(page).bounding_box() == stood
    with page.expect_response("**/stay"):
        hands.press(key)
    expect(warning(page)).to_be_hidden()
    expect(field).to_be_focused()
    page.keyboard.type(" to Barton")
    forward(400)
    expect(field).to_have_value("She has moved to Barton")
    expect(name(page)).to_be_visible()
    page.get_by_role("button", name="Save the note").click()
    expect(page.locator(".desk-note")).to_have_text("She has moved to Barton")


def test_what_is_said_is_said_once(page: Page, forward: Forward) -> None:
    forward(540)
    expect(warning(page)).to_be_visible()
    says = warning(page).inner_text()
    page.evaluate(
        "() => { window.changes = 0; new MutationObserver(all => { changes += all.length })"
        ".observe(document.querySelector('dialog'), { subtree: true, childList: true, characterData: true, attributes: true }) }"
    )
    for _ in range(4):
        forward(5)

    assert (warning(page).inner_text(), page.evaluate("changes")) == (says, 0)


@pytest.mark.promise(37)
def test_lock_now_locks_and_the_back_button_shows_no_name(page: Page, forward: Forward) -> None:
    forward(540)
    expect(warning(page)).to_be_visible()
    Hands(page).follow_button("Lock now")

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.go_back()
    expect(name(page)).to_be_hidden()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.promise(37)
def test_a_page_with_nobody_there_is_cleared_on_time_with_the_sign_in_and_the_note_is_saved_once(
    page: Page, forward: Forward, address: str, sheet: str, hub: Engine
) -> None:
    page.get_by_label("Add a note").fill("She has moved")
    forward(540)
    expect(warning(page)).to_be_visible()
    forward(50)
    expect(warning(page)).to_be_visible()
    forward(6)

    expect_cleared(page)
    wait_until(lambda: is_saved(hub, sheet))
    forward(5)
    page.go_back()
    expect(name(page)).to_be_hidden()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    sign_in(page, address)
    page.goto(sheet)
    expect(page.locator(".desk-note")).to_have_text(["She has moved"])


def test_typing_is_use_and_nobody_who_types_is_asked(page: Page, forward: Forward) -> None:
    field = page.get_by_label("Add a note")
    for _ in range(3):
        forward(500)
        field.press_sequentially("a")
        with page.expect_response("**/stay"):
            forward(40)
        expect(warning(page)).to_be_hidden()

    expect(field).to_have_value("aaa")
    expect(field).to_be_focused()
    page.reload()
    expect(name(page)).to_be_visible()


@pytest.mark.promise(37)
@pytest.mark.parametrize("script", ["", "throw new Error()", "nonsense("])
def test_where_the_script_does_not_run_the_browser_clears_the_page(page: Page, sheet: str, script: str) -> None:
    page.route(
        SCRIPT, lambda route: route.fulfill(body=script, content_type="text/javascript") if script else route.abort()
    )
    soon_cleared_by_the_browser(page, sheet)

    expect_cleared(page)


@pytest.mark.promise(37)
def test_where_it_does_it_holds_that_back_only_while_somebody_is_there(
    page: Page, sheet: str, forward: Forward
) -> None:
    page.add_init_script(
        "navigation.addEventListener('navigateerror', () => { document.documentElement.dataset.held = 'yes' })"
    )
    soon_cleared_by_the_browser(page, sheet)
    expect(page.locator("html[data-held]")).to_be_attached()

    expect(name(page)).to_be_visible()
    forward(540)
    expect(warning(page)).to_be_visible()
    forward(60)
    expect_cleared(page)


def test_a_browser_that_cannot_hold_it_back_is_not_asked_and_clears_on_time(
    page: Page, sheet: str, forward: Forward, hub: Engine
) -> None:
    page.add_init_script("Object.defineProperty(window, 'navigation', { value: undefined })")
    page.goto(sheet)
    assert page.evaluate("Boolean(window.navigation)") is False
    page.get_by_label("Add a note").fill("She has moved")
    forward(540)
    expect(warning(page)).to_be_hidden()
    forward(56)

    expect_cleared(page)
    wait_until(lambda: is_saved(hub, sheet))


@pytest.mark.promise(37)
def test_of_two_pages_neither_ends_while_the_other_is_in_use_nor_outlives_the_sign_in(
    page: Page, address: str, forward: Forward
) -> None:
    other = page.context.new_page()
    other.goto(address)
    forward(500)
    other.goto(f"{address}/handled")
    with page.expect_response("**/stay"):
        forward(40)
    expect(warning(page)).to_be_hidden()
    expect(name(page)).to_be_visible()

    other.get_by_role("button", name="Lock").click()
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    forward(510)
    expect_cleared(page)


@pytest.mark.promise(37)
def test_a_page_that_comes_back_on_the_screen_after_lock_in_another_is_cleared_at_once(
    page: Page, address: str
) -> None:
    other = page.context.new_page()
    other.goto(address)
    other.get_by_role("button", name="Lock").click()
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect_cleared(page)


@pytest.mark.promise(37)
def test_a_laptop_that_slept_shows_nothing_when_it_wakes(page: Page, clock: Clock) -> None:
    hours = timedelta(hours=8)
    clock.forward(hours)
    page.clock.set_system_time(page.evaluate("Date.now()") / 1000 + hours.total_seconds())
    page.clock.fast_forward(1000)  # awake

    expect_cleared(page)


@pytest.mark.promise(37)
def test_a_clock_that_is_set_back_keeps_no_page_open(page: Page, forward: Forward) -> None:
    page.clock.set_system_time(page.evaluate("Date.now()") / 1000 - 86_400)
    forward(540)
    expect(warning(page)).to_be_visible()
    forward(60)

    expect_cleared(page)


@pytest.mark.promise(37)
def test_where_the_desk_cannot_be_reached_it_says_so_and_the_page_is_cleared_on_time(
    page: Page, forward: Forward
) -> None:
    page.route("**/stay", lambda route: route.abort())
    forward(540)
    page.get_by_role("button", name="Stay").click()
    expect(page.get_by_text("The desk cannot be reached just now. Press Stay to try again.")).to_be_visible()
    forward(60)

    expect_cleared(page)


def test_after_twelve_hours_it_says_that_there_is_no_more_time(
    page: Page, address: str, sheet: str, clock: Clock, forward: Forward, hub: Engine
) -> None:
    for _ in range(79):
        clock.forward(timedelta(minutes=9))
        page.context.request.get(f"{address}/account")
    page.goto(sheet)
    field = page.get_by_label("Add a note")
    field.fill("She has moved")
    forward(470)
    field.press("End")
    forward(10)

    expect(page.get_by_text("You signed in 12 hours ago, so you need to sign in again.")).to_be_visible()
    page.get_by_role("button", name="Close", exact=True).click()
    expect(field).to_be_focused()
    forward(60)
    expect_cleared(page)
    wait_until(lambda: is_saved(hub, sheet))


def test_nothing_is_wrong_with_the_question_on_any_screen_in_any_size(page: Page, axe: str) -> None:
    page.clock.resume()  # axe has timers of its own
    # With all that it can ever say at once.
    page.evaluate("document.querySelector('dialog').showModal()")
    expect(warning(page)).to_be_visible()
    wrong = list[str]()
    for width in (1280, *NARROW):
        page.set_viewport_size({"width": width, "height": 720})
        wrong += [f"{width}: {fault}" for fault in (*faults(page, axe), *cut(page))]
        with large_text(page):
            wrong += [f"{width}, large: {fault}" for fault in cut(page)]

    assert wrong == []


def cut(page: Page) -> list[str]:
    """Say what of the question runs out of it, or cannot be hit by a thumb."""
    return list(
        page.evaluate(
            """least => {
              const box = document.querySelector('dialog').getBoundingClientRect()
              const buttons = [...document.querySelectorAll('dialog button')]
              const wide = [document.documentElement, document.querySelector('dialog')].filter(e => e.scrollWidth > e.clientWidth)
              return [
                ...wide.map(e => `${e.tagName} is wider than it may be`),
                ...(box.left < 0 || box.right > innerWidth || box.top < 0 || box.bottom > innerHeight ? ['out of the screen'] : []),
                ...buttons.filter(e => e.getBoundingClientRect().height < least).map(e => `low: ${e.textContent}`)
              ]
            }""",
            EASY,
        )
    )
