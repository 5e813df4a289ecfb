"""Where the answers led: the place on the road, what to do next, who helps."""

from __future__ import annotations

from kiosk.flow.walk import stage_index
from kiosk.ui.screens.advice import AdviceScreen
from kiosk.ui.visit import Place, Visit


class OutcomeScreen(AdviceScreen):
    """An outcome of a flow, with the large road above it: any station can be looked at."""

    def enter(self, visit: Visit) -> None:
        flow, outcome = self.pack.flows[visit.place.target], self.navigation.node
        self.stages = [(stage.label, stage.icon) for stage in flow.stages.values()]
        self.has_road, self.guarded = True, outcome.money or outcome.private
        self.topic = outcome.topic
        self.ids.road.walk_to(stage_index(flow, outcome))
        self.present((flow.id, outcome.id, self.reading(visit)), lambda: self._blocks(outcome, visit.place))

    def look_at(self, index: int) -> None:
        """A station was pressed: show what it is like there."""
        flow = self.pack.flows[self.navigation.place.target]
        self.navigation.go(Place("stage", f"{flow.id}/{list(flow.stages)[index]}"))

    def _blocks(self, outcome, place: Place) -> list:
        words, takes = self.app.words, self.notes.of(place) is not None
        here = self.tag("map-pin", words("You are here"))
        # Large letters leave no room for it on the first line.
        beside = takes and self.app.theme.text_scale == 1
        if beside:
            here.add_widget(self.take_link())
        here.add_widget(self.link("map", words("See my way"), self.navigation.open_map))
        return [
            *self.begin(here, self.title(outcome.title)),
            *self.advice((outcome.say,), outcome.next, outcome.helpers, outcome.money),
            *([self.take_away()] if takes and not beside else []),
        ]
