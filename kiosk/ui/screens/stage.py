"""A station of the road: what it is like to be here, what to do, who helps, and the way on."""

from __future__ import annotations

from kiosk.flow.model import Flow, Stage
from kiosk.flow.stations import first_question_at, topic_at
from kiosk.ui.screens.advice import AdviceScreen
from kiosk.ui.visit import Place, Visit
from kiosk.ui.widgets.card import Card


class StageScreen(AdviceScreen):
    """A station looked at: `place.target` is flow/stage."""

    def enter(self, visit: Visit) -> None:
        flow, stage = self._looked_at(visit.place)
        self.stages = [(each.label, each.icon) for each in flow.stages.values()]
        self.has_road, self.guarded = True, stage.money or stage.private
        self.topic = topic_at(flow, stage.id)
        self.ids.road.walk_to(list(flow.stages).index(stage.id))
        self.present((visit.place.target, self.reading(visit)), lambda: self._blocks(flow, stage, visit.place))

    def look_at(self, index: int) -> None:
        flow, _stage = self._looked_at(self.navigation.place)
        self.navigation.look_instead(Place("stage", f"{flow.id}/{list(flow.stages)[index]}"))

    def _looked_at(self, place: Place) -> tuple[Flow, Stage]:
        flow_id, stage_id = place.target.split("/")
        flow = self.pack.flows[flow_id]
        return flow, flow.stages[stage_id]

    def _blocks(self, flow: Flow, stage: Stage, place: Place) -> list:
        takes, large = self.notes.of(place) is not None, self.app.theme.text_scale > 1
        above = self.tag(flow.icon, self.app.filled(flow.title), tone="quiet")
        if takes:
            above.add_widget(self.take_link())
        return [
            # Large letters leave no room for the line: then a card stands at the end.
            *([self.title(stage.title)] if large else self.begin(above, self.title(stage.title))),
            # The way on before the people: it is on the first page then.
            *self.advice((stage.say,), stage.next, stage.helpers, stage.money, onward=(self._way_on(flow, stage),)),
            *([self.take_away()] if takes and large else []),
        ]

    def _way_on(self, flow: Flow, stage: Stage) -> Card:
        """The questions, from this station where one is asked here, else from the beginning."""
        question_id = first_question_at(flow, stage.id)
        here = question_id and question_id != flow.start
        words = self.app.words("Answer the questions from here") if here else self.app.words("Answer the questions")
        card = Card(
            title=words,
            hint=self.app.words("Then we can tell you more"),
            icon="route",
            tone="path",
            compact=self.columns > 1,
            least=self.app.theme.unit * 116,
            grows=self.app.theme.unit * 150,
        )
        start = question_id if here else ""
        card.bind(on_touched=lambda *_: self.navigation.go(Place("flow", flow.id, start=start)))
        return card
