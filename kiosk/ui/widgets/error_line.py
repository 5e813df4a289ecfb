"""What is wrong, in words, beside what it is about (R17); an icon too, so that colour is not the only sign (R14)."""

from __future__ import annotations

from kivy.app import App
from kivy.properties import StringProperty

from kiosk.ui.kv import load_beside
from kiosk.ui.widgets import icon, words  # noqa: F401  the kv beside this file names them
from kiosk.ui.widgets.panel import Row


class ErrorLine(Row):
    """Takes no height while there is nothing to say."""

    text = StringProperty("")

    def on_text(self, _line, text: str) -> None:
        if text:
            App.get_running_app().aloud.read_next(self)


load_beside(__file__)
