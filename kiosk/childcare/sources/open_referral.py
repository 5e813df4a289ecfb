"""A service as Open Referral UK tells of it, versions 1 and 3, and Outpost, which speaks much the same.

Nothing of a feed is believed: official samples hold a latitude of 100, the country "US" and names that read "string". Such
a service is refused with the reason; fields that are not known here are left alone. The address of a home, which is every
childminder's and nanny's and any that Outpost masks, is kept to its outward part and to a hundredth of a degree (R24).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from enum import Enum
from typing import Any

from kiosk.childcare.consent import is_withheld
from kiosk.childcare.grid import is_in_britain, to_grid
from kiosk.childcare.hours import read_terms
from kiosk.childcare.kinds import find_kind_of, is_home
from kiosk.childcare.model import Postcode, Provider
from kiosk.childcare.say_hours import say_week
from kiosk.childcare.sources import schedules
from kiosk.childcare.sources.cells import RowFaulty, parse_postcode, parse_urn, read_day
from kiosk.childcare.understood import understood

Json = Mapping[str, Any]

OLDEST = 19  # years; who is older needs no childcare, so no upper age is told
NOTE_AT_MOST = 300  # characters
_RUNNING = {"", "active", "published"}
_PLACEHOLDERS = {"string", "name", "test", "null", "none", "undefined"}
_BRITAIN = {
    "", "gb", "gbr", "uk", "united kingdom", "great britain", "england", "scotland", "wales", "cymru",
    "united kingdom of great britain and northern ireland",
}  # fmt: skip
_FREE_HOURS = re.compile(
    r"\b(?:15|30)[ -]hours?\b|funded|free (?:early|child|entitlement|hours)|early years entitlement", re.I
)
_URN = re.compile(r"(?:EY|VC|CA)?[0-9]{5,7}")
_URN_NAMES = ("ofsted_urn", "urn", "ofsted_reference_number", "ofsted_number")
_TAG = re.compile(r"<[^>]{0,500}>")
_SENTENCE = re.compile(r".*[.!?](?=\s|$)", re.DOTALL)


class Left(Enum):
    """Why a service that has nothing wrong with it is not listed."""

    NO_CHILDCARE = "no childcare"
    NOT_RUNNING = "not running"
    WITHHELD = "withheld"


def read_service(service: Any, origin: str, source: str, today: date) -> Provider | Left:
    """Return the provider that a service is, as the list called `origin` gives it; `source` is shown to parents.

    Raises RowFaulty for what cannot be used; its reason repeats nothing that the service holds.
    """
    name, key = _named(service)
    if not _is_running(service, today):
        return Left.NOT_RUNNING
    terms = list(_terms(service))
    kind = find_kind_of((*terms, name))
    if kind is None:
        return Left.NO_CHILDCARE
    location = _location(service)
    if _is_private(name, location):
        return Left.WITHHELD
    ages_from, ages_to = _ages(service)
    provider = Provider(
        id=f"{origin}:{key}",
        urn=find_urn(service),
        name=name,
        kind=kind,
        postcode=parse_postcode(_words(_address(location), "postal_code")),
        address=_lines(location),
        phone=_phone(service),
        ages_from=ages_from,
        ages_to=ages_to,
        cost=_cost(service),
        funded_hours=", ".join(dict.fromkeys(term for term in terms if _FREE_HOURS.search(term))),
        term_time=next((term for term in terms if read_terms(term)), ""),
        note=_note(_words(service, "description")),
        source=source,
        as_at=today,
    )
    provider = _placed(provider, location, is_masked=is_home((*terms, name)) or _masks(location))
    return _with_hours(provider, service, today)


def _named(service: Any) -> tuple[str, str]:
    """Return a service's name and its id. Raises RowFaulty."""
    if not isinstance(service, Mapping):
        raise RowFaulty("is no service")
    name, key = _words(service, "name"), _words(service, "id")
    if not name or name.lower() in _PLACEHOLDERS:
        raise RowFaulty("has no name")
    if not key or len(key) > 200:
        raise RowFaulty("has no id")
    return name, key


def find_urn(service: Json) -> str:
    """Return Ofsted's number where the service names one as such, else nothing: free text is never searched for it."""
    said = [_words(service, name) for name in _URN_NAMES]
    for each in (*_several(service, "meta"), *_several(service, "identifiers"), *_several(service, "attributes")):
        scheme = " ".join(_words(each, name) for name in ("key", "identifier_scheme", "identifier_type", "label"))
        if "ofsted" in scheme.lower() or re.search(r"\burn\b", scheme, re.I):
            said.append(_words(each, "value") or _words(each, "identifier"))
    return next(filter(_URN.fullmatch, map(parse_urn, said)), "")


def has_place(service: Json) -> bool:
    """Tell whether a row of a list holds its locations already, so that its own page need not be fetched."""
    return bool(_address(_location(service)))


def _words(of: Json, field: str) -> str:
    value = of.get(field)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(_TAG.sub(" ", str(value)).split())


def _several(of: Json, *fields: str) -> Iterator[Json]:
    """Yield the objects in the lists called `fields`; a single object counts as a list of one."""
    for field in fields:
        value = of.get(field)
        for each in value if isinstance(value, list) else (value,):
            if isinstance(each, Mapping):
                yield each


def _is_running(service: Json, today: date) -> bool:
    begins, ends = (read_day(_words(service, field)) for field in ("visible_from", "visible_to"))
    if (begins and begins > today) or (ends and ends < today) or service.get("visible") is False:
        return False
    return _words(service, "status").lower() in _RUNNING and service.get("temporarily_closed") is not True


def _terms(service: Json) -> Iterator[str]:
    """Yield what a service is filed under: taxonomy terms, in whichever way its version nests them."""
    for each in _several(service, "service_taxonomys", "service_taxonomies", "attributes", "taxonomies"):
        for term in (each, *_several(each, "taxonomy", "taxonomy_term")):
            yield from filter(None, (_words(term, "name"), _words(term, "term")))


def _location(service: Json) -> Json:
    """Return the first location that has a postcode, else the first."""
    at = [place for each in _several(service, "service_at_locations") for place in _several(each, "location")]
    every = [*at, *_several(service, "locations")]
    return next((each for each in every if _words(_address(each), "postal_code")), next(iter(every), {}))


def _address(location: Json) -> Json:
    """Version 1 has physical_addresses, version 3 addresses; Outpost's location is its own address."""
    addresses = list(_several(location, "physical_addresses", "addresses"))
    filled = (each for each in addresses if _words(each, "postal_code"))
    return next(filled, location if "postal_code" in location else {})


def _is_private(name: str, location: Json) -> bool:
    """A name or address that was blacked out; Outpost's own mask stands only for the street of a home."""
    lines = () if _masks(location) else ("address_1", "address_2", "city", "postal_code")
    return is_withheld((name, *(_words(_address(location), line) for line in lines)))


def _masks(location: Json) -> bool:
    return location.get("mask_exact_address") is True


def _lines(location: Json) -> tuple[str, ...]:
    address = _address(location)
    if _words(address, "country").lower() not in _BRITAIN:
        raise RowFaulty("is in another country")
    lines = (_words(address, field) for field in ("address_1", "address_2", "city"))
    return tuple(line for line in lines if line and line.lower() not in _PLACEHOLDERS)


def _placed(provider: Provider, location: Json, is_masked: bool) -> Provider:
    point = _point(location)
    if is_masked:
        provider = replace(provider, address=(), postcode=Postcode(provider.postcode.outward), masked=True)
        point = point and (round(point[0], 2), round(point[1], 2))
    if point is None:
        return provider
    easting, northing = to_grid(*point)
    return replace(provider, easting=easting, northing=northing)


def _point(location: Json) -> tuple[float, float] | None:
    """Return latitude and longitude, if they are given. Nought and nought is how feeds write that they do not know."""
    given: list[Any] = [location.get("latitude"), location.get("longitude")]
    geometry = location.get("geometry")
    if isinstance(geometry, Mapping) and isinstance(geometry.get("coordinates"), list):
        given = geometry["coordinates"][1::-1]
    if len(given) != 2 or any(each in (None, "") for each in given):
        return None
    try:
        latitude, longitude = map(float, given)
    except (TypeError, ValueError) as why:
        raise RowFaulty("has coordinates that are no numbers") from why
    if latitude == longitude == 0:
        return None
    if not is_in_britain(latitude, longitude):
        raise RowFaulty("has coordinates outside Great Britain")
    return latitude, longitude


def _ages(service: Json) -> tuple[int | None, int | None]:
    several = (service, *_several(service, "eligibilitys", "eligibility", "eligibilities"))
    youngest = [
        age for each in several for age in (_age(each, "minimum_age"), _age(each, "min_age")) if age is not None
    ]
    oldest = [age for each in several for age in (_age(each, "maximum_age"), _age(each, "max_age")) if age is not None]
    ages_from, ages_to = min(youngest, default=None), max(oldest, default=None)
    if ages_from is not None and ages_to is not None and ages_from > ages_to:
        raise RowFaulty("has ages that end before they begin")
    return ages_from, ages_to if ages_to is not None and ages_to <= OLDEST else None


def _age(of: Json, field: str) -> int | None:
    said = _words(of, field)
    if not said:
        return None
    try:
        age = float(said)
    except ValueError as why:
        raise RowFaulty("has an age that is no number") from why
    if not 0 <= age <= 130:
        raise RowFaulty("has an age that nobody has")
    return int(age)


def _phone(service: Json) -> str:
    contacts = [each for each in _several(service, "contacts") if each.get("visible") is not False]
    numbers = [_words(phone, "number") for each in (*contacts, service) for phone in _several(each, "phones")]
    numbers += [_words(each, "phone") for each in contacts]
    # A number without digits is a placeholder.
    return next((number for number in numbers if sum(map(str.isdigit, number)) >= 6 and len(number) <= 40), "")


def _cost(service: Json) -> str:
    said = [_words(service, "fees"), _words(service, "fees_description")]
    for each in _several(service, "cost_options"):
        amount = _words(each, "amount")
        price = amount and f"£{amount.removeprefix('£').removesuffix('.0')}"
        paid = " ".join(filter(None, (price, _words(each, "amount_description") or _words(each, "cost_type"))))
        said.append(": ".join(filter(None, (_words(each, "option"), paid))))
    if service.get("free") is True:
        said.append("Free")
    told = (each for each in said if each and each.lower() not in _PLACEHOLDERS)
    return _note("; ".join(dict.fromkeys(told)))


def _note(text: str) -> str:
    """Return a text that is not too long for a card: whole sentences as far as there is room."""
    if text.lower() in _PLACEHOLDERS:
        return ""
    if len(text) <= NOTE_AT_MOST:
        return text
    whole = _SENTENCE.match(text[:NOTE_AT_MOST])
    return whole[0] if whole else text[: NOTE_AT_MOST - 1].rsplit(" ", 1)[0] + "…"


def _with_hours(provider: Provider, service: Json, today: date) -> Provider:
    """Return the provider with its hours, and its words understood; no words make a week of what is not every week."""
    fields = ("regular_schedules", "regular_schedule", "schedules")
    at = [each for place in _several(service, "service_at_locations") for each in _several(place, *fields)]
    # The service's own and those of its place may say the same twice.
    now = schedules.current([*_several(service, *fields), *at], today)
    week = schedules.read_week(now)
    words = say_week(week) if week and not schedules.has_words(now) else schedules.in_words(now)
    known = understood(replace(provider, open=_note(words), week=week))
    return known if schedules.are_weekly(now) else replace(known, week=())
