"""The one window: how Kivy must be told before it opens, and what it must not do afterwards."""

from __future__ import annotations

import ctypes
import logging
import os
import sys
from pathlib import Path

from kiosk.errors import NoDisplay
from kiosk.settings import Settings

SDL_INIT_VIDEO = 0x20
IN_MEMORY = (b"offscreen", b"dummy")  # SDL's drivers that show nothing to anybody


class DisplayMode(ctypes.Structure):
    """SDL_DisplayMode of SDL 2; lengths in pixels."""

    _fields_ = [
        ("format", ctypes.c_uint32),
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("refresh_rate", ctypes.c_int),
        ("driver_data", ctypes.c_void_p),
    ]


def configure(settings: Settings) -> None:
    """Tell Kivy how to open the window. Must run before anything imports kivy.core.window.

    Raises NoDisplay where there is no screen to draw on.
    """
    require_display()
    from kivy.config import Config

    for section, key, value in _choices(settings):
        Config.set(section, key, value)
    Config.remove_option("input", "%(name)s")
    # Kivy tries a touch driver that few machines have, and reports at length that it is not there.
    logging.getLogger("kivy").addFilter(_is_not_of_mtdev)
    _leave_out_kivys_looks()


def _is_not_of_mtdev(record: logging.LogRecord) -> bool:
    return "MTDev" not in record.getMessage()


def _leave_out_kivys_looks() -> None:
    """Have Kivy read, in place of the looks of its own widgets, our file that has none: we show none of them.

    To read and to compile them would be a tenth of the start, and three megabytes for good.
    """
    import kivy
    import kivy.resources  # which is to find Kivy's own shaders

    kivys, kivy.kivy_data_dir = kivy.kivy_data_dir, str(Path(__file__).parent)
    try:
        import kivy.lang.builder
    finally:
        kivy.kivy_data_dir = kivys


def require_display() -> None:
    """Raise NoDisplay, which says what to do, where there is no screen to draw on."""
    if not has_display() or not _opens():
        raise NoDisplay(
            "There is no display for the kiosk's window.",
            "Start it in a desktop session, or name its screen: DISPLAY=:0 make run. "
            "To try it without a screen: xvfb-run -a -s '-screen 0 1080x1920x24' make run",
        )


def has_display(environ=os.environ, platform: str = sys.platform) -> bool:
    """Windows and macOS always have a screen; elsewhere X or Wayland says so, or a driver that needs none is chosen."""
    if platform in ("win32", "darwin"):
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY") or environ.get("SDL_VIDEODRIVER"))


def _opens() -> bool:
    """SDL can open the display. One that is named and is not there would make it draw into memory, for nobody to see."""
    from kiosk.ui.sdl import load_sdl, video_driver

    failed = load_sdl().SDL_InitSubSystem(SDL_INIT_VIDEO)
    wanted = "SDL_VIDEODRIVER" in os.environ
    return not failed and (wanted or video_driver() not in IN_MEMORY)


def desktop_size() -> tuple[int, int]:
    """Return the width and height of the first screen in pixels. Raises NoDisplay if SDL cannot open it."""
    from kiosk.ui.sdl import load_sdl

    sdl, mode = load_sdl(), DisplayMode()
    if sdl.SDL_InitSubSystem(SDL_INIT_VIDEO) or sdl.SDL_GetDesktopDisplayMode(0, ctypes.byref(mode)):
        sdl.SDL_GetError.restype = ctypes.c_char_p
        raise NoDisplay(
            f"The display cannot be opened: {sdl.SDL_GetError().decode()}.", "Check DISPLAY, or log in at the screen."
        )
    return mode.width, mode.height


def _choices(settings: Settings) -> list[tuple[str, str, str]]:
    # A bare X server has no window manager to stretch a full-screen window: it must be made in the screen's size.
    width, height = desktop_size() if settings.fullscreen else (settings.width, settings.height)
    return [
        # Two samples double the memory and the time to paint; our corners are drawn smooth instead.
        ("graphics", "multisamples", "0"),
        ("graphics", "fullscreen", "auto" if settings.fullscreen else "0"),
        ("graphics", "width", str(width)),
        ("graphics", "height", str(height)),
        ("graphics", "position", "custom"),
        ("graphics", "left", "0"),
        ("graphics", "top", "0"),
        ("graphics", "borderless", "1"),
        ("graphics", "resizable", "0"),
        ("graphics", "show_cursor", "0" if settings.fullscreen else "1"),
        ("kivy", "exit_on_escape", "0"),
        ("kivy", "desktop", "1"),
        ("kivy", "log_level", "warning"),
        # One source of touches only: with Kivy's default every tap counts twice.
        ("input", "mouse", "mouse,disable_multitouch"),
    ]


Q, CTRL = 113, "ctrl"


class Guard:
    """Stands between a keyboard and the program: only what `keys` knows comes through, and nothing closes it (promise 41).

    `close`, given in a try-out only, is called on Ctrl+Q.
    """

    def __init__(self, window, keys, close=None) -> None:
        self.window, self.keys, self.close = window, keys, close
        self._bound = {
            "on_request_close": lambda *_: True,
            "on_keyboard": self._pressed,
            "on_key_up": self._released,
            "on_textinput": self._typed,
        }
        window.bind(**self._bound)

    def remove(self) -> None:
        self.window.unbind(**self._bound)

    def _pressed(self, _window, key, _scancode=0, _codepoint="", modifiers=(), *_args) -> bool:
        if self.close and key == Q and CTRL in (modifiers or ()):
            self.close()
        else:
            self.keys.pressed(key, modifiers or ())
        return True

    def _released(self, _window, key, *_args) -> bool:
        self.keys.released(key)
        return True

    def _typed(self, _window, text) -> bool:
        self.keys.typed(text)
        return True
