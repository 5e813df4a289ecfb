"""Childcare places as frozen facts, and what a parent asks for. Distances are metres on the British National Grid."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kiosk.childcare.hours import Slot, Terms, Week
from kiosk.errors import PostcodeFaulty

METRES_PER_MILE = 1609.344
# Royal Mail's shapes (A9, A99, AA9, AA99, A9A, AA9A, then 9AA); whether such a code exists is for the table to say.
_SHAPE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})?")


@dataclass(frozen=True, slots=True)
class Postcode:
    """A UK postcode, in full or its outward part only ("OX4"). Made by `parse`, printed by `str`."""

    outward: str
    inward: str = ""

    @classmethod
    def parse(cls, text: str) -> Postcode:
        """Read a postcode however it is spaced or cased. Raises PostcodeFaulty, which does not repeat the text."""
        shape = _SHAPE.fullmatch("".join(text.split()).upper())
        if shape is None:
            raise PostcodeFaulty(
                "That is not a postcode.", "A postcode looks like OX4 4UY. The first part, OX4, is enough."
            )
        return cls(shape[1], shape[2] or "")

    @property
    def compact(self) -> str:
        """The postcode without its space: the key of the postcode table."""
        return self.outward + self.inward

    @property
    def is_full(self) -> bool:
        return self.inward != ""

    def __str__(self) -> str:
        return f"{self.outward} {self.inward}".rstrip()


class Kind(StrEnum):
    """What sort of place it is. The values are the words that spreadsheets and the command line use."""

    NURSERY = "nursery"
    PRE_SCHOOL = "pre-school"
    CHILDMINDER = "childminder"
    OUT_OF_SCHOOL_CLUB = "out-of-school club"
    HOLIDAY_CLUB = "holiday club"
    CRECHE = "creche"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Listed:
    """That a source lists a provider, and the day that its list describes."""

    source: str
    as_at: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One childcare place, as its source gives it on `as_at`. What a source does not say is empty or None.

    id        unique over all sources: source and the source's own key, "ofsted:EY101465"
    urn       Ofsted's unique reference number, or empty
    address   lines without the postcode, the town last; empty when withheld, then `postcode` is outward only
    masked    its list keeps the address to itself: no other list that knows it tells it (R24)
    easting, northing  metres on the British National Grid; both None while the postcode is not in the table
    phone     as the source writes it
    places    how many children it is registered for
    ages_from, ages_to  whole years, both included
    open, cost, funded_hours, term_time, note  the source's own words
    week, terms  the opening hours as data, where the words are wholly understood
    funded    free hours a week that it offers, as data: 0 if it offers any, then 15, 30 where it names them
    also      the other sources that list it too, where several were merged
    rating    Ofsted's grade in words, only ever together with `rated_on`: single grades ended on 10 November 2025
    example   made up for showing; vanishes as soon as a real source is loaded
    hidden    staff took it off the screen
    """

    id: str
    name: str
    kind: Kind
    postcode: Postcode
    source: str
    as_at: date
    urn: str = ""
    address: tuple[str, ...] = ()
    masked: bool = False
    easting: int | None = None
    northing: int | None = None
    phone: str = ""
    places: int | None = None
    ages_from: int | None = None
    ages_to: int | None = None
    open: str = ""
    cost: str = ""
    funded_hours: str = ""
    term_time: str = ""
    note: str = ""
    rating: str = ""
    rated_on: date | None = None
    week: Week = ()
    terms: Terms | None = None
    funded: tuple[int, ...] = ()
    also: tuple[Listed, ...] = ()
    example: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Search:
    """What a parent asks for. Empty `kinds` is every kind; `page` counts from 1; `size` is listings to a page.

    `text` words must each begin a word of the name, address or town, whatever their case and accents. A provider that does
    not say its ages is kept whatever the `ages`, whole years of children who need a place: one that takes any of them is
    kept. Without `near` the order is by name.

    `slots` are times that it must all be open at; `terms` a part of the year that it must be open in; `funded` the free
    hours that it must offer, 0 for any. Here who does not say is left out: a parent would come to a closed door.
    `within` is metres from `near`.
    """

    near: Postcode | None = None
    kinds: frozenset[Kind] = frozenset()
    text: str = ""
    ages: frozenset[int] = frozenset()
    page: int = 1
    size: int = 10
    slots: tuple[Slot, ...] = ()
    terms: Terms | None = None
    funded: int | None = None
    within: int | None = None


@dataclass(frozen=True)
class Found:
    """A provider and how far it is, in metres as the crow flies; None when the search had no place to start from."""

    provider: Provider
    metres: int | None = None

    @property
    def miles(self) -> float | None:
        return None if self.metres is None else self.metres / METRES_PER_MILE


@dataclass(frozen=True)
class Offers:
    """What can be searched for: of what is on show, at least one provider says it."""

    kinds: frozenset[Kind] = frozenset()
    ages: bool = False
    weeks: tuple[Week, ...] = ()
    terms: frozenset[Terms] = frozenset()
    funded: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Results:
    """One page of listings, nearest first. `total` counts every page; `pages` is 0 when nothing was found.

    With `more` there are more than `total`: the nearest of a search by words are counted, and leafed through, to 3,000.
    """

    found: tuple[Found, ...]
    total: int
    page: int
    pages: int
    near: Postcode | None = None
    more: bool = False
