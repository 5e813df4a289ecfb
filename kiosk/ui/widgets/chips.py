"""Small choices that stand side by side and wrap."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from kivy.app import App
from kivy.clock import Clock
from kivy.properties import BooleanProperty, ListProperty, NumericProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.ui.kv import load_beside
from kiosk.ui.widgets import icon, words  # noqa: F401  the kv beside this file names them
from kiosk.ui.widgets.touchable import Touchable

CHIP_PATIENCE = 0.25  # seconds: five days are chosen one after another, a tremor still counts once


def flow(widths: Sequence[float], room: float, gap: float) -> list[range]:
    """Return which chips stand in which row when each takes its own width. A chip wider than `room` has a row to itself."""
    rows, first, used = [], 0, 0.0
    for index, width in enumerate(widths):
        needed = width if index == first else used + gap + width
        if index > first and needed > room:
            rows.append(range(first, index))
            first, needed = index, width
        used = needed
    return [*rows, range(first, len(widths))] if widths else []


def even(widest: float, count: int, room: float, gap: float) -> int:
    """Return how many columns of one width to make, so that the widest fits and the last row is not nearly empty."""
    most = max(1, min(count, int((room + gap) // (widest + gap))))
    return ceil(count / ceil(count / most))


class Chip(Touchable):
    """A choice. `icon` stands before its words; `chosen_icon` instead while it is chosen: never by colour alone (R14)."""

    text = StringProperty("")
    icon = StringProperty("square")
    chosen_icon = StringProperty("square-check-big")
    chosen = BooleanProperty(False)
    patience = NumericProperty(CHIP_PATIENCE)
    least = NumericProperty(0)
    letters = NumericProperty(34)
    growth = NumericProperty(1.5)
    label_px = NumericProperty(34)
    natural_width = NumericProperty(0)
    natural_height = NumericProperty(0)
    widest = NumericProperty(0)


class Chips(Widget):
    """`chips` in rows: each as wide as its words, or all of one width where `in_columns`. A row may stand `centred`.

    A block for Pages: `natural_height` is what the words need, and a row may be stretched up to `row_most` pixels.
    """

    chips = ListProperty([])
    in_columns = BooleanProperty(False)
    centred = BooleanProperty(False)
    gap = NumericProperty(16)
    row_most = NumericProperty(0)
    natural_height = NumericProperty(0)
    grows = NumericProperty(0)

    def __init__(self, chips: Sequence[Chip] = (), **kwargs) -> None:
        self._laid_out = Clock.create_trigger(self._lay_out, -1)
        super().__init__(**kwargs)
        for name in ("pos", "size", "gap", "in_columns", "centred", "row_most"):
            self.fbind(name, self._laid_out)
        self.chips = chips

    def on_chips(self, *_) -> None:
        self.clear_widgets()
        for chip in self.chips:
            chip.size_hint = (None, None)
            chip.fbind("natural_width", self._laid_out)
            chip.fbind("natural_height", self._laid_out)
            self.add_widget(chip)
        self._laid_out()

    def _lay_out(self, *_) -> None:
        for chip in self.chips:
            chip.widest = self.width
        rows, widths = self._rows([min(chip.natural_width, self.width) for chip in self.chips])
        gaps = self.gap * (len(rows) - 1)
        tall = max((chip.natural_height for chip in self.chips), default=0)
        self.natural_height = len(rows) * tall + gaps if rows else 0
        self.grows = len(rows) * max(tall, self.row_most) + gaps if rows else 0
        tall = max(tall, (self.height - gaps) / len(rows)) if rows else 0
        for number, row in enumerate(rows):
            self._place(row, widths, self.y + self.height - (number + 1) * tall - number * self.gap, tall)

    def _rows(self, widths: list[float]) -> tuple[list[range], list[float]]:
        if not (self.in_columns and widths):
            return flow(widths, self.width, self.gap), widths
        columns = even(max(widths), len(widths), self.width, self.gap)
        width = (self.width - self.gap * (columns - 1)) / columns
        starts = range(0, len(widths), columns)
        return [range(first, min(first + columns, len(widths))) for first in starts], [width] * len(widths)

    def _place(self, row: range, widths: list[float], y: float, tall: float) -> None:
        mirrored = App.get_running_app().theme.mirrored
        used = sum(widths[index] for index in row) + self.gap * (len(row) - 1)
        x = (self.width - used) / 2 if self.centred else 0.0
        for index in row:
            self.chips[index].size = (widths[index], tall)
            at = self.width - x - widths[index] if mirrored else x
            self.chips[index].pos = (self.x + at, y)
            x += widths[index] + self.gap


load_beside(__file__)
