"""The kind of window where the processor draws under X: without depth and stencil, against which nothing here is tested.

Kivy asks for both. On a portrait screen they are eight megabytes. SDL opens the window of the kind that its hint names.
"""

from __future__ import annotations

import ctypes
import os

from kiosk.ui.sdl import video_driver

SOFTWARE = (b"llvmpipe", b"softpipe", b"swrast")
HINT = "SDL_VIDEO_X11_WINDOW_VISUALID"
RGBA, DOUBLEBUFFER, RED, GREEN, BLUE, DEPTH, STENCIL = 4, 5, 8, 9, 10, 12, 13  # GL/glx.h
WANTED = (RGBA, DOUBLEBUFFER, RED, 8, GREEN, 8, BLUE, 8, DEPTH, 0, STENCIL, 0, 0)
DEVICE = 0x8184  # GLX_RENDERER_DEVICE_ID_MESA


class VisualInfo(ctypes.Structure):
    """The beginning of XVisualInfo."""

    _fields_ = [("visual", ctypes.c_void_p), ("id", ctypes.c_ulong), ("screen", ctypes.c_int), ("depth", ctypes.c_int)]


def choose_visual() -> None:
    """Name the kind of window to SDL, where it draws through X and Mesa by the processor; else leave it to SDL.

    Mesa's driver is loaded with it, which is most of what opening the window takes. Other threads go on meanwhile.
    """
    if HINT in os.environ or video_driver() != b"x11":
        return
    try:
        x, gl = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libGL.so.1")
    except OSError:
        return
    x.XOpenDisplay.restype = ctypes.c_void_p
    display = x.XOpenDisplay(None)
    if display:
        display = ctypes.c_void_p(display)
        screen = x.XDefaultScreen(display)
        if _is_software(gl, display, screen):
            _name(x, gl, display, screen)
        x.XCloseDisplay(display)


def draws_by_processor(renderer: bytes) -> bool:
    """Return whether this is the name that Mesa gives to drawing without a graphics card."""
    return any(name in renderer for name in SOFTWARE)


def _is_software(gl: ctypes.CDLL, display: ctypes.c_void_p, screen: int) -> bool:
    gl.glXGetProcAddressARB.restype = ctypes.c_void_p
    gl.glXQueryExtensionsString.restype = ctypes.c_char_p
    if b"GLX_MESA_query_renderer" not in (gl.glXQueryExtensionsString(display, screen) or b"").split():
        return False
    address = gl.glXGetProcAddressARB(b"glXQueryRendererStringMESA")
    query = ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_int)(address)
    device = query(display, screen, 0, DEVICE) or b""
    return draws_by_processor(device)


def _name(x: ctypes.CDLL, gl: ctypes.CDLL, display: ctypes.c_void_p, screen: int) -> None:
    gl.glXChooseVisual.restype = ctypes.POINTER(VisualInfo)
    visual = gl.glXChooseVisual(display, screen, (ctypes.c_int * len(WANTED))(*WANTED))
    # Another depth than the screen's would be a window that something could shine through.
    if visual and visual.contents.depth == x.XDefaultDepth(display, screen):
        os.environ[HINT] = hex(visual.contents.id)
    x.XFree(visual)
