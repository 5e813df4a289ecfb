"""Close the programme? Asked once more, so that nobody closes it by a slip."""

from __future__ import annotations

from kivy.properties import BooleanProperty

from kiosk.ui.screens.ask import AskScreen
from kiosk.ui.visit import Visit


class StaffCloseScreen(AskScreen):
    """Back keeps it open."""

    offers_call = BooleanProperty(False)

    def enter(self, visit: Visit) -> None:
        words = self.app.words
        self.ask = words("Close the kiosk programme?")
        self.hint = words("Parents cannot use it until it is started again. No request is lost: all of them stay here.")
        self.next_label, self.next_icon = words("Yes, close it"), "power"

    def go_on(self) -> None:
        self.app.stop()
