"""The welcome: where am I on the path? Touch anywhere starts."""

from __future__ import annotations

from kivy.properties import ListProperty, StringProperty

from kiosk.flow.model import OpensKind
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.base import Screen
from kiosk.ui.visit import Place, Visit
from kiosk.ui.widgets import road, touchable  # noqa: F401  the kv beside this file names them


def first_flow(cards) -> str:
    """Return the flow that the first card of its kind on the home screen opens."""
    return next(card.opens.target for card in cards if card.opens.kind is OpensKind.FLOW)


class WelcomeScreen(Screen):
    """Shows the first flow's road, whole, with the walker at its beginning."""

    stages = ListProperty([])
    ask = StringProperty("")

    def enter(self, visit: Visit) -> None:
        flow = self.pack.flows[first_flow(self.pack.home.cards)]
        self.stages = [(stage.label, stage.icon) for stage in flow.stages.values()]
        self.ask = self.app.filled(self.pack.home.welcome)

    def on_parent(self, _screen, parent) -> None:
        (self.ids.road.wake if parent else self.ids.road.rest)()

    def on_touch_down(self, touch) -> bool:
        self.ids.start.state = "down"
        return True

    def on_touch_up(self, touch) -> bool:
        self.ids.start.state = "normal"
        if self.app.attention.accepts(0.4):
            self.navigation.go(Place("home"))
        return True


load_beside(__file__)
