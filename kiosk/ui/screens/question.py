"""One question of a flow, with the road and where one stands on it."""

from __future__ import annotations

from kivy.properties import ListProperty, StringProperty

from kiosk.flow.walk import stage_index
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.base import Screen
from kiosk.ui.visit import Visit
from kiosk.ui.widgets import pages, road, tag  # noqa: F401  the kv beside this file names them
from kiosk.ui.widgets.card import Card

UNSURE = "circle-question-mark"


class QuestionScreen(Screen):
    """Each answer is a card; answering dispatches to navigation, which knows where it leads."""

    stages = ListProperty([])
    flow_title = StringProperty("")
    flow_icon = StringProperty("route")
    ask = StringProperty("")
    hint = StringProperty("")

    def __init__(self, **kwargs) -> None:
        self._question = None
        super().__init__(**kwargs)

    def enter(self, visit: Visit) -> None:
        flow, question = self.pack.flows[visit.place.target], self.navigation.node
        self.stages = [(stage.label, stage.icon) for stage in flow.stages.values()]
        self.ids.road.walk_to(stage_index(flow, question))
        self.flow_title, self.flow_icon = self.app.filled(flow.title), flow.icon
        self.ask, self.hint = self.app.filled(question.ask), self.app.filled(question.hint)
        self.guarded = question.money or question.private
        if question is not self._question:
            self._question = question
            self.ids.pages.blocks = [self._card(answer) for answer in question.answers]

    def _card(self, answer) -> Card:
        card = Card(
            title=self.app.filled(answer.say),
            icon=answer.icon,
            tone="quiet" if answer.icon == UNSURE else "plain",
            least=self.app.theme.unit * (116 if self.app.theme.portrait else 96),
            grows=self.app.theme.unit * 232,
        )
        card.bind(on_touched=lambda *_: self.navigation.answer(self._question.id, answer.id))
        return card

    def forget(self) -> None:
        self._question = None
        self.ids.pages.blocks = []


load_beside(__file__)
