"""A line icon in the colour of its place."""

from __future__ import annotations

from kivy.graphics import Color, Rectangle
from kivy.properties import ColorProperty, NumericProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.ui import pictures


class Icon(Widget):
    """A Lucide icon, `size_px` pixels square, in the middle of the widget. An empty name draws nothing."""

    name = StringProperty("")
    size_px = NumericProperty(48)
    stroke = NumericProperty(2.0)
    color = ColorProperty("#000000")

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        with self.canvas:
            self._tint = Color(1, 1, 1, 0)
            self._ink = Rectangle(size=(0, 0))
        for name in ("name", "size_px", "stroke", "color"):
            self.fbind(name, self._draw)
        for name in ("pos", "size"):
            self.fbind(name, self._place)
        self._draw()

    def _draw(self, *_) -> None:
        side = max(1, round(self.size_px))
        self._ink.texture = pictures.icon(self.name, side, self.stroke) if self.name else None
        self._ink.size = (side, side) if self.name else (0, 0)
        self._tint.rgba = self.color if self.name else (0, 0, 0, 0)
        self._place()

    def _place(self, *_) -> None:
        side = self._ink.size[0]
        self._ink.pos = (round(self.x + (self.width - side) / 2), round(self.y + (self.height - side) / 2))
