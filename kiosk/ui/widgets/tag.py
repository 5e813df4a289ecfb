"""A small label on a coloured ground: which path, you are here."""

from __future__ import annotations

from kivy.properties import ColorProperty, OptionProperty, StringProperty

from kiosk.ui.kv import load_beside
from kiosk.ui.widgets import icon, words  # noqa: F401  the kv beside this file names them
from kiosk.ui.widgets.panel import Panel


class Tag(Panel):
    """Hugs its words, at the beginning of its line."""

    icon = StringProperty("")
    text = StringProperty("")
    foreground = ColorProperty("#000000")
    tone = OptionProperty("quiet", options=("quiet", "care"))


load_beside(__file__)
