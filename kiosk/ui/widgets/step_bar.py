"""How far along the call-back form is."""

from __future__ import annotations

from kivy.properties import BooleanProperty, NumericProperty

from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.panel import Panel, Row


class StepSegment(Panel):
    """One step, `done` or still to come."""

    done = BooleanProperty(False)


class StepBar(Row):
    """`at` of `steps` segments are filled. Takes no height with none."""

    steps = NumericProperty(0)
    at = NumericProperty(0)

    def on_steps(self, _bar, steps: int) -> None:
        self.clear_widgets()
        for _ in range(int(steps)):
            self.add_widget(StepSegment())
        self.on_at()

    def on_at(self, *_) -> None:
        for number, segment in enumerate(reversed(self.children), 1):
            segment.done = number <= self.at


load_beside(__file__)
