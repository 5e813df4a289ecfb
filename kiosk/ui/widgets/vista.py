"""The land above a page that no road leads over: hills, the sun, a way, and on it the sign of what the page is about."""

from __future__ import annotations

from kivy.app import App
from kivy.clock import Clock
from kivy.graphics import Color, Rectangle
from kivy.properties import ObjectProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.ui import pictures
from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.road import station
from kiosk.ui.widgets.road_shape import CALM, HIGH_CONTRAST, Shape, draw_land

BENDS = 5  # places where the way would have stations; the sign stands at the middle one
SEEN = 0.8  # of the width that is drawn
LEAST = 150  # design pixels: in less height there is no room for hills


class Vista(Widget):
    """As high as what the page leaves over. Nothing of it is touched. `sign` is an icon's name."""

    sign = StringProperty("")
    # By a rule: what a widget binds at the theme by itself stays there when the widget has long gone.
    look = ObjectProperty()

    def __init__(self, **kwargs) -> None:
        self._drawn = Clock.create_trigger(self._draw, -1)
        super().__init__(**kwargs)
        for name in ("pos", "size", "sign", "look"):
            self.fbind(name, self._drawn)

    def _draw(self, *_) -> None:
        self.canvas.clear()
        theme = App.get_running_app().theme
        if not self.sign or self.width < 10 or self.height < LEAST * theme.unit:
            return
        shape, edge = self._shape(theme), (1 - SEEN) / 2
        land, radius = HIGH_CONTRAST if theme.contrast else CALM, round(shape.station_radius)
        sign = station(self.sign, "ahead", radius, theme.contrast, theme.unit)
        x, y = shape.stations()[BENDS // 2]
        with self.canvas:
            Color(1, 1, 1, 1)
            ground = pictures.scene(("vista", shape, land), seen_of(draw_land(shape, land), shape))
            Rectangle(texture=ground, pos=self.pos, size=self.size)
            left, bottom = self.x + x - shape.width * edge, self.y + self.height - y
            Rectangle(texture=sign, size=sign.size, pos=(round(left - radius), round(bottom - radius)))

    def _shape(self, theme) -> Shape:
        height, unit = round(self.height), theme.unit
        radius = min(84 * unit, height * 0.24)
        return Shape(
            round(self.width / SEEN),
            height,
            BENDS,
            unit,
            theme.mirrored,
            top=height * 0.16,
            foot=height * 0.14,
            radius=radius,
        )


def seen_of(drawing: str, shape: Shape) -> str:
    """Return the SVG without its outermost parts, where the way would begin and end: it comes from afar and leads on."""
    width, height = shape.width * SEEN, shape.height
    left = (shape.width - width) / 2
    box = f'viewBox="{left:.0f} 0 {width:.0f} {height:.0f}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" {box}>{drawing}</svg>'


load_beside(__file__)
