"""How long the window sleeps: until something is due or somebody touches it, and no longer."""

from __future__ import annotations

import threading
import time

import pytest
from kivy.clock import Clock

from kiosk.ui.loop import FRAME, LONGEST_WAIT

SLACK = 0.002  # seconds that the test itself may take


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

    # From the tick on: a scheduled call counts from there.
    assert 0.05 - (time.perf_counter() - Clock._last_tick) - SLACK <= waiter.seconds_to_wait(Clock) <= 0.05
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
