"""Two hands on a keyboard, and no mouse."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Locator, Page

MOST = 300  # stops of one page, more than any has
IS_THERE = "found => found.includes(document.activeElement)"


class Hands:
    """Somebody who reaches everything by Tab and by arrows: nothing here moves the focus in another way."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def go(self, there: Locator, key: str = "Tab") -> None:
        """Press `key` until one of `there` has the focus. Raises AssertionError if none ever has it."""
        for _ in range(MOST):
            if there.evaluate_all(IS_THERE):
                return
            self.press(key)
        raise AssertionError(f"However often one presses {key}, the focus does not come to {there}")

    def write(self, there: Locator, text: str) -> None:
        """Go to a field, and put `text` in place of what is in it."""
        self.go(there)
        self.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def follow(self, there: Locator, key: str = "Enter") -> None:
        """Go to a link or a button, press `key` on it, and wait for the page that it leads to."""
        self.go(there)
        with self.page.expect_navigation():
            self.press(key)

    def follow_button(self, name: str) -> None:
        """Press a button by its name, with Space, which a link would not take."""
        self.follow(self.page.get_by_role("button", name=name), "Space")

    def follow_link(self, name: str) -> None:
        self.follow(self.page.get_by_role("link", name=name))

    def follow_button_link(self, name: str) -> None:
        """Follow a link that looks like a button, and is called one."""
        self.follow(self.page.get_by_role("button", name=name))

    def tick(self, name: str) -> None:
        self.go(self.page.get_by_label(name))
        self.press("Space")

    def pick(self, first: Locator, name: str) -> None:
        """Choose among radio buttons with the arrows, once Tab has come to the group of `first`."""
        self.go(first)
        self.go(self.page.get_by_label(name, exact=True), "ArrowDown")

    def choose(self, there: Locator, value: str) -> None:
        """Choose the line of a select that stands for `value`, from the top down."""
        self.go(there)
        self.press("Home")
        for _ in range(MOST):
            if there.input_value() == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{there} has no {value}")

    def bring(self, there: Locator, files: Sequence[Path]) -> None:
        """Open the system's own window for files, and choose in it."""
        self.go(there)
        with self.page.expect_file_chooser() as chooser:
            self.press("Space")
        chooser.value.set_files(list(files))
