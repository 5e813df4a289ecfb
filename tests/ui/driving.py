"""Drives the real kiosk in a real window: touches through the window's mouse path, frames by the event loop."""

from __future__ import annotations

import gc
import time
from pathlib import Path

import kiosk.ui  # noqa: F401  sets Kivy's environment
from kiosk.settings import Settings
from kiosk.ui.fonts import use_our_fonts
from kiosk.ui.window import configure


class Kiosk:
    """A started KioskApp whose frames the test turns by hand."""

    def __init__(self, services) -> None:
        from kivy.base import EventLoop, runTouchApp
        from kivy.core.window import Window

        from kiosk.ui.app import KioskApp

        self.window, self.loop = Window, EventLoop
        for child in list(Window.children):
            Window.remove_widget(child)
        self.app = KioskApp(services)
        self.app._run_prepare()
        if EventLoop.status != "started":
            runTouchApp(embedded=True)
        self.settle()

    def step(self, frames: int = 1) -> None:
        for _ in range(frames):
            # Whoever touches is this test: there is nothing to sleep for.
            self.app.waiter.wake()
            self.loop.idle()
            self.window.mainloop()

    def lay_out(self) -> None:
        """Bring every widget to its place without painting it: for tests that measure."""
        from kivy.clock import Clock
        from kivy.lang import Builder

        for _ in range(3):
            self.app.waiter.wake()
            Clock.tick()
            Builder.sync()
            Clock.tick_draw()
            Builder.sync()

    def settle(self) -> None:
        """Turn frames until nothing moves: layouts, and a walk along the road."""
        self.step(4)

    def wait_until(self, condition, seconds: float = 30.0) -> None:
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

    def resize(self, width: int, height: int) -> None:
        self.window.size = (width, height)
        self.window.system_size = (width, height)
        self.settle()

    def picture(self):
        """Return what is on the screen as a pyvips image. Kivy's own screenshot slants windows of odd widths."""
        import pyvips
        from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels

        self.settle()
        width, height = (int(n) for n in self.window.size)
        pixels = glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE)
        return pyvips.Image.new_from_memory(bytes(pixels), width, height, 4, "uchar").flip("vertical")[:3]

    def shot(self, file: Path) -> None:
        self.picture().write_to_file(str(file))

    def stop(self) -> None:
        """End the app and leave the window empty for the next one."""
        # An event, not a call: the name `app` in kv lets go of this app only then.
        self.app.dispatch("on_stop")
        for child in list(self.window.children):
            self.window.remove_widget(child)
        gc.collect()


def open_window(fonts: Path, width: int = 1080, height: int = 1920) -> None:
    """Open the one window that a process may have; `fonts` is a folder for the font cache."""
    configure(Settings(fullscreen=False, width=width, height=height))
    use_our_fonts(fonts)
    import kivy.core.window  # noqa: F401

    import kiosk.ui.app  # noqa: F401

    # A screen is thousands of small objects. What is here for good is not searched for dead ones time and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
