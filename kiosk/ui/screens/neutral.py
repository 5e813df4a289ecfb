"""What "Leave this page" shows at once: a screen that anybody in reception might be looking at (R9)."""

from __future__ import annotations

from kivy.clock import Clock

from kiosk.ui.kv import load_beside
from kiosk.ui.screens.base import Screen
from kiosk.ui.visit import Visit
from kiosk.ui.widgets import icon, words  # noqa: F401  the kv beside this file names them

STAYS = 20  # seconds until the welcome comes back by itself


class NeutralScreen(Screen):
    """The centre's name and a greeting. The next touch, or a while, brings the welcome."""

    def enter(self, visit: Visit) -> None:
        Clock.unschedule(self._go_on)
        Clock.schedule_once(self._go_on, STAYS)

    def spots(self) -> list[tuple]:
        """All of it, as a touch anywhere goes on."""
        return [("", (self.x, self.y, self.width, self.height), self._go_on)]

    def on_touch_up(self, touch) -> bool:
        if self.app.attention.accepts(0.4):
            self._go_on()
        return True

    def _go_on(self, *_) -> None:
        Clock.unschedule(self._go_on)
        if self.navigation.screen == "neutral":
            self.navigation.finish()


load_beside(__file__)
