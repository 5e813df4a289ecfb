"""The whole flowchart as a map, with the parent's own way on it. A question that was answered can be asked again."""

from __future__ import annotations

from kivy.app import App
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.flow.model import Question
from kiosk.flow.walk import find_place, where
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.base import Screen
from kiosk.ui.visit import Place, Visit
from kiosk.ui.widgets import flow_map, tag, words  # noqa: F401  the kv beside this file names them
from kiosk.ui.widgets.panel import Panel
from kiosk.ui.widgets.touchable import BarButton

SIDES = ((-1, 0), (0, -1), (0, 1), (1, 0))
ARROWS = ("arrow-left", "arrow-up", "arrow-down", "arrow-right")


class MapArrow(BarButton):
    """Moves the map; `there` says whether there is more to that side."""

    there = BooleanProperty(False)


class FindMe(BarButton):
    """Brings the parent's own place back to the middle."""


class MapNote(Panel):
    """What a touched place of the map is, and what can be done there. Without a `title` it is not there."""

    __events__ = ("on_again", "on_station", "on_closed")
    above = StringProperty("")
    title = StringProperty("")
    below = StringProperty("")

    def offer(self, again: bool) -> None:
        """Put the choices in: to answer anew where that is possible, else to look at the station."""
        say = App.get_running_app().words
        self.ids.choices.clear_widgets()
        if again:
            self._add("undo-2", say("Change this answer"), "on_again", main=True)
        else:
            self._add("map-pin", say("What helps here"), "on_station", main=True)
        self._add("x", say("Close"), "on_closed")

    def _add(self, icon: str, text: str, event: str, main: bool = False) -> None:
        theme = App.get_running_app().theme
        button = BarButton(icon=icon, text=text)
        button.ground, button.foreground = (theme.path, theme.path_ink) if main else (theme.mist, theme.path)
        button.height, button.drop = max(theme.unit * 100, theme.finger), 0
        button.bind(on_touched=lambda *_: self.dispatch(event))
        self.ids.choices.add_widget(button)

    def on_again(self) -> None: ...

    def on_station(self) -> None: ...

    def on_closed(self) -> None: ...


class MapScreen(Screen):
    """The flow of the place, whole."""

    flow_title = StringProperty("")
    flow_icon = StringProperty("route")
    touched_stage = StringProperty("")
    names_flow = BooleanProperty(True)
    head_height = NumericProperty(0)

    def __init__(self, **kwargs) -> None:
        self._touched = self._place = None
        super().__init__(**kwargs)
        self._arrows = [MapArrow(icon=icon) for icon in ARROWS]
        for arrow, side in zip(self._arrows, SIDES, strict=True):
            arrow.bind(on_touched=lambda _arrow, side=side: self.ids.flow_map.pan(*side))
        self._find_me = FindMe()
        self._find_me.bind(on_touched=lambda *_: self.find_me())

    def enter(self, visit: Visit) -> None:
        flow = self.pack.flows[visit.place.target]
        self.flow_title, self.flow_icon = self.app.filled(flow.title), flow.icon
        here = where(flow, visit.place.answers, visit.place.start or None)
        self.guarded = here.money or here.private
        if visit.place != self._place:
            self._place = visit.place
            self.close_note()
            self.ids.flow_map.sees_all = False
        self.ids.flow_map.show(flow, visit.place.answers, visit.place.start)

    def forget(self) -> None:
        self._touched = self._place = None
        self.close_note()
        self.ids.flow_map.forget()

    def touch_node(self, node_id: str) -> None:
        """Say large what stands there, and what was answered."""
        visit, note = self.navigation.visit, self.ids.note
        flow = self.pack.flows[visit.place.target]
        node = find_place(flow, node_id)
        answered = dict(visit.place.answers).get(node_id)
        here = where(flow, visit.place.answers, visit.place.start or None).id == node_id
        self._touched, self.touched_stage = node_id, node.stage
        note.above = self.app.words("You are here") if here else self.app.filled(flow.stages[node.stage].title)
        note.title = self.app.filled(node.ask if isinstance(node, Question) else node.title)
        note.below = self._answer_words(node, answered) if answered else ""
        note.offer(again=answered is not None)
        self.ids.flow_map.go_to(node_id)

    def _answer_words(self, question: Question, answered: str) -> str:
        said = next(answer.say for answer in question.answers if answer.id == answered)
        return self.app.words("You said: {answer}").format(answer=self.app.filled(said))

    def touch_station(self, stage_id: str) -> None:
        self.navigation.go(Place("stage", f"{self.navigation.place.target}/{stage_id}"))

    def ask_again(self) -> None:
        self.navigation.ask_again(self._touched)

    def close_note(self) -> None:
        note = self.ids.note
        note.above = note.title = note.below = ""
        note.ids.choices.clear_widgets()

    def find_me(self) -> None:
        """Bring the place where the parent stands back to the middle."""
        place = self.navigation.place
        self.ids.flow_map.go_to(where(self.pack.flows[place.target], place.answers, place.start or None).id)

    def change_zoom(self) -> None:
        self.ids.flow_map.sees_all = not self.ids.flow_map.sees_all
        self.update_arrows()

    def look_nearer(self, node_id: str) -> None:
        """A place of the whole map was touched: show that part large, where it can be told from its neighbours."""
        self.ids.flow_map.sees_all = False
        self.ids.flow_map.go_to(node_id)

    def update_arrows(self) -> None:
        """Arrows to the sides where there is more; a pair that leads nowhere is not there."""
        for arrow, side in zip(self._arrows, SIDES, strict=True):
            arrow.there = self.ids.flow_map.has_more(*side)
        left, up, down, right = self._arrows
        across = [left, right] if left.there or right.there else []
        along = [up, down] if up.there or down.there else []
        wanted = [*across[:1], *along[:1], self._find_me, *along[1:], *across[1:]]
        if self.ids.arrows.children[::-1] != wanted:
            self.ids.arrows.clear_widgets()
            for widget in wanted:
                self.ids.arrows.add_widget(widget)


load_beside(__file__)
