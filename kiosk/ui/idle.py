"""Untouched for a while: a warning, then the visit is wiped (R6)."""

from __future__ import annotations

from kivy.clock import Clock
from kivy.event import EventDispatcher
from kivy.properties import BooleanProperty, NumericProperty


class IdleWatch(EventDispatcher):
    """`warning` is True while the warning stands; `seconds_left` counts down. Dispatches on_idle when they are over.

    One timer is armed for when it is due, instead of a tick a second, so that an untouched kiosk sleeps.
    """

    __events__ = ("on_idle",)
    warning = BooleanProperty(False)
    seconds_left = NumericProperty(0)

    def __init__(self, idle_seconds: int, warning_seconds: int, **kwargs) -> None:
        self.idle_seconds, self.warning_seconds = idle_seconds, warning_seconds
        self._touched_at = 0.0
        self._timer = None
        self._countdown = None
        super().__init__(**kwargs)

    def touched(self, *_) -> None:
        """Somebody is here."""
        self._touched_at = Clock.get_boottime()
        self._end_warning()
        if self._timer is None:
            self._timer = Clock.schedule_once(self._due, self.idle_seconds)

    def rest(self) -> None:
        """Nobody's visit is on the screen: nothing to watch."""
        self._end_warning()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _due(self, _dt) -> None:
        remaining = self._touched_at + self.idle_seconds - Clock.get_boottime()
        if remaining > 0.05:
            self._timer = Clock.schedule_once(self._due, remaining)
            return
        self._timer = None
        self.seconds_left = self.warning_seconds
        self.warning = True
        self._countdown = Clock.schedule_interval(self._tick, 1)

    def _tick(self, _dt) -> None:
        self.seconds_left -= 1
        if self.seconds_left <= 0:
            self._end_warning()
            self.dispatch("on_idle")

    def _end_warning(self) -> None:
        self.warning = False
        if self._countdown is not None:
            self._countdown.cancel()
            self._countdown = None

    def on_idle(self) -> None: ...
