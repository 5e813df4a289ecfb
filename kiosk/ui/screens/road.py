"""The road, as large as the screen allows: a parent who knows where they are touches that place."""

from __future__ import annotations

from kivy.properties import ListProperty

from kiosk.ui.kv import load_beside
from kiosk.ui.screens.base import Screen
from kiosk.ui.visit import Place, Visit
from kiosk.ui.widgets import road, touchable, words  # noqa: F401  the kv beside this file names them
from kiosk.ui.widgets.panel import Column


class Ways(Column):
    """The other ways on: every question at once, or one after another."""

    __events__ = ("on_answer",)

    def on_answer(self) -> None: ...


class RoadScreen(Screen):
    """The stations of the flow `place.target`."""

    stages = ListProperty([])

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self.ways = Ways()
        self.ways.bind(on_answer=lambda *_: self.answer())

    def enter(self, visit: Visit) -> None:
        # Where the hand is: below the road on a high screen, beside it on a wide one.
        room = self.ids.below if self.app.theme.portrait else self.ids.beside
        if self.ways.parent is not room:
            if self.ways.parent:
                self.ways.parent.remove_widget(self.ways)
            room.add_widget(self.ways)
        flow = self.pack.flows[visit.place.target]
        self.stages = [(self.app.filled(stage.title), stage.icon) for stage in flow.stages.values()]

    def look_at(self, index: int) -> None:
        flow = self.pack.flows[self.navigation.place.target]
        self.navigation.go(Place("stage", f"{flow.id}/{list(flow.stages)[index]}"))

    def answer(self) -> None:
        """Begin with the questions."""
        self.navigation.go(Place("flow", self.navigation.place.target, start=self.navigation.place.start))


load_beside(__file__)
