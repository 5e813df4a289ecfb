"""A frame around what is being read aloud."""

from __future__ import annotations

from kivy.app import App
from kivy.graphics import BorderImage, Color
from kivy.uix.widget import Widget

from kiosk.ui import pictures

GAP, LINE = 8, 5  # design pixels


class Mark(Widget):
    """Two lines, one dark and one light, that stand out from any ground; it takes no touches."""

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("size_hint", (None, None))
        super().__init__(**kwargs)
        with self.canvas:
            Color(1, 1, 1, 1)
            self._outer, self._inner = BorderImage(size=(0, 0)), BorderImage(size=(0, 0))

    def stand_around(self, widget: Widget | None) -> None:
        """Move to where the widget is now, or out of sight."""
        if widget is None or not widget.get_root_window():
            self._outer.size = self._inner.size = (0, 0)
            return
        theme, window = App.get_running_app().theme, widget.get_root_window()
        gap, line = max(2, round(GAP * theme.unit)), max(2, round(LINE * theme.unit))
        x, y = (round(n) for n in widget.to_window(widget.x, widget.y))
        width = getattr(widget, "natural_width", 0) if getattr(widget, "hugs", False) else widget.width
        left, low = max(0, x - gap - line), max(0, y - gap - line)
        right = min(window.width, x + round(max(width, 1)) + gap + line)
        high = min(window.height, y + round(widget.height) + gap + line)
        self.pos, self.size = (left, low), (right - left, high - low)
        self._draw(self._outer, 0, line, theme.path)
        self._draw(self._inner, line, line, theme.hope if not theme.contrast else theme.paper)

    def _draw(self, frame: BorderImage, inset: int, line: int, colour) -> None:
        radius = max(line, round(20 * App.get_running_app().theme.unit) - inset)
        frame.texture = pictures.panel(pictures.PanelLook(radius, (0, 0, 0, 0), (0, 0, 0, 0), 0, tuple(colour), line))
        frame.border = (radius,) * 4
        frame.pos = (self.x + inset, self.y + inset)
        frame.size = (self.width - 2 * inset, self.height - 2 * inset)

    def on_touch_down(self, touch) -> bool:
        return False
