"""Childcare near a postcode, nearest first."""

from __future__ import annotations

from dataclasses import replace

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from kiosk.childcare.model import Found, Kind, Offers, Postcode, Results, Search
from kiosk.childcare.search import find_childcare, get_offers
from kiosk.errors import UnknownPostcode
from kiosk.ui.kv import load_beside
from kiosk.ui.screens.base import Screen
from kiosk.ui.screens.childcare_words import (
    AGE_BANDS,
    KIND_ICONS,
    NEEDS,
    Need,
    is_rough,
    say_age_band,
    say_ages,
    say_distance,
    say_kind,
    say_need,
    say_open,
    say_sources,
)
from kiosk.ui.visit import Place, Visit
from kiosk.ui.widgets import listing, vista  # noqa: F401  the kv beside this file names them
from kiosk.ui.widgets.chips import Chip, Chips
from kiosk.ui.widgets.pages import Pages
from kiosk.ui.widgets.touchable import Touchable
from kiosk.ui.widgets.words import Words

Choice = Kind | range | Need
TOGETHER = 4  # chips that stand on one page, should each of them take a row
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
    """A kind of childcare to look for, an age to look for it at, or a time to need it: `choice`."""


class FilterHeading(Words):
    """What the ages below it are asked for."""

    stays = True


class NeedHeading(Words):
    """What the times below it are asked for."""

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
    crowned = BooleanProperty(False)

    def __init__(self, **kwargs) -> None:
        self._place, self._read_in = None, None
        self._chosen: frozenset[Choice] = frozenset()
        self._offers = Offers()
        self._opened: type | None = None
        self._starts: tuple[int, ...] = (0,)
        self._results: Results | None = None
        super().__init__(**kwargs)
        self.kinds: list[Chip] = []
        self.ages: list[Chip] = []
        self.needs: list[Chip] = []
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
        self.open_choices(None)
        self.ids.listing.cards = []
        self.nothing = self.shown_of = self.source = ""
        self.has_before = self.has_more = False
        self._mark()

    def _offer_filters(self) -> None:
        """Above the list where the screen is high; beside it where it is wide, page by page if letters are large.

        Only what some listing says is offered. While nothing is known of the listings, kinds and ages are.
        """
        words, offers = self.app.words, self._offers
        kinds = offers.kinds or frozenset(Kind)
        self.kinds = [
            self._chip(kind, say_kind(kind, words), KIND_ICONS[kind])
            for kind in Kind
            if kind in kinds and kind is not Kind.OTHER
        ]
        bands = AGE_BANDS if offers.ages or not offers.kinds else ()
        self.ages = [self._chip(band, say_age_band(band, words)) for band in bands]
        self.needs = [self._chip(need, say_need(need, words), need.icon) for need in NEEDS if need.is_met(offers)]
        self._lay_filters()

    def _lay_filters(self) -> None:
        self.ids.filters.clear_widgets()
        for widget in self._high() if self.app.theme.portrait else [FilterPages(blocks=self._wide())]:
            self.ids.filters.add_widget(widget)

    def _wide(self) -> list:
        # In large letters all kinds together are taller than a wide screen: each can be turned to.
        together = TOGETHER if self.app.theme.text_scale == 1 else 1
        ages = [FilterHeading(), Chips(self.ages)] if self.ages else []
        needs = [NeedHeading(), *in_blocks(self.needs, together)] if self.needs else []
        return [*in_blocks(self.kinds, together), *ages, *needs]

    def _high(self) -> list:
        """Kinds, or the ages or times that were asked for in their place: the list keeps its room."""
        shown = {range: self.ages, Need: self.needs}.get(self._opened, self.kinds)
        ages = [self._turner(self.app.words("How old is your child?"), range)] if self.ages else []
        times = [self._turner(self.app.words("Times and free hours"), Need)] if self.needs else []
        return [Chips(shown), *([Chips([*ages, *times])] if ages or times else [])]

    def _turner(self, says: str, group: type) -> FilterChip:
        """What opens a group of choices and closes it again; ticked while one of them is chosen."""
        icon = "chevron-up" if self._opened is group else "chevron-down"
        chip = FilterChip(text=says, icon=icon, chosen_icon="check")
        chip.chosen = any(isinstance(choice, group) for choice in self._chosen)
        chip.bind(on_touched=lambda *_: self.open_choices(group))
        return chip

    def open_choices(self, group: type | None) -> None:
        """Put ages (range) or times (Need) in the place of the kinds; what is open already is closed."""
        self._opened = group if group is not self._opened else None
        self._offer_filters()
        self._mark()

    def turn(self, by: int) -> None:
        """Show what comes after the cards on the screen, or what was there before them."""
        if by > 0:
            self._starts = (*self._starts, self._starts[-1] + int(self.ids.listing.shown))
        else:
            self._starts = self._starts[:-1] or (0,)
        self._look()

    def _choose(self, choice: Choice) -> None:
        self._chosen, self._starts = self._chosen ^ {choice}, (0,)
        self._mark()
        self._look()

    def _look(self) -> None:
        place, asked = self._place, (self._chosen, self._starts)
        near = place.target or self.pack.centre.postcode
        # How many fit is known only once they are laid out, so a page here is no page of the store.
        search = asked_for(Postcode.parse(near) if near else None, self._chosen, self._starts[-1] + BATCH)
        services = self.app.services

        def current() -> bool:
            return self._place is place and asked == (self._chosen, self._starts)

        self.app.background.run(
            lambda: (look(services.childcare, search), get_offers(services.childcare)),
            lambda found: self._show(*found) if current() else None,
            lambda _error: self._fail() if current() else None,
        )

    def _show(self, results: Results, offers: Offers) -> None:
        self._results = results
        if offers != self._offers:
            self._offers = offers
            self._offer_filters()
            self._mark()
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
        if any(isinstance(choice, Need) for choice in self._chosen):
            return words("We found none of these. Not every place tells us its times and free hours. Try without them.")
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
            open=say_open(provider, words) or words("Ask about hours"),
        )
        card.bind(on_touched=lambda *_: self.navigation.go(Place("provider", provider.id)))
        return card

    def _chip(self, choice: Choice, says: str, icon: str = "") -> FilterChip:
        chip = FilterChip(text=says, icon=icon, chosen_icon="check")
        chip.choice = choice
        chip.bind(on_touched=lambda *_: self._choose(choice))
        return chip

    def _mark(self) -> None:
        for chip in (*self.kinds, *self.ages, *self.needs):
            chip.chosen = chip.choice in self._chosen


def in_blocks(chips: list[Chip], size: int) -> list[Chips]:
    """Return the chips in blocks of a page that are low enough for any screen."""
    return [Chips(chips[first : first + size]) for first in range(0, len(chips), size)]


def asked_for(near: Postcode | None, chosen: frozenset[Choice], size: int) -> Search:
    """Return the search that the chosen chips stand for: any of the kinds, any of the ages, all of the needs."""
    needs = [choice for choice in chosen if isinstance(choice, Need)]
    return Search(
        near=near,
        kinds=frozenset(choice for choice in chosen if isinstance(choice, Kind)),
        ages=frozenset(age for choice in chosen if isinstance(choice, range) for age in choice),
        size=size,
        slots=tuple(need.slot for need in needs if need.slot),
        terms=next((need.terms for need in needs if need.terms), None),
        funded=max((need.funded for need in needs if need.funded is not None), default=None),
    )


def look(store, search: Search) -> Results:
    """Find childcare; by name where the place to start from is not in the postcode table (the centre's own, say)."""
    try:
        return find_childcare(store, search)
    except UnknownPostcode:
        return find_childcare(store, replace(search, near=None))


load_beside(__file__)
