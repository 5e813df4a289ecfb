"""A picture of the pack, as large as its place allows. One that cannot be read takes up no room."""

from __future__ import annotations

import logging
from pathlib import Path

import pyvips
from kivy.clock import Clock
from kivy.graphics import Color, Rectangle
from kivy.properties import NumericProperty
from kivy.uix.widget import Widget

from kiosk.ui.text import to_texture

log = logging.getLogger(__name__)

MOST_PIXELS = 50_000_000
"""More than any camera of a phone makes: such a file would fill a small machine's memory."""


class Photo(Widget):
    """Shows `file` in the middle of its width, at most `tallest` pixels high and never larger than it is."""

    natural_height = NumericProperty(0)

    def __init__(self, file: Path, tallest: float, **kwargs) -> None:
        self._file, self._tallest, self._drawn_at = file, tallest, None
        super().__init__(**kwargs)
        with self.canvas:
            self._tint = Color(1, 1, 1, 0)
            self._picture = Rectangle(size=(0, 0))
        self._laid_out = Clock.create_trigger(self._place, -1)
        self.fbind("width", self._draw)
        for name in ("pos", "size"):
            self.fbind(name, self._laid_out)
        self._draw()

    def _draw(self, *_) -> None:
        width = int(self.width)
        if width == self._drawn_at:
            return
        self._drawn_at = width
        image = load_photo(self._file, width, int(self._tallest))
        self._tint.a = 1 if image else 0
        if image:
            self._picture.texture = to_texture(image)
            self._picture.size = image.width, image.height
        self.natural_height = image.height if image else 0
        self._place()

    def _place(self, *_) -> None:
        width, height = self._picture.size
        self._picture.pos = round(self.center_x - width / 2), round(self.center_y - height / 2)


def load_photo(file: Path, width: int, height: int) -> pyvips.Image | None:
    """Return the picture with red, green, blue and opacity, turned upright, within `width` and `height`; None where there is none."""
    try:
        whole = pyvips.Image.new_from_file(str(file), access="sequential")
        if whole.width * whole.height > MOST_PIXELS or width < 1 or height < 1:
            return None
        small = pyvips.Image.thumbnail(str(file), width, height=height, size="down").colourspace("srgb")
        return small if small.hasalpha() else small.addalpha()
    except pyvips.Error as why:
        log.warning("A picture cannot be shown: %s", str(why).splitlines()[0])
        return None
