"""What the screen says about a childcare place, in the parent's language. `words` translates the programme's own words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from babel.dates import get_day_names

from kiosk.childcare.hours import WEEKDAYS, WEEKEND, Slot, Terms, is_open
from kiosk.childcare.model import METRES_PER_MILE, Found, Kind, Listed, Offers, Provider
from kiosk.childcare.say_hours import say_week
from kiosk.pack.facts import long_date
from kiosk.pack.translate import Translation

METRES_UP_TO = METRES_PER_MILE / 4  # a quarter of a mile; beyond it miles say more

KIND_ICONS = {
    Kind.NURSERY: "blocks",
    Kind.PRE_SCHOOL: "school",
    Kind.CHILDMINDER: "house",
    Kind.OUT_OF_SCHOOL_CLUB: "backpack",
    Kind.HOLIDAY_CLUB: "sun",
    Kind.CRECHE: "baby",
    Kind.OTHER: "shapes",
}


def say_kind(kind: Kind, words: Translation) -> str:
    return {
        Kind.NURSERY: words("Nursery"),
        Kind.PRE_SCHOOL: words("Pre-school"),
        Kind.CHILDMINDER: words("Childminder"),
        Kind.OUT_OF_SCHOOL_CLUB: words("Out-of-school club"),
        Kind.HOLIDAY_CLUB: words("Holiday club"),
        Kind.CRECHE: words("Crèche"),
        Kind.OTHER: words("Other childcare"),
    }[kind]


AGE_BANDS = (range(0, 2), range(2, 3), range(3, 5), range(5, 8), range(8, 18))
"""Ages that a parent chooses from, in whole years: as free hours and school part them."""


def say_age_band(band: range, words: Translation) -> str:
    return {
        AGE_BANDS[0]: words("Under 2"),
        AGE_BANDS[1]: words("2 years"),
        AGE_BANDS[2]: words("3 and 4"),
        AGE_BANDS[3]: words("5 to 7"),
        AGE_BANDS[4]: words("8 and over"),
    }[band]


@dataclass(frozen=True)
class Need:
    """When a parent needs a place, or free hours that it must offer."""

    icon: str
    slot: Slot | None = None
    terms: Terms | None = None
    funded: int | None = None

    def is_met(self, offers: Offers) -> bool:
        """Whether any listing says that it meets this need: a choice that finds nothing is not offered."""
        if self.slot:
            return any(is_open(week, self.slot) for week in offers.weeks)
        return self.terms in offers.terms or self.funded in offers.funded


BEFORE_SCHOOL = Need("sunrise", Slot(WEEKDAYS, 8 * 60, 8 * 60 + 45))
AFTER_SCHOOL = Need("sunset", Slot(WEEKDAYS, 15 * 60 + 30, 17 * 60 + 30))
ALL_DAY = Need("clock", Slot(WEEKDAYS, 9 * 60, 17 * 60))
EVENINGS = Need("moon", Slot(WEEKDAYS, 18 * 60, 19 * 60))
WEEKENDS = Need("calendar", Slot(WEEKEND, 10 * 60, 12 * 60))
HOLIDAYS = Need("tree-palm", terms=Terms.HOLIDAYS)
FREE_HOURS = Need("hourglass", funded=0)
FREE_30 = Need("hourglass", funded=30)
NEEDS = (BEFORE_SCHOOL, ALL_DAY, AFTER_SCHOOL, EVENINGS, WEEKENDS, HOLIDAYS, FREE_HOURS, FREE_30)


def say_need(need: Need, words: Translation) -> str:
    return {
        BEFORE_SCHOOL: words("Before school"),
        AFTER_SCHOOL: words("After school"),
        ALL_DAY: words("All day"),
        EVENINGS: words("Evenings"),
        WEEKENDS: words("Weekends"),
        HOLIDAYS: words("School holidays"),
        FREE_HOURS: words("Free hours"),
        FREE_30: words("30 free hours"),
    }[need]


def say_open(provider: Provider, words: Translation) -> str:
    """Return when a place is open: in its own words, or in the parent's language where all of them can be said in it.

    A part of the year that only these words name has no words of the programme's own: then they stay as they are.
    """
    says_terms = provider.terms is not None and not provider.term_time
    if words.language == "en" or not provider.week or says_terms:
        return provider.open
    names = get_day_names("wide", locale=words.language)
    return say_week(provider.week, [names[day] for day in range(7)], _times, "–")


def _times(opens: int, closes: int) -> str:
    """Return "08:00–18:00", which stays in this order inside words that run from right to left."""
    start, end = (f"{at // 60:02}:{at % 60:02}" for at in (opens, closes))
    return f"\u2066{start}–{end}\u2069"


def say_distance(metres: int, words: Translation) -> tuple[str, str]:
    """Return the figure and its unit: metres rounded to ten under a quarter of a mile, else miles to one decimal."""
    if metres < METRES_UP_TO:
        return str(max(10, round(metres, -1))), words("metres")
    return f"{metres / METRES_PER_MILE:.1f}", words("miles")


def is_rough(found: Found) -> bool:
    """A place that gives only the first part of its postcode stands in the middle of it."""
    return not found.provider.postcode.is_full


def say_away(found: Found, words: Translation) -> str:
    """Return "About 1.1 miles away", or nothing when there was no place to measure from."""
    if found.metres is None:
        return ""
    figure, unit = say_distance(found.metres, words)
    away = words("About {distance} away") if is_rough(found) else words("{distance} away")
    return away.format(distance=f"{figure} {unit}")


def say_ages(provider: Provider, words: Translation) -> str:
    youngest, oldest = provider.ages_from, provider.ages_to
    if youngest is None and oldest is None:
        return ""
    if oldest is None:
        return words("ages {from_} and over").format(from_=youngest)
    return words("ages {from_} to {to}").format(from_=youngest or 0, to=oldest)


def say_source(provider: Provider, words: Translation) -> str:
    """Return where a listing comes from, and of which day it is (R24); of each list that was merged into it."""
    return " ".join(dict.fromkeys(_say_listed(provider, words)))


def _say_listed(provider: Provider, words: Translation) -> list[str]:
    if provider.example:
        return [words("Example list, as at {date}.").format(date=long_date(provider.as_at, words.language))]
    says = words("{source}, as at {date}.")
    lists = (Listed(provider.source, provider.as_at), *provider.also)
    return [says.format(source=each.source, date=long_date(each.as_at, words.language)) for each in lists]


def say_sources(providers: Sequence[Provider], words: Translation) -> str:
    """Return each source on the screen once."""
    return " ".join(dict.fromkeys(says for provider in providers for says in _say_listed(provider, words)))


def say_rows(provider: Provider, words: Translation) -> list[tuple[str, str, str]]:
    """Return icon, label and value of all that the source gives; what it does not give has no row."""
    address = ", ".join((*provider.address, str(provider.postcode)))
    rating = (
        words("{grade}, given on {date}").format(
            grade=provider.rating, date=long_date(provider.rated_on, words.language)
        )
        if provider.rating and provider.rated_on
        else ""
    )
    rows = [
        ("map-pin", words("Where"), address),
        ("phone", words("Phone"), provider.phone),
        ("clock", words("Open"), say_open(provider, words)),
        ("calendar", words("Term time or all year"), provider.term_time),
        ("hourglass", words("Free hours"), provider.funded_hours),
        ("wallet", words("Cost"), provider.cost),
        ("users", words("Places for children"), str(provider.places or "")),
        ("star", words("Ofsted said"), rating),
        ("info", words("Good to know"), provider.note),
    ]
    return [row for row in rows if row[2]]
