"""What is held of every page is tried on pages that are wrong, one fault on each."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.hub.desk.browsing import BROWSER
from tests.hub.desk.looking import Inspection
from tests.hub.desk.test_browser import axe, browser, window

__all__ = ["axe", "browser"]
pytestmark = BROWSER
PAGE = """<!DOCTYPE html><html lang="en"><head><title>A page</title><style>
a:focus, button:focus, input:focus {{ outline: 3px solid #000 }} a, button {{ padding: 12px; display: inline-block }} {style}
</style></head><body><header><a href="#main">Skip to main content</a></header><main id="main"><h1>A page</h1>{body}</main></body></html>"""
BUTTON = "<button>One</button>"
FAULTY = {
    "": (BUTTON, ""),
    "tabindex 1: button “One”": ('<button tabindex="1">One</button>', ""),
    "not reached: button “One”": ('<button tabindex="-1">One</button>', ""),
    "order: button “Two” before button “One”": (
        f"<p><button>Two</button></p><p>{BUTTON}</p>",
        "main { display: flex; flex-direction: column-reverse }",
    ),
    "one does not see the focus at button “One”": (BUTTON, "button:focus { outline: none }"),
    "one hardly sees the focus at button “One”": (BUTTON, "button:focus { outline: 3px solid #fd0 }"),
    "something lies over button “One” while it has the focus": (
        f"{BUTTON}<div></div>",
        "div { position: fixed; inset: 0; background: #fff }",
    ),
    "Tab never leaves the page: at last at button “One”": (
        """<button>Two</button><button onkeydown="event.preventDefault()">One</button>""",
        "",
    ),
    "the title does not tell of the fault": (
        '<div class="govuk-error-summary" tabindex="-1"><a href="#x">Two</a></div><label>Three <input id="x"></label>',
        "",
    ),
    "no field: #x": ('<div class="govuk-error-summary" tabindex="-1"><a href="#x">Two</a></div>', ""),
    "lower than 44: button “One”, 20": (
        '<button class="govuk-button">One</button>',
        ".govuk-button { height: 20px; padding: 0 }",
    ),
    "320 pixels: wider than the screen": ("<p>One</p>", "p { width: 360px }"),
    "large text: “Unbreakable” out of p.": (
        "<p>Unbreakable</p>",
        "p { width: 130px; overflow: hidden }",
    ),
    'target-size <a href="#one">One</a>': (
        '<a href="#one">One</a><br><a href="#two">Two</a><br><a href="#six">Six</a>',
        "main a { padding: 0; line-height: 1; display: inline-block }",
    ),
}


@pytest.mark.parametrize("fault", FAULTY)
def test_a_page_with_one_fault_is_told_of_it(browser: Browser, axe: str, fault: str) -> None:
    page = window(browser, "laptop")
    body, style = FAULTY[fault]
    page.set_content(PAGE.format(body=body, style=style))
    look = Inspection(page, axe)

    look("it")
    assert fault in look.found["it"] if fault else look.wrong == {}, look.found["it"]
    page.context.close()
