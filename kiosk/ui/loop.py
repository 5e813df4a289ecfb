"""Wake on input, sleep otherwise.

Kivy's own clock sleeps out the frame before it looks at SDL's queue, and acts on what it found only one sleep later. This
one sleeps inside SDL until an event or the next scheduled call, so a touch is painted by the very next frame.
"""

from __future__ import annotations

import ctypes
import math
from types import MethodType

from kivy.base import EventLoop
from kivy.clock import Clock

from kiosk.ui.sdl import load_sdl

LONGEST_WAIT = 0.1  # seconds; what a call scheduled from another thread waits at worst when nobody wakes the loop
FRAME = 1 / 60
USER_EVENT = 0x8000  # SDL_USEREVENT
LAST_EVENT = 0xFFFF  # SDL_LASTEVENT
ADD_EVENT = 0  # SDL_ADDEVENT
EVENT_BYTES = 56  # sizeof(SDL_Event) in SDL 2


class Waiter:
    """Stands in for the clock's `idle`: waits in SDL, hands the window what came, and returns at once."""

    def __init__(self, window) -> None:
        self.window = window
        self.sdl = load_sdl()

    def install(self) -> None:
        Clock.idle = MethodType(lambda clock: self.idle(clock), Clock)

    def remove(self) -> None:
        """Give the clock its own way of sleeping back."""
        vars(Clock).pop("idle", None)

    def idle(self, clock) -> float:
        wait = self.seconds_to_wait(clock)
        if wait > 0:
            # Rounded up: a millisecond too early, and the call that is due would wait once more.
            self.sdl.SDL_WaitEventTimeout(None, math.ceil(wait * 1000))
        self.window.mainloop()
        now = clock.time()
        clock._dt = now - clock._last_tick
        clock._last_tick = now
        return now

    def seconds_to_wait(self, clock) -> float:
        """Until the next scheduled call, never past LONGEST_WAIT; a running animation gets 60 frames a second.

        Nothing where something came already: Kivy also looks at SDL's queue after each frame, and what lifted or was pressed
        while that frame was painted is then no longer in it.
        """
        if self.window.canvas.needs_redraw or any(
            getattr(each, "waiting_event", None) for each in EventLoop.input_providers
        ):
            return 0.0
        # A moment on the clock, not a time from now; 0 for whatever wants the next frame.
        due = clock.get_min_timeout()
        return min(max(due, clock._last_tick + FRAME) - clock.time(), LONGEST_WAIT)

    def wake(self) -> None:
        """End the wait now. May be called from any thread."""
        event = ctypes.create_string_buffer(EVENT_BYTES)
        ctypes.cast(event, ctypes.POINTER(ctypes.c_uint32))[0] = USER_EVENT
        # SDL_PushEvent would hold a lock of SDL's while Kivy's filter of events waits for Python's; a thread that has Python's and
        # resizes the window waits for SDL's, and neither ever goes on. To add an event asks no filter.
        self.sdl.SDL_PeepEvents(event, 1, ADD_EVENT, USER_EVENT, LAST_EVENT)
