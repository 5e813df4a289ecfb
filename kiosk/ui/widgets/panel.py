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

    `veil` lies over the ground: the colour of a finger on it. All of it is one picture: a software renderer pays for every
    layer, seen or not.
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
            self._tint = Color(1, 1, 1, 0)
            self._panel = BorderImage()
        for name in ("ground", "shadow", "outline", "veil", "pos", "size", "radius", "drop", "outline_px"):
            self.fbind(name, self._draw_ground)
        self._draw_ground()

    def _draw_ground(self, *_) -> None:
        x, y, width, height = (round(n) for n in (self.x, self.y, self.width, self.height))
        look = pictures.PanelLook(
            radius=max(1, min(round(self.radius), min(width, height) // 2)),
            ground=mix(self.ground, self.veil),
            shadow=tuple(self.shadow),
            drop=round(self.drop) if self.shadow[3] else 0,
            outline=tuple(self.outline),
            stroke=round(self.outline_px) if self.outline[3] else 0,
        )
        self._tint.a = 1 if look.is_seen else 0
        self._panel.texture = pictures.panel(look)
        self._panel.border = (look.radius + look.drop, look.radius, look.radius, look.radius)
        # Nothing to be seen is nothing to be drawn, in no place at all.
        self._panel.pos, self._panel.size = (
            ((x, y - look.drop), (width, height + look.drop)) if look.is_seen else ((0, 0), (0, 0))
        )


def mix(ground, veil) -> tuple[float, float, float, float]:
    """Return the colour that `veil` over `ground` gives."""
    share = veil[3]
    mixed = [under * (1 - share) + over * share for under, over in zip(ground[:3], veil[:3], strict=True)]
    return (*mixed, ground[3])


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
