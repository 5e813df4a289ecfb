"""Words that do something when a finger rests on them: known to staff, not found by a child's taps."""

from __future__ import annotations

from kivy.clock import Clock
from kivy.properties import NumericProperty

from kiosk.ui.widgets.words import Words


class HeldWords(Words):
    """Dispatches on_held once a finger has stayed on them for `seconds`."""

    __events__ = ("on_held",)
    seconds = NumericProperty(5)

    def __init__(self, **kwargs) -> None:
        self._due = None
        super().__init__(**kwargs)

    def on_touch_down(self, touch) -> bool:
        self._let_go()
        if self.collide_point(*touch.pos):
            self._due = Clock.schedule_once(lambda _dt: self.dispatch("on_held"), self.seconds)
        return super().on_touch_down(touch)

    def on_touch_move(self, touch) -> bool:
        if not self.collide_point(*touch.pos):
            self._let_go()
        return super().on_touch_move(touch)

    def on_touch_up(self, touch) -> bool:
        self._let_go()
        return super().on_touch_up(touch)

    def _let_go(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def on_held(self) -> None: ...
