"""All that is held of every page of the desk: axe, narrow screens, large text, and the keyboard."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pyvips
from playwright.sync_api import CDPSession, Page
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule

from kiosk.hub.routes import ROUTES
from tests.hub.desk.browsing import faults

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
NARROW = (390, 320)  # pixels: a phone, and WCAG 2.2, 1.4.10 Reflow
USUAL, LARGE = 16, 32  # pixels; WCAG 2.2, 1.4.4 Resize Text
EASY = 44  # pixels: WCAG 2.2, 2.5.5 Target Size (Enhanced), for what is pressed most
MARGIN = 5  # presses, more than it takes to go round the browser's own controls
DISTINCT = 3  # to 1: WCAG 2.2, 1.4.11 Non-text Contrast
PLACES = Map([Rule(route.path, endpoint=route.name, methods=[route.method]) for route in ROUTES])
WALKS = {
    "desk": {"sign_in", "requests", "handled", "idle", "call_sheet", "close", "book", "note"},
    "work": {"call_sheet", "book", "leave_search", "report", "ask_to_delete"},
    "odd pages": {"sign_in", "requests", "leave_search", "handled", "report", "publishers", "print_copy", "new_code"}
    | {"ask_to_delete_apart", "ask_to_settle", "ask_to_remove", "ask_to_revoke", "team", "lock"},
    "team": {"account", "password", "team", "new_worker", "worker", "centres", "team_key"},
    "kiosks": {"privacy", "recover", "requests", "clock", "looks", "kiosks", "new_code", "set_aside", "broken"}
    | {"conflict", "apart", "kiosk", "ask_to_revoke", "ask_to_delete", "call_sheet", "access", "set_role"}
    | {"print_set_aside"},
    "set aside": {"leave_search", "broken", "conflict", "print_set_aside", "set_aside"}
    | {"ask_to_delete", "ask_to_settle"},
    "packs": {"packs", "pack", "publishers", "follow_publisher", "kiosks", "kiosk"},
}
"""Which of the desk's pages each walk looks at, by their names in the table of routes; a page that answers a form which
is not taken has the name of that form, if it has an address of its own.
"""

Control = dict[str, Any]


@dataclass
class Inspection:
    """What is wrong with each page that was looked at, and which of the desk's pages these were.

    Call it with a name for what stands open. `narrow` asks for the small screens as well.
    """

    page: Page
    axe: str
    narrow: bool = True
    found: dict[str, list[str]] = field(default_factory=dict)
    pages: set[str] = field(default_factory=set)
    _kinds: set[str] = field(default_factory=set)

    def __call__(self, at: str) -> None:
        self.page.wait_for_load_state()  # until then the page's own script may still move the focus
        self.page.evaluate(f"void (window.looking = {SCRIPT})")
        if place := _place(self.page.url):
            self.pages.add(place)
        # First of all, as everything else moves the focus.
        wrong = self._after_a_fault()
        wrong += self._by_keyboard()
        wrong += [*faults(self.page, self.axe), *self._ask("small", EASY), *self._fits("as it is")]
        if self.narrow:
            wrong += self._on_small_screens()
        wrong += self._in_large_text()
        self.found[at] = wrong
        if shots := os.environ.get("WAYMARK_SHOTS"):
            self.page.screenshot(
                path=f"{shots}/{'narrow-' if self.narrow else ''}{len(self.found)}.png", full_page=True
            )

    @property
    def wrong(self) -> dict[str, list[str]]:
        return {at: wrong for at, wrong in self.found.items() if wrong}

    def _ask(self, name: str, *given: object) -> Any:
        return self.page.evaluate(f"window.looking.{name}({', '.join(map(json.dumps, given))})")

    def _fits(self, how: str) -> list[str]:
        wide = ["wider than the screen"] if self._ask("isWide") else []
        return [f"{how}: {wrong}" for wrong in wide + self._ask("cut")]

    def _on_small_screens(self) -> list[str]:
        size = self.page.viewport_size
        assert size
        wrong = list[str]()
        for width in NARROW:
            self.page.set_viewport_size({"width": width, "height": size["height"]})
            wrong += self._fits(f"{width} pixels")
        self.page.set_viewport_size(size)
        return wrong

    def _in_large_text(self) -> list[str]:
        with large_text(self.page):
            return self._fits("large text")

    def _after_a_fault(self) -> list[str]:
        """A form that is not taken says so in the title and has the focus, and each fault leads to its field."""
        summary = self._ask("summary")
        if not summary:
            return []
        wrong = [] if self.page.title().startswith("Error: ") else ["the title does not tell of the fault"]
        wrong += [] if summary["isFocused"] else ["the focus is not at the faults"]
        return wrong + [f"no field: {link}" for link in summary["lost"]]

    def _by_keyboard(self) -> list[str]:
        controls: list[Control] = self._ask("list")
        wrong = [f"tabindex {one['tabindex']}: {one['said']}" for one in controls if one["tabindex"] > 0]
        there, trapped = self._walk("Tab", controls)
        back, trapped_back = self._walk("Shift+Tab", controls)
        wrong += trapped + trapped_back + [fault for stop in there for fault in self._at_stop(stop)]
        reached = [stop["number"] for stop in there]
        groups = {controls[number]["group"] for number in reached}
        wrong += [
            f"not reached: {one['said']}"
            for number, one in enumerate(controls)
            if number not in reached and not (one["group"] and one["group"] in groups)
        ]
        known = [controls[number] for number in reached if number >= 0]
        if [_key(one) for one in known] != [_key(controls[stop["number"]]) for stop in reversed(back)]:
            wrong.append("the way back is another")
        if not known or "Skip to main content" not in known[0]["said"]:
            wrong.append("the first stop is not the skip link")
        return wrong + [
            f"order: {one['said']} before {other['said']}"
            for one, other in itertools.pairwise(known[1:])
            if is_backwards(one, other)
        ]

    def _walk(self, key: str, controls: list[Control]) -> tuple[list[Control], list[str]]:
        """Press `key` until the focus has left the page, or is where it began; return every stop, and what traps it."""
        stops = list[Control]()
        for _ in range(len(controls) + MARGIN):
            self.page.keyboard.press(key)
            stop = self._ask("focused")
            if stops and (stop is None or (stop["said"] == stops[0]["said"] and stop["number"] == stops[0]["number"])):
                return stops, []
            if stop is None:
                continue
            if key == "Tab":
                stop["contrast"] = self._stands_out(stop, controls)
            stops.append(stop)
        return stops, [f"{key} never leaves the page: at last at {stops[-1]['said']}"]

    def _at_stop(self, stop: Control) -> Iterator[str]:
        if stop["number"] < 0:
            yield f"the focus comes to {stop['said']}, which is no control"
        if not stop["isSeen"]:
            yield f"one does not see the focus at {stop['said']}"
        elif not stop["contrast"]:
            yield f"one hardly sees the focus at {stop['said']}"
        if not stop["isInSight"]:
            yield f"something lies over {stop['said']} while it has the focus"

    def _stands_out(self, stop: Control, controls: list[Control]) -> bool:
        """Whether the focus draws at least one line as long as the control that differs from before by 3 to 1."""
        number = stop["number"]
        if number < 0 or controls[number]["kind"] in self._kinds:
            return True
        self._kinds.add(controls[number]["kind"])
        clip: Control = self._ask("centre")
        focused = self._shot(clip)
        self._ask("unfocus")
        before = self._shot(clip)
        self._ask("focus", number)
        long_side = max(clip["width"], clip["height"]) - 16
        return bool(np.count_nonzero(contrast(focused, before) >= DISTINCT) >= long_side)

    def _shot(self, clip: Control) -> np.ndarray:
        size = self.page.viewport_size
        assert size
        left, top = max(0, clip["x"]), max(0, clip["y"])
        right, bottom = min(size["width"], clip["x"] + clip["width"]), min(size["height"], clip["y"] + clip["height"])
        png = self.page.screenshot(
            clip={"x": left, "y": top, "width": right - left, "height": bottom - top}, animations="disabled"
        )
        return pyvips.Image.new_from_buffer(png, "")[:3].numpy() / 255


def contrast(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return for each pixel of two pictures, their parts from 0 to 1, how they contrast: WCAG 2.2, contrast ratio."""
    bright, dark = _luminance(one), _luminance(other)
    ratio: np.ndarray = (np.maximum(bright, dark) + 0.05) / (np.minimum(bright, dark) + 0.05)
    return ratio


def is_backwards(one: Control, other: Control) -> bool:
    """Whether `other`, to which the focus comes after `one`, stands before it: further up in the same column, or
    further left in the same row.
    """
    end, start = one["last"], other["first"]
    if start["bottom"] <= end["top"] + 1:
        return bool(start["left"] < end["right"] - 1)
    overlap = min(end["bottom"], start["bottom"]) - max(end["top"], start["top"])
    same_row = overlap > min(end["bottom"] - end["top"], start["bottom"] - start["top"]) / 2
    return bool(same_row and start["left"] < end["left"])


def _luminance(picture: np.ndarray) -> np.ndarray:
    linear = np.where(picture <= 0.04045, picture / 12.92, ((picture + 0.055) / 1.055) ** 2.4)
    light: np.ndarray = linear @ np.array([0.2126, 0.7152, 0.0722])
    return light


def _key(control: Control) -> str:
    return str(control["group"] or (control["said"], control["first"]))


def _place(url: str) -> str | None:
    """Return the name of the page at `url` in the table of routes."""
    for method in ("GET", "POST"):
        try:
            return str(PLACES.bind("desk").match(urlsplit(url).path, method)[0])
        except (NotFound, MethodNotAllowed):
            continue
    return None


@contextmanager
def large_text(page: Page) -> Iterator[None]:
    """Set the size of text to double, as one does in the browser's own settings; then put it back."""
    settings = page.context.new_cdp_session(page)
    try:
        _set_text(page, settings, LARGE)
        yield
        _set_text(page, settings, USUAL)
    finally:
        settings.detach()


def _set_text(page: Page, settings: CDPSession, size: int) -> None:
    settings.send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size * 13 // 16}})
    page.wait_for_function("size => getComputedStyle(document.documentElement).fontSize === size", arg=f"{size}px")
