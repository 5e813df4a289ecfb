"""The welcome: where am I on the path? Touch anywhere starts."""

from __future__ import annotations

from kivy.properties import ListProperty, StringProperty

from kiosk.flow.model import OpensKind
from kiosk.ui.kv import load_beside
from kiosk.ui.languages import greeting
from kiosk.ui.screens.base import Screen
from kiosk.ui.visit import Visit
from kiosk.ui.widgets import road, touchable  # noqa: F401  the kv beside this file names them
from kiosk.ui.widgets.chips import Chip


def first_flow(cards) -> str:
    """Return the flow that the first card of its kind on the home screen opens."""
    return next(card.opens.target for card in cards if card.opens.kind is OpensKind.FLOW)


class Greeting(Chip):
    """ "Welcome" in the language `code`."""

    code = StringProperty("")


class WelcomeScreen(Screen):
    """Shows the first flow's road, whole, with the walker at its beginning, and greets in every language there is.

    Touching a greeting starts in its language, the sign of accessibility how to read; anywhere else starts in English.
    """

    stages = ListProperty([])
    ask = StringProperty("")

    def enter(self, visit: Visit) -> None:
        flow = self.pack.flows[first_flow(self.pack.home.cards)]
        self.stages = [(stage.label, stage.icon) for stage in flow.stages.values()]
        self.ask = self.app.filled(self.pack.home.welcome)
        if not self.ids.greetings.chips and len(self.pack.offered) > 1:
            self.ids.greetings.chips = [self._new_greeting(code) for code in self.pack.offered]

    def on_parent(self, _screen, parent) -> None:
        (self.ids.road.wake if parent else self.ids.road.rest)()

    def on_touch_down(self, touch) -> bool:
        self._touched_at(touch).state = "down"
        return True

    def on_touch_up(self, touch) -> bool:
        for each in (self.ids.start, self.ids.access, *self.ids.greetings.chips):
            each.state = "normal"
        if self.app.attention.accepts(0.4):
            self._touched_at(touch).dispatch("on_touched")
        return True

    def _touched_at(self, touch):
        """Return the greeting or the sign under the finger, else the start."""
        others = (self.ids.access, *self.ids.greetings.chips)
        return next((each for each in others if each.collide_point(*touch.pos)), self.ids.start)

    def _new_greeting(self, code: str) -> Greeting:
        chip = Greeting(code=code, text=greeting(code))
        chip.bind(on_touched=lambda *_: self.navigation.start(code))
        return chip


load_beside(__file__)
