"""Colours, sizes and direction, as properties that kv follows. Palette and sizes: LOOK.md, at 1080 pixels wide."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil

from kivy.event import EventDispatcher
from kivy.properties import AliasProperty, BooleanProperty, ColorProperty, NumericProperty
from kivy.utils import get_color_from_hex as rgb

from kiosk.ui.visit import Visit

DESIGN_WIDTH = 1080
FINGER_MM, APART_MM = 15, 3  # R12
TEXT_SCALES = (1.0, 1.5, 2.0)

CALM = {
    "ink": "#17252F",
    "quiet_ink": "#3B4B55",
    "paper": "#FFFAF2",
    "surface": "#FFFFFF",
    "path": "#0A4F5C",
    "path_ink": "#FFFFFF",
    "path_ink_quiet": "#F0F7F8",
    "hope": "#F4B23C",
    "hope_ink": "#17252F",
    "care": "#992B10",
    "care_ink": "#FFFFFF",
    "leaf": "#265C32",
    "mist": "#E5EEF0",
    "shade": "#17252F1F",
    "outline": "#00000000",
    "error": "#992B10",
    "focus": "#17252F",
    "focus_gap": "#FFFFFF",
}
HIGH_CONTRAST = {
    "ink": "#FFFFFF",
    "quiet_ink": "#FFFFFF",
    "paper": "#000000",
    "surface": "#000000",
    "path": "#FFE14D",
    "path_ink": "#000000",
    "path_ink_quiet": "#000000",
    "hope": "#FFE14D",
    "hope_ink": "#000000",
    "care": "#FFE14D",
    "care_ink": "#000000",
    "leaf": "#FFFFFF",
    "mist": "#000000",
    "shade": "#00000000",
    "outline": "#FFFFFF",
    "error": "#FFE14D",
    "focus": "#FFE14D",
    "focus_gap": "#000000",
}


class Theme(EventDispatcher):
    """`unit` is pixels for one pixel of the 1080-wide design; `text` the same for letters, with the text size in it.

    `reach` pixels above the window's foot a seated person's hand still gets to: two thirds of a high window (LOOK.md), all of a
    wide one. `finger` pixels are the least side of what is touched, `apart` the least gap between two; 0 where nobody has said how
    large the panel is. `head` is for titles, which are large to begin with, and `lean` for pictures beside letters: they grow, but not as far. No colour may be called on_...: Kivy takes
    such a name for the handler of a property.
    """

    unit = NumericProperty(1.0)
    finger = NumericProperty(0)
    apart = NumericProperty(0)
    text_scale = NumericProperty(1.0)
    reach = NumericProperty(0)
    portrait = BooleanProperty(True)
    mirrored = BooleanProperty(False)
    contrast = BooleanProperty(False)
    still = BooleanProperty(False)

    ink = ColorProperty(rgb(CALM["ink"]))
    quiet_ink = ColorProperty(rgb(CALM["quiet_ink"]))
    paper = ColorProperty(rgb(CALM["paper"]))
    surface = ColorProperty(rgb(CALM["surface"]))
    path = ColorProperty(rgb(CALM["path"]))
    path_ink = ColorProperty(rgb(CALM["path_ink"]))
    path_ink_quiet = ColorProperty(rgb(CALM["path_ink_quiet"]))
    hope = ColorProperty(rgb(CALM["hope"]))
    hope_ink = ColorProperty(rgb(CALM["hope_ink"]))
    care = ColorProperty(rgb(CALM["care"]))
    care_ink = ColorProperty(rgb(CALM["care_ink"]))
    leaf = ColorProperty(rgb(CALM["leaf"]))
    mist = ColorProperty(rgb(CALM["mist"]))
    shade = ColorProperty(rgb(CALM["shade"]))
    outline = ColorProperty(rgb(CALM["outline"]))
    error = ColorProperty(rgb(CALM["error"]))
    focus = ColorProperty(rgb(CALM["focus"]))
    focus_gap = ColorProperty(rgb(CALM["focus_gap"]))

    text = AliasProperty(lambda self: self.unit * self.text_scale, bind=("unit", "text_scale"), cache=True)
    head = AliasProperty(lambda self: self.unit * min(self.text_scale, 1.5), bind=("unit", "text_scale"), cache=True)
    lean = AliasProperty(lambda self: self.unit * min(self.text_scale, 1.3), bind=("unit", "text_scale"), cache=True)

    def follow(self, visit: Visit) -> None:
        """Look as this parent likes to read."""
        with collecting_nothing():
            self.text_scale = TEXT_SCALES[visit.text_size]
            self.contrast, self.still = visit.contrast, visit.still

    def on_contrast(self, _theme, contrast: bool) -> None:
        for name, colour in (HIGH_CONTRAST if contrast else CALM).items():
            setattr(self, name, rgb(colour))

    def fit(self, width: int, height: int, panel_mm: int = 0) -> None:
        """Follow the window: the shorter side is the design's 1080, and `panel_mm` millimetres long."""
        with collecting_nothing():
            self.portrait = height >= width
            self.reach = height * 2 / 3 if self.portrait else height
            self.unit = min(width, height) / DESIGN_WIDTH
            millimetre = min(width, height) / panel_mm if panel_mm else 0
            self.finger, self.apart = ceil(FINGER_MM * millimetre), ceil(APART_MM * millimetre)


@contextmanager
def collecting_nothing() -> Iterator[None]:
    """Hold the garbage collector back while hundreds of kv rules run.

    They hold their widgets weakly: one that was dropped and is collected between a rule's two steps would end the program.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
