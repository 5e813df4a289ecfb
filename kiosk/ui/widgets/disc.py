"""A round ground with an icon or a number."""

from __future__ import annotations

from kivy.properties import BooleanProperty, ColorProperty, NumericProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.ui import pictures


class Disc(Widget):
    """`size_px` across. `lit` stands on a dark card, `quiet` on a misty one. Nothing at all is drawn without a glyph and a number."""

    glyph = StringProperty("")
    number = StringProperty("")
    lit = BooleanProperty(False)
    quiet = BooleanProperty(False)
    size_px = NumericProperty(88)
    ground_color = ColorProperty("#00000000")

    @staticmethod
    def disc(size: int):
        return pictures.disc(max(1, size))
