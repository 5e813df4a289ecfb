"""How to read and touch: size of the words, colours, motion, switches. Each choice shows at once and is gone with the visit."""

from __future__ import annotations

from collections.abc import Callable

from kivy.properties import StringProperty

from kiosk.ui.screens.advice import AdviceScreen
from kiosk.ui.screens.callback_choose import Choice
from kiosk.ui.visit import Visit
from kiosk.ui.widgets.pair import in_columns

SCAN_AFTER = {"off": "two", "two": "one", "one": "off"}


class AccessScreen(AdviceScreen):
    """Large choices, each with its state in words beside its colour (R14, R19)."""

    sign = StringProperty("accessibility")

    def __init__(self, **kwargs) -> None:
        self._sizes: list[Choice] = []
        self._titles: list = []
        super().__init__(**kwargs)

    def enter(self, visit: Visit) -> None:
        self.has_road = False
        language, text_size, _contrast, portrait, _today = self.reading(visit)
        self.present((language, text_size, portrait), self._blocks)
        self._mark(visit)

    def forget(self) -> None:
        super().forget()
        self._sizes, self._titles = [], []

    def _blocks(self) -> list:
        words = self.app.words
        self._sizes = [
            self._size(at, says) for at, says in enumerate((words("Normal"), words("Large"), words("Largest")))
        ]
        self._contrast = self._choice(
            "contrast", words("Bright words on black"), lambda visit: {"contrast": not visit.contrast}
        )
        self._still = self._choice("circle-pause", words("Nothing moves"), lambda visit: {"still": not visit.still})
        self._scan = self._choice(
            "toggle-right", words("Choose with switches"), lambda visit: {"scan": SCAN_AFTER[self.app.scanning]}
        )
        self._titles = [
            self.title(words("What makes this screen easier for you?")),
            self.heading(words("How large should the words be?")),
        ]
        # Three words stand side by side until they are large; three choices where the screen is wide as well.
        sizes = in_columns(self._sizes, 3 if self.app.theme.text_scale == 1 else 1)
        return [
            *self._titles,
            *sizes,
            *in_columns([self._contrast, self._still, self._scan], 3 if self.columns > 1 else 1),
        ]

    def _size(self, at: int, says: str) -> Choice:
        card = Choice(title=says, roomy=1.6, compact=True, strong=self.app.theme.text_scale == 1)
        card.bind(on_touched=lambda *_: self.navigation.set(text_size=at))
        return card

    def _choice(self, icon: str, says: str, changes: Callable[[Visit], dict]) -> Choice:
        card = Choice(title=says, icon=icon, roomy=1.9, strong=self.app.theme.text_scale == 1)
        card.bind(on_touched=lambda *_: self.navigation.set(**changes(self.navigation.visit)))
        return card

    def _mark(self, visit: Visit) -> None:
        words, scan = self.app.words, self.app.scanning
        for at, card in enumerate(self._sizes):
            card.mark(at == visit.text_size)
        for card, chosen in ((self._contrast, visit.contrast), (self._still, visit.still), (self._scan, scan != "off")):
            card.mark(chosen)
            card.hint = words("On") if chosen else words("Off")
        if scan != "off":
            self._scan.hint = words("On: two switches") if scan == "two" else words("On: one switch")
        for title in self._titles:
            title.color = self.app.theme.ink
