"""The program's memory: what is there for good is not searched again and again, and what a visit took goes back after it."""

from __future__ import annotations

import ctypes
import gc
import sys

OLD = (20_000, 20, 20)  # objects, and collections, until the next: a screen is thousands of small ones
MUCH = 3  # times 20,000 objects, made since it was last tidied up: some six screens
ARENA_MAX, MMAP_THRESHOLD, TRIM_THRESHOLD = -8, -3, -1  # mallopt(3)
LARGE = 256 * 1024  # bytes


def give_back_what_is_freed() -> None:
    """Have the C library keep one heap for all threads, and the pictures that are large outside it, as far as it is glibc.

    Left alone it keeps a heap for each thread that ever drew, and what was once the size of a screen for good.
    """
    mallopt = _of_glibc("mallopt")
    if mallopt:
        for option, value in ((ARENA_MAX, 1), (MMAP_THRESHOLD, LARGE), (TRIM_THRESHOLD, LARGE)):
            mallopt(option, value)


def settle() -> None:
    """Take all that is here now for what stays: the collector looks through it no more (KIVY.md "Long runs")."""
    release_shader_compiler()
    tidy()
    gc.freeze()
    gc.set_threshold(*OLD)


def release_shader_compiler() -> None:
    """Have OpenGL let go of its compiler's tables, six megabytes in Mesa: every shader there is was compiled with the window.

    Should another come, they are made anew.
    """
    from kiosk.ui.sdl import load_sdl

    sdl = load_sdl()
    # Not through Kivy, which leaves this one out where OpenGL is that of a desktop, and crashes.
    sdl.SDL_GL_GetProcAddress.restype = ctypes.c_void_p
    address = sdl.SDL_GL_GetProcAddress(b"glReleaseShaderCompiler")
    if address:
        ctypes.CFUNCTYPE(None)(address)()


def holds_much() -> bool:
    """Return whether so much was made since the last `tidy` that what of it was dropped meanwhile may be large.

    Widgets are cycles, which only the collector frees; left to itself it would let hundreds of screens gather first, and
    memory once taken for them is in too small pieces to be given back.
    """
    _youngest, younger, older = gc.get_count()
    return older * OLD[1] + younger >= MUCH


def tidy() -> None:
    """Free the widgets and pictures that nothing shows any more. Takes a tenth of a second."""
    from kivy.graphics.context import get_context

    gc.collect()
    # Kivy would delete the pictures with the next frame: then they are not there yet to be given back.
    get_context().gl_dealloc()
    trim = _of_glibc("malloc_trim")
    if trim:
        trim(0)


def _of_glibc(name: str):
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
