"""The languages of this screen, each by its own name."""

from __future__ import annotations

from kivy.properties import StringProperty

from kiosk.ui.kv import load_beside
from kiosk.ui.languages import own_name
from kiosk.ui.screens.base import Screen
from kiosk.ui.visit import Visit
from kiosk.ui.widgets import pages  # noqa: F401  the kv beside this file names it
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.pair import in_columns


class LanguagesScreen(Screen):
    """A card for each language. Touching one leads back to the place where the parent was."""

    ask = StringProperty("")

    def enter(self, visit: Visit) -> None:
        self.ask = self.app.words("Which language would you like to read?")
        theme = self.app.theme
        columns = (1 if theme.text_scale > 1 else 2) if theme.portrait else (2 if theme.text_scale > 1 else 3)
        self.ids.pages.blocks = in_columns([self._card(code, visit) for code in self.pack.offered], columns)

    def forget(self) -> None:
        self.ids.pages.blocks = []

    def _card(self, code: str, visit: Visit) -> Card:
        here = code == visit.language
        card = Card(
            title=own_name(code),
            spoken_in=code,
            tone="path" if here else "plain",
            tail="check" if here else "",
            strong=True,
            least=self.app.theme.unit * (150 if self.app.theme.portrait else 120),
            grows=self.app.theme.unit * 260,
        )
        card.bind(on_touched=lambda *_: self.navigation.read_in(code))
        return card


load_beside(__file__)
