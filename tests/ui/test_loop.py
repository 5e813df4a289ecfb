"""How long the window sleeps: until something is due or somebody touches it, and no longer."""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest
from kivy.clock import Clock

from kiosk.ui.loop import FRAME, LONGEST_WAIT
from tests.processes import PATIENCE


@pytest.fixture
def waiter(kiosk):
    """The kiosk's own, with nothing due and nothing to paint."""
    kiosk.settle()
    for event in Clock.get_events():
        event.cancel()
    return kiosk.app.waiter


def test_with_nothing_due_it_sleeps_as_long_as_it_may(waiter):
    assert waiter.seconds_to_wait(Clock) == LONGEST_WAIT


def test_it_wakes_for_a_call_that_is_due_sooner(waiter):
    due = Clock.schedule_once(lambda _dt: None, 0.05)

    seconds = waiter.seconds_to_wait(Clock)

    # From the tick on: a scheduled call counts from there.
    assert 0.05 - (time.perf_counter() - Clock._last_tick) <= seconds <= 0.05
    due.cancel()


def test_a_call_with_every_frame_has_sixty_of_them(waiter):
    due = Clock.schedule_interval(lambda _dt: None, 0)

    assert waiter.seconds_to_wait(Clock) <= FRAME
    due.cancel()


@pytest.mark.parametrize("what", ["on_mouse_down", "on_mouse_up"])
def test_what_was_touched_while_a_frame_was_painted_waits_for_nothing(kiosk, waiter, what):
    if what == "on_mouse_up":
        kiosk.window.dispatch("on_mouse_down", 5, 5, "left", [])
        kiosk.step()
    kiosk.window.dispatch(what, 5, 5, "left", [])

    assert waiter.seconds_to_wait(Clock) == 0


def test_what_is_to_be_painted_anew_waits_for_nothing(kiosk, waiter):
    kiosk.window.canvas.ask_update()

    assert waiter.seconds_to_wait(Clock) == 0


def test_another_thread_ends_the_wait_at_once(kiosk, waiter):
    while waiter.sdl.SDL_WaitEventTimeout(None, 0):
        waiter.window.mainloop()
    began = time.perf_counter()
    threading.Timer(0.1, waiter.wake).start()

    assert waiter.sdl.SDL_WaitEventTimeout(None, 20_000) == 1
    assert time.perf_counter() - began < 10
    waiter.window.mainloop()


# Whoever looks at an event of ours lets go of Python for a moment, as Kivy's filter of events does while it waits for it.
WAKING = """
import ctypes, threading, time
from kiosk.ui.loop import USER_EVENT, Waiter
from kivy.core.window import Window

@ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(ctypes.c_uint32))
def look(_data, kind):
    if kind[0] == USER_EVENT:
        time.sleep(0.001)
    return 1

waiter, is_over = Waiter(Window), threading.Event()
waiter.sdl.SDL_AddEventWatch(look, None)

def keep_waking():
    while not is_over.is_set():
        waiter.wake()

waking = threading.Thread(target=keep_waking, daemon=True)
waking.start()
for width in range(400, 420):
    time.sleep(0.001)
    Window._size = width, 300
    Window.create_window()
is_over.set()
waking.join()
print("went on")
"""


def test_another_thread_may_wake_a_window_that_is_being_resized():
    done = subprocess.run([sys.executable, "-c", WAKING], capture_output=True, text=True, timeout=PATIENCE)

    assert (done.returncode, done.stdout) == (0, "went on\n"), done.stderr
