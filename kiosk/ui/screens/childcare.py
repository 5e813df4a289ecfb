"""Childcare near a postcode, nearest first."""

from __future__ import annotations

from dataclasses import replace

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.childcare.model import Found, Kind, Postcode, Results, Search
from kiosk.childcare.search import find_childcare
from kiosk.errors import UnknownPostcode
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.base import Screen
from kiosk.ui.screens.childcare_words import (
    AGE_BANDS,
    KIND_ICONS,
    is_rough,
    say_age_band,
    say_ages,
    say_distance,
    say_kind,
    say_sources,
)
from kiosk.ui.visit import Place, Visit
from kiosk.ui.widgets import listing  # noqa: F401  the kv beside this file names it
from kiosk.ui.widgets.chips import Chip, Chips
from kiosk.ui.widgets.pages import Pages
from kiosk.ui.widgets.touchable import Touchable
from kiosk.ui.widgets.words import Words

BATCH = 10  # cards made at a time: more than fit any screen at any text size


class ProviderCard(Touchable):
    """One listing: how far, what it is called, what sort of place it is, when it is open. `letters` is its text unit."""

    figure = StringProperty("")
    unit = StringProperty("")
    rough = StringProperty("")
    title = StringProperty("")
    about = StringProperty("")
    open = StringProperty("")
    letters = NumericProperty(1)
    natural_height = NumericProperty(0)
    grows = NumericProperty(0)


class FilterChip(Chip):
    """A kind of childcare to look for, or an age to look for it at: `choice`."""


class FilterHeading(Words):
    """What the ages below it are asked for."""

    stays = True


class FilterPages(Pages):
    """The filters, page by page."""


class ChildcareScreen(Screen):
    """`place.target` is a postcode, or empty for the centre's own. Kinds and ages chosen and the page belong to that place."""

    title = StringProperty("")
    shown_of = StringProperty("")
    source = StringProperty("")
    nothing = StringProperty("")
    has_before = BooleanProperty(False)
    has_more = BooleanProperty(False)

    def __init__(self, **kwargs) -> None:
        self._place, self._read_in = None, None
        self._chosen: frozenset[Kind | range] = frozenset()
        self._starts: tuple[int, ...] = (0,)
        self._results: Results | None = None
        super().__init__(**kwargs)
        self.kinds: list[Chip] = []
        self.ages: list[Chip] = []
        self.ids.listing.bind(shown=lambda *_: self._say_shown())

    def enter(self, visit: Visit) -> None:
        reading = visit.language, visit.text_size, self.app.theme.portrait
        if reading != self._read_in:
            self._read_in = reading
            self._offer_filters()
            self._mark()
        near = visit.place.target or self.pack.centre.postcode
        self.title = self.app.words("Childcare near {place}").format(place=near or self.pack.centre.name)
        # A postcode that was typed is not read aloud: others may hear.
        self.ids.title.spoken = not visit.place.target
        if visit.place is not self._place:
            self.forget()
            self._place = visit.place
            self._look()

    def forget(self) -> None:
        self._place, self._chosen, self._starts, self._results = None, frozenset(), (0,), None
        self.ids.listing.cards = []
        self.nothing = self.shown_of = self.source = ""
        self.has_before = self.has_more = False
        self._mark()

    def _offer_filters(self) -> None:
        """Above the list where the screen is high; beside it where it is wide, page by page if letters are large."""
        words = self.app.words
        self.kinds = [
            self._chip(kind, say_kind(kind, words), KIND_ICONS[kind]) for kind in Kind if kind is not Kind.OTHER
        ]
        self.ages = [self._chip(band, say_age_band(band, words)) for band in AGE_BANDS]
        # In large letters all kinds together are taller than a wide screen: each can be turned to.
        apart = not self.app.theme.portrait and self.app.theme.text_scale > 1
        kinds = [Chips([chip]) for chip in self.kinds] if apart else [Chips(self.kinds)]
        blocks = [*kinds, FilterHeading(), Chips(self.ages)]
        self.ids.filters.clear_widgets()
        for widget in blocks if self.app.theme.portrait else [FilterPages(blocks=blocks)]:
            self.ids.filters.add_widget(widget)

    def turn(self, by: int) -> None:
        """Show what comes after the cards on the screen, or what was there before them."""
        if by > 0:
            self._starts = (*self._starts, self._starts[-1] + int(self.ids.listing.shown))
        else:
            self._starts = self._starts[:-1] or (0,)
        self._look()

    def _choose(self, choice: Kind | range) -> None:
        self._chosen, self._starts = self._chosen ^ {choice}, (0,)
        self._mark()
        self._look()

    def _look(self) -> None:
        place, asked = self._place, (self._chosen, self._starts)
        near = place.target or self.pack.centre.postcode
        # How many fit is known only once they are laid out, so a page here is no page of the store.
        search = Search(
            near=Postcode.parse(near) if near else None,
            kinds=frozenset(choice for choice in self._chosen if isinstance(choice, Kind)),
            ages=frozenset(age for choice in self._chosen if isinstance(choice, range) for age in choice),
            size=self._starts[-1] + BATCH,
        )
        services = self.app.services

        def current() -> bool:
            return self._place is place and asked == (self._chosen, self._starts)

        self.app.background.run(
            lambda: look(services.childcare, search),
            lambda results: self._show(results) if current() else None,
            lambda _error: self._fail() if current() else None,
        )

    def _show(self, results: Results) -> None:
        self._results = results
        found = results.found[self._starts[-1] :]
        self.ids.listing.cards = [self._card(each) for each in found]
        self.source = say_sources([each.provider for each in found], self.app.words)
        self.nothing = "" if found else self._what_to_try()
        self._say_shown()

    def _fail(self) -> None:
        self.ids.listing.cards, self._results = [], None
        self.shown_of = self.source = ""
        self.nothing = self.app.words("We cannot look this up just now. Please speak to reception.")

    def _what_to_try(self) -> str:
        words = self.app.words
        if self._chosen:
            return words("We found none of these. Try another kind or age, or all of them.")
        return words("We found nothing here. Please ask at reception: they know who else can help.")

    def _say_shown(self) -> None:
        if self._results is None:
            return
        first, shown, total = self._starts[-1], int(self.ids.listing.shown), self._results.total
        says = self.app.words("Showing {first} to {last} of {total}.")
        self.shown_of = says.format(first=first + 1, last=first + shown, total=total) if shown else ""
        self.has_before, self.has_more = first > 0, first + shown < total

    def _card(self, found: Found) -> ProviderCard:
        words, provider = self.app.words, found.provider
        figure, unit = say_distance(found.metres, words) if found.metres is not None else ("", "")
        card = ProviderCard(
            figure=figure,
            unit=unit,
            rough=words("about") if figure and is_rough(found) else "",
            title=provider.name,
            about=" · ".join(part for part in (say_kind(provider.kind, words), say_ages(provider, words)) if part),
            open=provider.open or words("Ask about hours"),
        )
        card.bind(on_touched=lambda *_: self.navigation.go(Place("provider", provider.id)))
        return card

    def _chip(self, choice: Kind | range, says: str, icon: str = "") -> FilterChip:
        chip = FilterChip(text=says, icon=icon, chosen_icon="check")
        chip.choice = choice
        chip.bind(on_touched=lambda *_: self._choose(choice))
        return chip

    def _mark(self) -> None:
        for chip in (*self.kinds, *self.ages):
            chip.chosen = chip.choice in self._chosen


def look(store, search: Search) -> Results:
    """Find childcare; by name where the place to start from is not in the postcode table (the centre's own, say)."""
    try:
        return find_childcare(store, search)
    except UnknownPostcode:
        return find_childcare(store, replace(search, near=None))


load_beside(__file__)
