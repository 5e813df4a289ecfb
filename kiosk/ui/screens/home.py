"""A question, not a menu: what brings you here today?"""

from __future__ import annotations

from kivy.properties import StringProperty

from kiosk.ui.kv import load_beside
from kiosk.ui.screens.base import Screen
from kiosk.ui.visit import Place, Visit
from kiosk.ui.widgets import icon, low_pages  # noqa: F401  the kv beside this file names them
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.pair import in_columns
from kiosk.ui.widgets.touchable import BarButton

MANY = 8  # cards; more than these have to stand closer together on a high screen


class PrivacyButton(BarButton):
    """What this kiosk keeps, and for how long."""


class HomeScreen(Screen):
    """The pack's home cards: built once, and filled anew for each parent."""

    ask = StringProperty("")
    hint = StringProperty("")

    def __init__(self, **kwargs) -> None:
        self._cards: list[Card] = []
        self._built_for = None
        super().__init__(**kwargs)
        self.privacy = PrivacyButton()
        self.privacy.bind(on_touched=lambda *_: self.see_privacy())

    def enter(self, visit: Visit) -> None:
        home = self.pack.home
        self.ask, self.hint = self.app.filled(home.ask), self.app.filled(home.hint)
        self._offered = [card for card in home.cards if self.is_offered(card.opens)]
        built_for = (len(self._offered), self._columns_now())
        if built_for != self._built_for:
            self._built_for = built_for
            self._cards = [self._new_card(index) for index in range(len(self._offered))]
            self.ids.pages.blocks = in_columns(self._cards, self._columns_now())
        for card, home_card in zip(self._cards, self._offered, strict=True):
            self._fill(card, home_card)
        self._stand_privacy()
        self.ids.pages.page = 0

    def see_privacy(self) -> None:
        """What this kiosk keeps, and for how long: one tap from here, before anything is asked (R3)."""
        self.navigation.go(Place("privacy"))

    def _stand_privacy(self) -> None:
        """Below the cards of a high screen, where a seated person reaches; beside the first words of a wide one.

        In large letters the cards stand on pages, and there is room for it beside what turns them.
        """
        theme, ids = self.app.theme, self.ids
        foot = theme.portrait and theme.text_scale > 1
        room = None if foot else ids.below if theme.portrait else ids.beside
        if foot != (ids.pages.foot is not None) or (room and self.privacy.parent is not room):
            ids.pages.foot = None
            if self.privacy.parent:
                self.privacy.parent.remove_widget(self.privacy)
            if room:
                room.add_widget(self.privacy)
            else:
                ids.pages.foot = self.privacy

    def _columns_now(self) -> int:
        if self.app.theme.portrait or self.app.theme.text_scale > 1:
            return 1
        # All of them are seen at once: four rows are what a wide screen has height for.
        return 2 if len(self._offered) <= 8 else 3

    def _new_card(self, index: int) -> Card:
        card = Card()
        card.bind(on_touched=lambda *_: self.navigation.open(self._offered[index].opens))
        return card

    def _fill(self, card: Card, home_card) -> None:
        card.title, card.hint = self.app.filled(home_card.title), self.app.filled(home_card.hint)
        card.icon, card.tone, card.compact = home_card.icon, home_card.tone or "plain", self._columns_now() > 2
        card.strong = bool(home_card.tone) and not card.compact
        theme = self.app.theme
        card.snug = theme.portrait and theme.text_scale == 1 and len(self._offered) > MANY
        card.grows = theme.unit * (300 if home_card.tone else 220)


load_beside(__file__)
