"""Drives the real kiosk in a real window: touches through the window's mouse path, frames by the event loop."""

from __future__ import annotations

import time
from pathlib import Path

from kiosk.ui.proof.stage import Stage
from tests.processes import PATIENCE


class Kiosk(Stage):
    """A started KioskApp whose frames the test turns by hand."""

    def wait_until(self, condition, seconds: float = PATIENCE) -> None:
        until = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < until, f"it did not come about in time; on the screen: {self.words()}"
            self.step()

    def tap(self, x: float, y: float) -> None:
        """Press and release at a place in window pixels, y upwards as Kivy counts."""
        self.app.attention._acted_at = float("-inf")
        top = self.window.height - y
        self.window.dispatch("on_mouse_down", x, top, "left", [])
        self.step(2)
        self.window.dispatch("on_mouse_up", x, top, "left", [])
        self.step(3)

    def tap_widget(self, widget) -> None:
        self.tap(*widget.to_window(*widget.center))

    def find(self, words: str, kind: str | None = None):
        """Return the pressable thing on the screen that shows these words."""
        for widget in self.window.children[0].walk():
            shown = getattr(widget, "title", None) or getattr(widget, "text", None)
            if shown == words and hasattr(widget, "on_touched"):
                return widget
        raise AssertionError(f"{words!r} is not on the screen: {self.words()}")

    def touch(self, words: str) -> None:
        """Touch what shows these words, turning pages until it is there."""
        self.tap_widget(self.find(words))

    def words(self) -> list[str]:
        """Return every text on the screen."""
        from kiosk.ui.widgets.words import Words

        return [w.text for w in self.window.children[0].walk() if isinstance(w, Words) and w.text]

    def shot(self, file: Path) -> None:
        self.picture().write_to_file(str(file))
