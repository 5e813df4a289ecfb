"""Colours, sizes and direction, as properties that kv follows. Palette and sizes: LOOK.md, at 1080 pixels wide."""

from __future__ import annotations

from kivy.event import EventDispatcher
from kivy.properties import AliasProperty, BooleanProperty, ColorProperty, NumericProperty
from kivy.utils import get_color_from_hex as rgb

DESIGN_WIDTH = 1080
TEXT_SCALES = (1.0, 1.5, 2.0)

CALM = {
    "ink": "#17252F",
    "quiet_ink": "#43545E",
    "paper": "#FFFAF2",
    "surface": "#FFFFFF",
    "path": "#0A4F5C",
    "on_path": "#FFFFFF",
    "on_path_quiet": "#D5E6E8",
    "hope": "#F4B23C",
    "on_hope": "#17252F",
    "care": "#B3391B",
    "on_care": "#FFFFFF",
    "leaf": "#2E6B3A",
    "mist": "#E5EEF0",
    "shade": "#17252F1F",
    "outline": "#00000000",
    "error": "#A02E12",
}
HIGH_CONTRAST = {
    "ink": "#FFFFFF",
    "quiet_ink": "#FFFFFF",
    "paper": "#000000",
    "surface": "#000000",
    "path": "#FFE14D",
    "on_path": "#000000",
    "on_path_quiet": "#000000",
    "hope": "#FFE14D",
    "on_hope": "#000000",
    "care": "#FFE14D",
    "on_care": "#000000",
    "leaf": "#FFFFFF",
    "mist": "#000000",
    "shade": "#00000000",
    "outline": "#FFFFFF",
    "error": "#FFE14D",
}


class Theme(EventDispatcher):
    """`unit` is pixels for one pixel of the 1080-wide design; `text` the same for letters, with the text size in it."""

    unit = NumericProperty(1.0)
    text_scale = NumericProperty(1.0)
    portrait = BooleanProperty(True)
    mirrored = BooleanProperty(False)
    contrast = BooleanProperty(False)
    still = BooleanProperty(False)

    ink = ColorProperty(rgb(CALM["ink"]))
    quiet_ink = ColorProperty(rgb(CALM["quiet_ink"]))
    paper = ColorProperty(rgb(CALM["paper"]))
    surface = ColorProperty(rgb(CALM["surface"]))
    path = ColorProperty(rgb(CALM["path"]))
    on_path = ColorProperty(rgb(CALM["on_path"]))
    on_path_quiet = ColorProperty(rgb(CALM["on_path_quiet"]))
    hope = ColorProperty(rgb(CALM["hope"]))
    on_hope = ColorProperty(rgb(CALM["on_hope"]))
    care = ColorProperty(rgb(CALM["care"]))
    on_care = ColorProperty(rgb(CALM["on_care"]))
    leaf = ColorProperty(rgb(CALM["leaf"]))
    mist = ColorProperty(rgb(CALM["mist"]))
    shade = ColorProperty(rgb(CALM["shade"]))
    outline = ColorProperty(rgb(CALM["outline"]))
    error = ColorProperty(rgb(CALM["error"]))

    text = AliasProperty(lambda self: self.unit * self.text_scale, bind=("unit", "text_scale"), cache=True)

    def on_contrast(self, _theme, contrast: bool) -> None:
        for name, colour in (HIGH_CONTRAST if contrast else CALM).items():
            setattr(self, name, rgb(colour))

    def fit(self, width: int, height: int) -> None:
        """Follow the window: the shorter side is the design's 1080."""
        self.portrait = height >= width
        self.unit = min(width, height) / DESIGN_WIDTH
