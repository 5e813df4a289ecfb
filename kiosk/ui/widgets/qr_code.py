"""A QR code, dark on light in every theme: what a phone reads from the screen."""

from __future__ import annotations

from kivy.graphics import Color, Rectangle
from kivy.properties import NumericProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.ui import pictures


class QrCode(Widget):
    """Shows `content` in the middle, as large as the place allows up to `most` pixels; nothing while it is empty.

    Each module is a whole number of pixels: stretched ones are hard to read.
    """

    content = StringProperty("")
    most = NumericProperty(620)

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        with self.canvas:
            self._tint = Color(1, 1, 1, 0)
            self._square = Rectangle(size=(0, 0))
        for name in ("content", "most", "pos", "size"):
            self.fbind(name, self._draw)

    def _draw(self, *_) -> None:
        side = int(min(self.width, self.height, self.most))
        if not self.content or side < 1:
            self._tint.a, self._square.texture, self._square.size = 0, None, (0, 0)
            return
        code = pictures.qr_code(self.content, side)
        self._tint.a, self._square.texture, self._square.size = 1, code, code.size
        self._square.pos = (
            round(self.x + (self.width - code.width) / 2),
            round(self.y + (self.height - code.height) / 2),
        )
