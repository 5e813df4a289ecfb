"""A question, not a menu: what brings you here today?"""

from __future__ import annotations

from kivy.properties import StringProperty

from kiosk.ui.kv import load_beside
from kiosk.ui.screens.base import Screen
from kiosk.ui.visit import Visit
from kiosk.ui.widgets import pages  # noqa: F401  the kv beside this file names it
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.pair import in_columns


class HomeScreen(Screen):
    """The pack's home cards."""

    ask = StringProperty("")
    hint = StringProperty("")

    def enter(self, visit: Visit) -> None:
        home = self.pack.home
        self.ask, self.hint = self.app.filled(home.ask), self.app.filled(home.hint)
        if not self.ids.pages.blocks or self._columns != self._columns_now():
            self._columns = self._columns_now()
            self.ids.pages.blocks = in_columns(
                [self._card(card) for card in home.cards if self.is_offered(card.opens)], self._columns
            )
        self.ids.pages.page = 0

    def _columns_now(self) -> int:
        return 1 if self.app.theme.portrait or self.app.theme.text_scale > 1 else 2

    def _card(self, home_card) -> Card:
        unit = self.app.theme.unit
        card = Card(
            title=self.app.filled(home_card.title),
            hint=self.app.filled(home_card.hint),
            icon=home_card.icon,
            tone=home_card.tone or "plain",
            strong=bool(home_card.tone),
            grows=unit * (300 if home_card.tone else 220),
        )
        card.bind(on_touched=lambda *_: self.navigation.open(home_card.opens))
        return card


load_beside(__file__)
