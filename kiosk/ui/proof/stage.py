"""The kiosk's own program without a parent: its frames are turned by whoever holds the stage, its pictures read back."""

from __future__ import annotations

import gc
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import kiosk.ui  # noqa: F401  sets Kivy's environment
from kiosk.bootstrap import Services
from kiosk.settings import Settings
from kiosk.ui.fonts import use_our_fonts
from kiosk.ui.memory import give_back_what_is_freed, settle
from kiosk.ui.window import configure

PATIENCE = 60.0  # seconds that what runs in the background may take


def draw_unseen() -> None:
    """Have the window that is opened next be seen by nobody, and need no display."""
    if sys.platform == "win32":
        # SDL draws into memory without a window nowhere but on Unix; a window that is never shown does as well.
        from kivy.config import Config

        Config.set("graphics", "window_state", "hidden")
    else:
        os.environ["SDL_VIDEODRIVER"] = "offscreen"


def open_window(fonts: Path, width: int = 1080, height: int = 1920) -> None:
    """Open the one window that a process may have; `fonts` is a folder for the font cache.

    Drawn unseen it keeps the ground it begins with: it may be made smaller afterwards, but not larger.
    """
    give_back_what_is_freed()
    configure(replace(Settings(), fullscreen=False, width=width, height=height))
    use_our_fonts(fonts)
    import kivy.core.window  # noqa: F401

    import kiosk.ui.app  # noqa: F401

    settle()


class Stage:
    """A started KioskApp in the one window. `stop` ends it; another may follow. One that does not start delivers nothing.

    `make` makes another app than KioskApp of the services.
    """

    def __init__(self, services: Services, starts: bool = True, make=None) -> None:
        from kivy.base import EventLoop, runTouchApp
        from kivy.core.window import Window

        from kiosk.ui.app import KioskApp

        self.window, self.loop = Window, EventLoop
        for child in list(Window.children):
            Window.remove_widget(child)
        self.app = (make or KioskApp)(services)
        if not starts:
            # True from a handler keeps the app's own from being called.
            self.app.bind(on_painted=lambda *_: True)
        self.app._run_prepare()
        if EventLoop.status != "started":
            runTouchApp(embedded=True)
        self.settle()

    def step(self, frames: int = 1) -> None:
        for _ in range(frames):
            # Whoever holds the stage is the only one to touch: there is nothing to sleep for.
            self.app.waiter.wake()
            self.loop.idle()
            self.window.mainloop()

    def lay_out(self) -> None:
        """Bring every widget to its place without painting it: for who only measures."""
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

    def rest(self) -> None:
        """Lay out until whatever was asked for in the background is there too. Raises TimeoutError."""
        until = time.monotonic() + PATIENCE
        self.lay_out()
        while self.app.background.is_busy:
            if time.monotonic() > until:
                raise TimeoutError(f"{self.app.navigation.screen} waits in vain")
            time.sleep(0.001)
            self.lay_out()

    def resize(self, width: int, height: int) -> None:
        self.window.size = (width, height)
        self.window.system_size = (width, height)
        self.settle()

    def picture(self):
        """Turn frames until nothing moves, and return what is on the screen as a pyvips image."""
        self.settle()
        return self.read()

    def paint(self):
        """Paint what is laid out, and return it as a pyvips image."""
        self.window.canvas.ask_update()
        self.step()
        return self.read()

    def read(self):
        """Return the last frame as a pyvips image. Kivy's own screenshot slants windows of odd widths."""
        import pyvips
        from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels

        width, height = (int(n) for n in self.window.size)
        pixels = glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE)
        return pyvips.Image.new_from_memory(bytes(pixels), width, height, 4, "uchar").flip("vertical")[:3]

    def stop(self) -> None:
        """End the app and leave the window empty for the next one."""
        # An event, not a call: the name `app` in kv lets go of this app only then.
        self.app.dispatch("on_stop")
        for child in list(self.window.children):
            self.window.remove_widget(child)
        gc.collect()
