"""What a finger can press: it looks pressed at once, acts on release inside, and does not act twice on a tremor."""

from __future__ import annotations

from kivy.app import App
from kivy.clock import Clock
from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior

from kiosk.ui.kv import load_beside
from kiosk.ui.widgets import icon, words  # noqa: F401  the kv beside this file names them
from kiosk.ui.widgets.panel import Panel

DEBOUNCE = 0.4  # seconds, KIVY.md "Touch"


class Attention:
    """Remembers when the last touch acted, so that the second half of a double tap does not press what came under it."""

    def __init__(self) -> None:
        self._acted_at = float("-inf")

    def accepts(self, patience: float) -> bool:
        now = Clock.get_boottime()
        if now - self._acted_at < patience:
            return False
        self._acted_at = now
        return True


class Touchable(ButtonBehavior, Panel):
    """A panel that can be pressed. `patience` seconds must lie between this touch and the last one that acted."""

    __events__ = ("on_touched",)
    foreground = ColorProperty("#000000")
    patience = NumericProperty(DEBOUNCE)
    pressed = BooleanProperty(False)
    enabled = BooleanProperty(True)

    def on_state(self, _widget, state: str) -> None:
        self.pressed = state == "down"
        if self.pressed:
            App.get_running_app().quick_paint.only(self)

    def on_touch_down(self, touch):
        return self.enabled and super().on_touch_down(touch)

    def on_release(self) -> None:
        if App.get_running_app().attention.accepts(self.patience):
            self.dispatch("on_touched")

    def on_touched(self) -> None: ...


class BarButton(Touchable):
    """A button of the top or bottom bar: an icon, words, or both. As wide as they are where it `hugs`.

    `letters` are their size in the design: they grow with the text size up to `growth`, as a bar has only so much room.
    Words wider than `widest` pixels stand in two lines; 0 keeps them in one. It is never under `narrowest`.
    """

    icon = StringProperty("")
    text = StringProperty("")
    # Not label_px itself: of two rules for it the one of the base class may well be the last to act.
    letters = NumericProperty(32)
    growth = NumericProperty(1.3)
    label_px = NumericProperty(32)
    hugs = BooleanProperty(True)
    widest = NumericProperty(0)
    label_height = NumericProperty(0)
    narrowest = NumericProperty(0)


class MainButton(BarButton):
    """The one thing to do next on a screen: wide, in the colour of the path."""


load_beside(__file__)
