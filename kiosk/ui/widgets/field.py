"""What is typed, as large as it fits."""

from __future__ import annotations

from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from kiosk.reading_order import runs_right_to_left
from kiosk.ui.kv import load_beside
from kiosk.ui.widgets import words  # noqa: F401  the kv beside this file names it
from kiosk.ui.widgets.panel import Ground

SPACE = 0.28  # width of a space in font sizes: the ink of a text ends before it, the caret does not


class Field(Ground, BoxLayout):
    """Shows `text` with the caret behind it, in an outline that tells when it is `faulty`. Not a place of input itself.

    Letters are `largest_px` pixels high and shrink so that the longest name is not cut. The text runs as its letters do,
    whatever the page does; while there is none, `begins_right` says where the caret waits. It is not read aloud: others
    may hear.
    """

    spoken = False
    text = StringProperty("")
    faulty = BooleanProperty(False)
    begins_right = BooleanProperty(False)
    largest_px = NumericProperty(64)

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        for name in ("text", "largest_px", "width"):
            self.fbind(name, self._fit)
        for name in ("text", "begins_right"):
            self.fbind(name, self._trigger_layout)
        self._fit()

    @property
    def runs_right(self) -> bool:
        return runs_right_to_left(self.text) if self.text else self.begins_right

    def do_layout(self, *args) -> None:
        super().do_layout(*args)
        if self.runs_right:
            for child in self.children:
                child.x = self.x + self.right - child.right

    def _fit(self, *_) -> None:
        ink = self.ids.ink
        room = max(1, self.width - 2 * self.padding[0] - self.largest_px)
        ink.size_px, ink.text = self.largest_px, self.text
        if ink.natural_width > room:
            ink.size_px = int(self.largest_px * room / ink.natural_width)
        trailing = len(self.text) - len(self.text.rstrip())
        self.ids.gap.width = ink.size_px * SPACE * trailing + 6

    def forget(self) -> None:
        self.text = ""


load_beside(__file__)
