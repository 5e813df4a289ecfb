"""Words on the screen: one paragraph, its height its own."""

from __future__ import annotations

from kivy.app import App
from kivy.graphics import Color, Rectangle
from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, OptionProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.ui import text as typesetting


class Words(Widget):
    """A paragraph in `width` pixels. `height` follows the text when `own_height`; `natural_width` is its ink's width,
    `natural_height` its lines' height.

    `text` may hold **bold**. `align` is low, centre or high in reading direction; `valign` top, middle or bottom.
    """

    text = StringProperty("")
    size_px = NumericProperty(30)
    color = ColorProperty("#000000")
    bold = BooleanProperty(False)
    align = OptionProperty("low", options=("low", "centre", "high"))
    valign = OptionProperty("middle", options=("top", "middle", "bottom"))
    own_height = BooleanProperty(True)
    hugs = BooleanProperty(False)
    widest = NumericProperty(0)
    natural_width = NumericProperty(0)
    natural_height = NumericProperty(0)

    def __init__(self, **kwargs) -> None:
        self._paragraph = None
        super().__init__(**kwargs)
        with self.canvas:
            self._tint = Color(1, 1, 1, 0)
            self._ink = Rectangle(size=(0, 0))
        for name in ("text", "size_px", "bold", "align", "width", "hugs", "widest"):
            self.fbind(name, self._lay_out)
        for name in ("pos", "height", "valign"):
            self.fbind(name, self._place)
        self.fbind("color", self._colour)
        self.fbind("own_height", self._own)
        self._own()

    @property
    def paragraph(self):
        """The laid-out text with its measures, None before the first layout."""
        return self._paragraph

    def _own(self, *_) -> None:
        self.size_hint_y = None if self.own_height else 1
        self._lay_out()

    def lay_out_again(self) -> None:
        """The page runs the other way now."""
        self._lay_out()

    def prepare(self, text: str) -> None:
        """Draw another text as this one is drawn, so that it is at hand when it is put in its place."""
        self._drawn(text)

    def _drawn(self, text: str):
        width = int(self.widest or 10_000) if self.hugs else int(self.width)
        return typesetting.draw(
            text,
            max(1, round(self.size_px)),
            width,
            self.bold,
            "low" if self.hugs else self.align,
            App.get_running_app().theme.mirrored,
        )

    def _lay_out(self, *_) -> None:
        self._paragraph, texture = self._drawn(self.text)
        self._ink.texture = texture
        self._ink.size = (self._paragraph.ink_width, self._paragraph.ink_height) if texture else (0, 0)
        self.natural_width, self.natural_height = self._paragraph.ink_width, self._paragraph.height
        if self.hugs:
            self.size_hint_x, self.width = None, self.natural_width
        if self.own_height:
            self.height = self._paragraph.height if self.text else 0
        self._colour()
        self._place()

    def _colour(self, *_) -> None:
        self._tint.rgba = self.color if self._ink.texture else (0, 0, 0, 0)

    def _place(self, *_) -> None:
        p = self._paragraph
        spare = self.height - p.height
        # Not self.top: that alias is still the old one while x or y is being dispatched.
        top = self.y + self.height - {"top": 0, "middle": spare / 2, "bottom": spare}[self.valign]
        x = self.x if self.hugs else self.x + p.ink_x
        # Whole pixels: letters between two pixels are blurred.
        self._ink.pos = (round(x), round(top - p.ink_y - p.ink_height))
