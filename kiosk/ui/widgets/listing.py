"""As many cards as fit, from the top. Which ones come next is for whoever holds the list."""

from __future__ import annotations

from kivy.app import App
from kivy.clock import Clock
from kivy.properties import ListProperty, NumericProperty
from kivy.uix.widget import Widget

from kiosk.ui.widgets.pages import stretch


class Listing(Widget):
    """Shows the first of `cards` that fit its height, never less than one; `shown` tells how many those are."""

    area_of_its_own = leads = True
    cards = ListProperty([])
    spacing = NumericProperty(0)
    shown = NumericProperty(0)

    def __init__(self, **kwargs) -> None:
        self._laid_out = Clock.create_trigger(self._lay_out, -1)
        self._watched: list = []
        super().__init__(**kwargs)
        for name in ("pos", "size", "spacing"):
            self.fbind(name, self._laid_out)

    def on_cards(self, _listing, cards) -> None:
        for card in self._watched:
            card.funbind("natural_height", self._laid_out)
        for card in cards:
            card.size_hint = (None, None)
            card.fbind("natural_height", self._laid_out)
        self._watched = list(cards)
        self._laid_out()

    def _lay_out(self, *_) -> None:
        gap = max(self.spacing, App.get_running_app().theme.apart)
        for card in self.cards:
            card.width = self.width
        self.shown = fitting([card.natural_height for card in self.cards], self.height, gap)
        visible = self.cards[: int(self.shown)]
        self._show(visible)
        natural = [card.natural_height for card in visible]
        spare = self.height - sum(natural) - gap * max(0, len(natural) - 1)
        y = self.y + self.height
        for card, height in zip(visible, stretch(natural, [card.grows for card in visible], spare), strict=True):
            card.height = height
            card.pos = (self.x, y - height)
            y -= height + gap

    def _show(self, visible: list) -> None:
        """The others are laid out, and so measured, without standing on the screen."""
        if self.children[::-1] != visible:
            self.clear_widgets()
            for card in visible:
                self.add_widget(card)


def fitting(heights: list[float], room: float, spacing: float) -> int:
    """Return how many of the heights fit `room` one below the other: at least one, if there is any."""
    used = 0.0
    for count, height in enumerate(heights):
        used += height + (spacing if count else 0)
        if used > room and count:
            return count
    return len(heights)
