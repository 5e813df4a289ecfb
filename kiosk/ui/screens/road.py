"""The road, as large as the screen allows: a parent who knows where they are touches that place."""

from __future__ import annotations

from kivy.properties import ListProperty

from kiosk.ui.kv import load_beside
from kiosk.ui.screens.base import Screen
from kiosk.ui.visit import Place, Visit
from kiosk.ui.widgets import road, touchable, words  # noqa: F401  the kv beside this file names them


class RoadScreen(Screen):
    """The stations of the flow `place.target`."""

    stages = ListProperty([])

    def enter(self, visit: Visit) -> None:
        flow = self.pack.flows[visit.place.target]
        self.stages = [(self.app.filled(stage.title), stage.icon) for stage in flow.stages.values()]

    def look_at(self, index: int) -> None:
        flow = self.pack.flows[self.navigation.place.target]
        self.navigation.go(Place("stage", f"{flow.id}/{list(flow.stages)[index]}"))

    def answer(self) -> None:
        """Begin with the questions."""
        self.navigation.go(Place("flow", self.navigation.place.target, start=self.navigation.place.start))


load_beside(__file__)
