"""Paint what was pressed at once, the rest of the screen a moment later.

A software renderer takes ten to twenty milliseconds to paint a whole portrait screen and one or two for a button. So the
frame after a press is drawn inside the button's rectangle only, and a whole frame follows: should anything else have
changed meanwhile, it is seen that moment later. A graphics card paints all of it in no time and is left alone.
"""

from __future__ import annotations

from kivy.clock import Clock
from kivy.graphics.opengl import (
    GL_COLOR_BUFFER_BIT,
    GL_RENDERER,
    GL_RGBA,
    GL_SCISSOR_TEST,
    GL_UNSIGNED_BYTE,
    glClear,
    glClearColor,
    glDisable,
    glEnable,
    glGetString,
    glReadPixels,
    glScissor,
)

from kiosk.ui.visual import draws_by_processor

WHOLE_AFTER = 0.03  # seconds
MARGIN = 8  # pixels around the widget, for its shadow


class QuickPaint:
    """Limits single frames to a rectangle, where the renderer keeps what it has drawn outside.

    `is_software` says that the processor draws: nothing as large as the screen should move there.
    """

    def __init__(self, window) -> None:
        self.window = window
        self._area: tuple[int, int, int, int] | None = None
        self.is_software = draws_by_processor(glGetString(GL_RENDERER))
        self.works = self.is_software and keeps_its_picture(window)
        if self.works:
            window.bind(on_draw=self._limit, on_flip=self._release)

    def remove(self) -> None:
        Clock.unschedule(self._whole)
        self.window.unbind(on_draw=self._limit, on_flip=self._release)

    def only(self, widget) -> None:
        """Draw the next frame inside `widget` alone, and a whole one soon after."""
        if self.works and widget.get_root_window():
            x, y = (int(n) - MARGIN for n in widget.to_window(widget.x, widget.y))
            self._area = (x, y, int(widget.width) + 2 * MARGIN, int(widget.height) + 2 * MARGIN)
            Clock.unschedule(self._whole)
            Clock.schedule_once(self._whole, WHOLE_AFTER)

    def _limit(self, *_) -> None:
        if self._area:
            glEnable(GL_SCISSOR_TEST)
            glScissor(*self._area)

    def _release(self, *_) -> None:
        if self._area:
            glDisable(GL_SCISSOR_TEST)
            self._area = None

    def _whole(self, _dt) -> None:
        self.window.canvas.ask_update()


def keeps_its_picture(window) -> bool:
    """Return whether the back buffer still holds the last frame after a flip: two papers, one as good as the other, tell."""
    for blue in (0.90, 0.95):
        glClearColor(1, 0.98, blue, 1)
        glClear(GL_COLOR_BUFFER_BIT)
        window.flip()
    blue = glReadPixels(0, 0, 1, 1, GL_RGBA, GL_UNSIGNED_BYTE)[2]
    return blue > 235
