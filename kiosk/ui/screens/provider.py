"""One childcare place: all that its listing gives, and nothing more."""

from __future__ import annotations

from math import hypot

from kiosk.childcare.model import Found, Postcode
from kiosk.errors import UnknownPostcode, UnknownProvider
from kiosk.ui.screens.advice import AdviceScreen
from kiosk.ui.screens.childcare_words import KIND_ICONS, say_ages, say_away, say_kind, say_rows, say_source
from kiosk.ui.visit import Visit
from kiosk.ui.widgets.card import Card
from kiosk.ui.widgets.pair import in_columns
from kiosk.ui.widgets.words import Words

TOPIC = "find-childcare"  # what a call asked for from here is about, where the pack has this topic


class ProviderScreen(AdviceScreen):
    """`place.target` is the provider's id; the distance is from the postcode of the search that led here."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self._place, self._found = None, None

    def enter(self, visit: Visit) -> None:
        self.has_road = False
        self.topic = TOPIC if TOPIC in self.pack.callback.topics else ""
        if visit.place is not self._place:
            self.forget()
            self._place = visit.place
            self._look(visit)
        elif self._found:
            self._present(visit)

    def forget(self) -> None:
        super().forget()
        self._place, self._found = None, None

    def _look(self, visit: Visit) -> None:
        place, services = visit.place, self.app.services
        searched = next((p.target for p in reversed(visit.places) if p.screen == "childcare"), "")
        near = searched or self.pack.centre.postcode
        self.app.background.run(
            lambda: get_found(services.childcare, place.target, near),
            lambda found: self._show(found) if self._place is place else None,
            lambda _error: self._fail() if self._place is place else None,
        )

    def _show(self, found: Found) -> None:
        self._found, self.sign = found, KIND_ICONS[found.provider.kind]
        self._present(self.navigation.visit)

    def _present(self, visit: Visit) -> None:
        self.present((self._found.provider.id, self.reading(visit)), lambda: self._blocks(self._found))

    def _fail(self) -> None:
        self.ids.pages.blocks = [self.title(self.app.words("This place is not in the list any more."))]

    def _blocks(self, found: Found) -> list:
        words, provider = self.app.words, found.provider
        about = (say_kind(provider.kind, words), say_ages(provider, words), say_away(found, words))
        facts = [self._fact(*row) for row in say_rows(provider, words)]
        return [
            literal(self.title(""), provider.name),
            literal(self.paragraph(""), " · ".join(part for part in about if part)),
            *in_columns(facts, self.columns),
            literal(self.paragraph(""), say_source(provider, words)),
            self.take_away(),
            *self._ask_for_call(),
        ]

    def _fact(self, icon: str, label: str, value: str) -> Card:
        return Card(title=value, hint=label, icon=icon, tail="", enabled=False, grows=self.app.theme.unit * 140)

    def _ask_for_call(self) -> list:
        if not self.app.services.can_take_requests:
            return []
        words = self.app.words
        card = Card(
            title=words("Ask for a call about this"),
            hint=words("We ring you when it is safe"),
            icon="phone",
            tail="chevron-right",
            tone="path",
            grows=self.app.theme.unit * 160,
        )
        card.bind(on_touched=lambda *_: self.navigation.ask_for_call(self.topic))
        return [card]


def literal(block: Words, says: str) -> Words:
    """A listing's own words are not a pack's: nothing is filled into them."""
    block.text = says
    return block


def get_found(store, provider_id: str, near: str) -> Found:
    """Return a provider and how far it is from a postcode, if both have a place. Raises UnknownProvider."""
    provider = store.get_provider(provider_id)
    if provider.hidden:
        raise UnknownProvider("That provider was taken off the screen.", "Take it back with kiosk childcare show.")
    if not near or provider.easting is None or provider.northing is None:
        return Found(provider)
    try:
        place = store.get_place(Postcode.parse(near))
    except UnknownPostcode:
        return Found(provider)
    return Found(provider, round(hypot(provider.easting - place.easting, provider.northing - place.northing)))
