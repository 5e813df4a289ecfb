"""A new page comes in from the side towards which one reads, and the one before it from the other.

Only where a graphics card draws: a software renderer paints a whole portrait screen in ten to twenty milliseconds, so that
in the time of a slide it would show a handful of jumps. What is touched is where it will come to rest, from the first frame.
"""

from __future__ import annotations

from kivy.animation import Animation
from kivy.event import EventDispatcher
from kivy.graphics import PopMatrix, PushMatrix, Translate
from kivy.properties import NumericProperty

SLIDE = 0.18  # seconds, LOOK.md "Motion"
FROM = 140  # design pixels: the new page is seen from the first frame on, a little aside


class Slide(EventDispatcher):
    """Moves what `area` draws; `aside` is how far it still is from its place, in pixels."""

    aside = NumericProperty(0)

    def __init__(self, area, theme, smooth: bool) -> None:
        super().__init__()
        self.theme, self.smooth = theme, smooth
        with area.canvas.before:
            PushMatrix()
            self._shift = Translate()
        with area.canvas.after:
            PopMatrix()

    def on_aside(self, _slide, aside: float) -> None:
        self._shift.x = round(aside)

    def start(self, onward: bool) -> None:
        """Bring the page that stands in the area in: onward, or back. At once with reduced motion."""
        Animation.cancel_all(self, "aside")
        self.aside = 0
        if self.smooth and not self.theme.still:
            self.aside = FROM * self.theme.unit * (1 if onward is not self.theme.mirrored else -1)
            Animation(aside=0, d=SLIDE, t="out_cubic").start(self)
