"""The idle warning: one tap and nothing is lost."""

from __future__ import annotations

from kivy.properties import ObjectProperty
from kivy.uix.floatlayout import FloatLayout

from kiosk.ui.kv import load_beside
from kiosk.ui.widgets import panel, touchable  # noqa: F401  the kv beside this file names them


class StillHere(FloatLayout):
    """Covers the screen, so that the touch that answers it presses nothing else."""

    idle = ObjectProperty()
    navigation = ObjectProperty()

    def on_touch_down(self, touch) -> bool:
        super().on_touch_down(touch)
        return True


load_beside(__file__)
