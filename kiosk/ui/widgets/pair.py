"""Cards side by side, as one block of a page."""

from __future__ import annotations

from kivy.properties import NumericProperty
from kivy.uix.widget import Widget

from kiosk.ui.kv import load_beside
from kiosk.ui.widgets.panel import Row


class Pair(Row):
    """Two or more cards of one height. `natural_height` is what the tallest needs; cards that ask for it are told."""

    natural_height = NumericProperty(0)
    grows = NumericProperty(0)

    def __init__(self, cards, **kwargs) -> None:
        super().__init__(**kwargs)
        for card in cards:
            card.size_hint = (1, 1)
            self.add_widget(card)
        self._measure()

    def add_widget(self, card, *args, **kwargs) -> None:
        super().add_widget(card, *args, **kwargs)
        if hasattr(card, "natural_height"):
            card.fbind("natural_height", self._measure)

    def remove_widget(self, card, *args, **kwargs) -> None:
        """A card that is used elsewhere has nothing more to say here."""
        super().remove_widget(card, *args, **kwargs)
        if hasattr(card, "natural_height"):
            card.funbind("natural_height", self._measure)

    def _measure(self, *_) -> None:
        cards = [card for card in self.children if hasattr(card, "natural_height")]
        self.natural_height = max(card.natural_height for card in cards)
        self.grows = max(card.grows for card in cards)
        for card in cards:
            if hasattr(card, "tallest"):
                card.tallest = self.natural_height


def in_columns(cards: list, columns: int) -> list:
    """Return the cards as blocks of `columns` side by side; the last row is filled up with nothing."""
    if columns == 1:
        return cards
    rows = [cards[k : k + columns] for k in range(0, len(cards), columns)]
    return [Pair([*row, *(Widget() for _ in range(columns - len(row)))]) for row in rows]


load_beside(__file__)
