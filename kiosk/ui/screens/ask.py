"""The shape of a screen that asks one thing: the question, where to answer it, and one large button to go on."""

from __future__ import annotations

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.ui.kv import load_beside
from kiosk.ui.screens.base import Screen
from kiosk.ui.widgets import error_line, step_bar, touchable  # noqa: F401  the kv beside this file names them
from kiosk.ui.widgets.words import Words


class Subheading(Words):
    """What the choices below it are about. Not left alone at the foot of a page."""

    stays = True


class AskScreen(Screen):
    """Asks `ask`. `trouble` stands beside the answer, in words. Where there are `steps`, a bar shows this is number `at`.

    A subclass puts what is answered into `ids.answer` (a field) or `ids.tools` (keys, choices), further buttons into
    `ids.extra`, and says in `go_on` what the large button does.
    """

    ask = StringProperty("")
    hint = StringProperty("")
    trouble = StringProperty("")
    steps = NumericProperty(0)
    at = NumericProperty(0)
    next_label = StringProperty("")
    next_icon = StringProperty("arrow-right")
    ready = BooleanProperty(True)

    def go_on(self) -> None:
        """The large button was pressed."""
        raise NotImplementedError

    def fill(self, place: str, *widgets: Widget) -> None:
        """Stand `widgets` in one of the screen's places: answer, tools, extra or aside."""
        for widget in widgets:
            self.ids[place].add_widget(widget)


load_beside(__file__)
