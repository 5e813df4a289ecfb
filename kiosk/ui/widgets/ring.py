"""The ring around what a key would press: two bands, one dark and one light, so that it is seen on every ground (R15)."""

from __future__ import annotations

from kivy.graphics import BorderImage, Color, InstructionGroup

from kiosk.ui import pictures
from kiosk.ui.spots import Box

GAP, BAND = 7, 9  # design pixels: the light band next to what it rings, the dark one around it
RADIUS = 34
NOTHING = (0.0, 0.0, 0.0, 0.0)


class Ring:
    """Drawn over all that `widget` holds, and not there at all while it rings nothing."""

    def __init__(self, widget, theme) -> None:
        self.widget, self.theme = widget, theme
        self.box: Box | None = None
        self._drawing = InstructionGroup()
        self._look: tuple = ()

    def show(self, box: Box) -> None:
        """Ring `box`, kept inside the window."""
        look = (box, self.theme.unit, self.theme.contrast, tuple(self.widget.size))
        if self._look == look:
            return
        if self.box is None:
            self.widget.canvas.after.add(self._drawing)
        self.box, self._look = box, look
        self._draw(box)

    def hide(self) -> None:
        if self.box is not None:
            self.widget.canvas.after.remove(self._drawing)
        self.box, self._look = None, ()

    def _draw(self, box: Box) -> None:
        unit = self.theme.unit
        gap, band = max(2, round(GAP * unit)), max(3, round(BAND * unit))
        self._drawing.clear()
        self._drawing.add(Color(1, 1, 1, 1))
        self._band(self._inside(box, gap + band), self.theme.focus, band)
        self._band(self._inside(box, gap), self.theme.focus_gap, gap)

    def _inside(self, box: Box, margin: float) -> Box:
        left, bottom = max(0.0, box[0] - margin), max(0.0, box[1] - margin)
        right = min(self.widget.width, box[0] + box[2] + margin)
        top = min(self.widget.height, box[1] + box[3] + margin)
        return left, bottom, right - left, top - bottom

    def _band(self, box: Box, colour, stroke: int) -> None:
        x, y, width, height = (round(n) for n in box)
        radius = max(stroke, min(round(RADIUS * self.theme.unit), min(width, height) // 2))
        look = pictures.PanelLook(radius, NOTHING, NOTHING, 0, tuple(colour), stroke)
        texture = pictures.panel(look)
        self._drawing.add(BorderImage(texture=texture, border=(radius,) * 4, pos=(x, y), size=(width, height)))
