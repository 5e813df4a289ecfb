"""An aide-memoire to tick off, item by item."""

from __future__ import annotations

from kivy.properties import StringProperty

from kiosk.pack.model import Checklist, ChecklistItem
from kiosk.ui.screens.advice import AdviceScreen
from kiosk.ui.visit import Visit
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.pair import in_columns

TICKED, OPEN = "square-check-big", "square"


class ChecklistScreen(AdviceScreen):
    """Ticks belong to the visit and are gone with it."""

    sign = StringProperty("list-checks")

    def enter(self, visit: Visit) -> None:
        checklist = self.pack.checklists[visit.place.target]
        self.present((checklist.id, self.reading(visit)), lambda: self._blocks(checklist))
        for key, card in self._items.items():
            ticked = key in visit.ticked
            card.icon, card.tone = (TICKED, "quiet") if ticked else (OPEN, "plain")

    def _blocks(self, checklist: Checklist) -> list:
        self._items = {}
        self.take_along()
        blocks = [self.title(checklist.title), self.paragraph(checklist.say)]
        for part in checklist.parts:
            blocks.append(self.heading(part.title))
            first = len(self._items) + 1
            cards = [
                self._item(f"{checklist.id}/{number}", number, item) for number, item in enumerate(part.items, first)
            ]
            blocks += in_columns(cards, self.columns)
        return [*blocks, *self.steps(checklist.next)]

    def _item(self, key: str, number: int, item: ChecklistItem) -> Card:
        card = Card(title=self.app.filled(f"{number}. {item.say}"), hint=self.app.filled(item.more), icon=OPEN, tail="")
        card.bind(on_touched=lambda *_: self._tick(key))
        self._items[key] = card
        return card

    def _tick(self, key: str) -> None:
        self.navigation.set(ticked=self.navigation.visit.ticked ^ {key})
