"""Dated figures as words. After its `review_by` a figure is not shown; its `ask` words stand in (R23)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from kiosk.pack.model import Fact, Season, Unit

KEEP_DAYS = "keep-days"
"""The fact that says how long a handled request is kept; a kiosk that has a hub goes by the hub's own days."""

NUMERIC = frozenset({Unit.POUNDS, Unit.PERCENT})
"""Units whose value is a number; the others are shown as written."""

FACT = re.compile(r"\{fact:([^{}]*)\}")
"""How words refer to a fact: `{fact:uc-childcare-max-one}`."""

_NUMBER = re.compile(r"\d{1,12}(\.\d{1,4})?")


def shown(fact: Fact) -> str:
    """Return the value as a parent reads it: £12.71, £1,071.09, £500, 85%, 1 September 2026, else as written.

    Of seasonal words it is the longest: whatever has room for them has room for the others.
    """
    match fact.unit:
        case Unit.SEASON:
            return max((season.say for season in fact.seasons), key=len, default="")
        case Unit.POUNDS:
            return _pounds(Decimal(fact.value))
        case Unit.PERCENT:
            return f"{fact.value}%"
        case Unit.DATE if is_date(fact.value):
            return long_date(date.fromisoformat(fact.value))
        case _:
            return fact.value


def shown_on(fact: Fact, today: date) -> str:
    """Return what a parent reads for the fact on a day: its value, the words of its season, or `ask` when it is stale."""
    if is_stale(fact, today):
        return fact.ask
    if fact.unit is Unit.SEASON:
        return next((season.say for season in fact.seasons if is_in(season, today)), fact.ask)
    return shown(fact)


def is_in(season: Season, day: date) -> bool:
    """Return whether a day is in the season. One that ends before it begins runs over New Year."""
    at = (day.month, day.day)
    if season.first <= season.last:
        return season.first <= at <= season.last
    return at >= season.first or at <= season.last


def is_stale(fact: Fact, today: date) -> bool:
    """Return whether the day by which the fact had to be checked again has passed. On the day itself it still holds.

    Before the day on which it was checked it is stale as well: by such a clock nobody can tell how old it is.
    """
    return today > fact.review_by or is_before_check(fact, today)


def is_before_check(fact: Fact, today: date) -> bool:
    """Return whether a clock says a day on which the fact had not been checked: that of a machine which woke in 1970."""
    return today < fact.checked_on


def is_clock_behind(facts: Mapping[str, Fact], today: date) -> bool:
    """Return whether the clock says a day before one on which a fact was checked: nothing dated can be told by it."""
    return any(is_before_check(fact, today) for fact in facts.values())


def fill(text: str, facts: Mapping[str, Fact], today: date) -> str:
    """Return the text with each {fact:id} replaced by what is shown for it on the day.

    Raises KeyError for a fact that there is none of; a pack that was read refers to none such.
    """
    return fill_by(text, lambda id: shown_on(facts[id], today))


def fill_by(text: str, words: Callable[[str], str]) -> str:
    """Return the text with each {fact:id} replaced by what `words` gives for the id."""
    return FACT.sub(lambda found: words(found[1]), text)


def find_facts_in(text: str) -> list[str]:
    """Return the ids of the facts that a text refers to."""
    return FACT.findall(text)


def find_stale(facts: Mapping[str, Fact], today: date) -> tuple[str, ...]:
    """Return the ids of the facts that are not shown any more."""
    return tuple(fact.id for fact in facts.values() if is_stale(fact, today))


def is_number(value: str) -> bool:
    """Return whether a value is a plain decimal number: digits, perhaps a point and up to four more."""
    return value.isascii() and _NUMBER.fullmatch(value) is not None


def is_date(value: str) -> bool:
    """Return whether a value is a day written like 2026-11-01."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def long_date(day: date, language: str = "en") -> str:
    """Return "1 September 2026" as the language says it, its digits Latin ones (Unicode CLDR, by way of Babel)."""
    if language == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    # Only now: English needs no table of other months.
    from babel import UnknownLocaleError
    from babel.dates import format_date

    try:
        return format_date(day, "long", locale=language)
    except UnknownLocaleError:
        return long_date(day)


def _pounds(amount: Decimal) -> str:
    return f"£{amount:,.0f}" if amount == amount.to_integral_value() else f"£{amount:,.2f}"


# Not strftime: its month names follow the machine's language.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
