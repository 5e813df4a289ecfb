"""Rounded grounds with a single soft shadow, drawn from nine patches so that corners are smooth without multisampling."""

from __future__ import annotations

from kivy.app import App
from kivy.graphics import BorderImage, Color
from kivy.properties import ColorProperty, NumericProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from kiosk.ui import pictures


class Ground(Widget):
    """Behaviour of a widget that stands on a rounded ground. `drop` is the shadow's fall in pixels, 0 for none.

    `veil` lies over the ground: the colour of a finger on it.
    """

    ground = ColorProperty("#00000000")
    shadow = ColorProperty("#00000000")
    outline = ColorProperty("#00000000")
    outline_px = NumericProperty(0)
    veil = ColorProperty("#00000000")
    radius = NumericProperty(24)
    drop = NumericProperty(0)

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        with self.canvas.before:
            self._shadow_tint = Color(0, 0, 0, 0)
            self._shadow = BorderImage()
            self._ground_tint = Color(0, 0, 0, 0)
            self._ground = BorderImage()
            self._veil_tint = Color(0, 0, 0, 0)
            self._veil = BorderImage()
            self._outline_tint = Color(0, 0, 0, 0)
            self._outline = BorderImage()
        for name in ("ground", "shadow", "outline", "veil"):
            self.fbind(name, self._tint_ground)
        for name in ("pos", "size", "radius", "drop", "outline_px"):
            self.fbind(name, self._place_ground)
        self._tint_ground()
        self._place_ground()

    def _tint_ground(self, *_) -> None:
        self._ground_tint.rgba, self._veil_tint.rgba = self.ground, self.veil
        self._shadow_tint.rgba = self.shadow if self.drop else (0, 0, 0, 0)
        self._outline_tint.rgba = self.outline if self.outline_px else (0, 0, 0, 0)

    def _place_ground(self, *_) -> None:
        radius = max(1, min(round(self.radius), int(min(self.width, self.height) / 2) or 1))
        x, y, width, height = (round(n) for n in (self.x, self.y, self.width, self.height))
        for image, fall in ((self._shadow, round(self.drop)), (self._ground, 0), (self._veil, 0)):
            image.texture = pictures.rounded(radius)
            image.border = (radius,) * 4
            image.pos, image.size = (x, y - fall), (width, height)
        stroke = max(1, round(self.outline_px))
        self._outline.texture = pictures.ring(radius, stroke)
        self._outline.border = (radius,) * 4
        self._outline.pos, self._outline.size = (x, y), (width, height)
        self._tint_ground()


class Row(BoxLayout):
    """A horizontal box that runs in reading direction: mirrored where the language is right to left."""

    def do_layout(self, *args) -> None:
        super().do_layout(*args)
        if self.orientation == "horizontal" and App.get_running_app().theme.mirrored:
            for child in self.children:
                child.x = self.x + self.right - child.right


class Panel(Ground, Row):
    """A row on a ground."""


class Column(BoxLayout):
    """A vertical box as tall as what it holds."""

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("size_hint_y", None)
        super().__init__(orientation="vertical", **kwargs)

    def on_minimum_height(self, _column, height: float) -> None:
        if self.size_hint_y is None:
            self.height = height
