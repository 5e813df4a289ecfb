"""The SDL that Kivy draws and sounds with, for the calls that Kivy does not pass on."""

from __future__ import annotations

import ctypes
import importlib.util
import sys
from pathlib import Path


def load_sdl() -> ctypes.CDLL:
    """Return the SDL library that Kivy's wheel carries. Raises OSError if there is none, ModuleNotFoundError without Kivy."""
    return _load("SDL2")


def load_sdl_mixer() -> ctypes.CDLL:
    """Return SDL's mixer, as `load_sdl`."""
    return _load("SDL2_mixer")


def video_driver() -> bytes | None:
    """Return which of its drivers SDL shows windows with, None before it opened a display."""
    sdl = load_sdl()
    sdl.SDL_GetCurrentVideoDriver.restype = ctypes.c_char_p
    driver: bytes | None = sdl.SDL_GetCurrentVideoDriver()
    return driver


def _load(name: str) -> ctypes.CDLL:
    if sys.platform == "win32":
        from kivy_deps import sdl2

        return ctypes.CDLL(str(Path(sdl2.dep_bins[0]) / f"{name}.dll"))
    spec = importlib.util.find_spec("kivy")
    if spec is None:
        raise ModuleNotFoundError("Kivy is not installed.", name="kivy")
    packages = Path(spec.origin).parent.parent
    # In a wheel the library lies in Kivy.libs; PyInstaller puts it beside everything else.
    carried = [*packages.glob(f"Kivy.libs/lib{name}-2*"), *packages.glob(f"lib{name}-2*")]
    return ctypes.CDLL(str(carried[0]) if carried else f"lib{name}-2.0.so.0")
