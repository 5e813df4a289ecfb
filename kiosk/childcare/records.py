"""A Provider as a row of the database, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any

import msgspec

from kiosk.childcare.hours import Span, Terms, Week
from kiosk.childcare.model import Kind, Listed, Postcode, Provider
from kiosk.childcare.words import fold
from kiosk.typed_json import read_json

# What a provider offers, a bit each, as the index keeps it: a search needs all of its own bits.
FUNDED = {0: 1, 15: 2, 30: 4}
_YEAR = 24
TERMS = {Terms.TERM: 8, Terms.HOLIDAYS: 16, Terms.ALL_YEAR: _YEAR}
# Columns that hold a provider's field just as it is.
_PLAIN = (
    "id", "name", "source", "urn", "easting", "northing", "phone", "places", "ages_from", "ages_to",
    "open", "cost", "funded_hours", "term_time", "note", "rating", "example", "masked",
)  # fmt: skip
_FLAGS = {"example", "masked"}  # SQLite has no true and false
_plain = attrgetter(*_PLAIN)
_COLUMNS = (
    *_PLAIN, "origin", "kind", "postcode", "address", "words", "as_at", "rated_on",
    "week", "traits", "also", "shown",
)  # fmt: skip
# Rows go straight to SQLite, as tuples: by way of SQLAlchemy's parameters a register takes half as long again.
INSERT = f"INSERT INTO providers ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608


def to_row(provider: Provider, origin: str) -> tuple[object, ...]:
    """Return what INSERT takes for `provider`, which came with the list called `origin`."""
    address = "\n".join(provider.address)
    return (
        *_plain(provider),
        origin,
        provider.kind.value,
        str(provider.postcode),
        address,
        f" {fold(f'{provider.name} {address}')}",
        provider.as_at.isoformat(),
        provider.rated_on and provider.rated_on.isoformat(),
        write_week(provider.week) if provider.week else "",
        traits_of(provider.funded, provider.terms),
        msgspec.json.encode(provider.also).decode() if provider.also else "",
        True,
    )


def traits_of(funded: Iterable[int], terms: Terms | None) -> int:
    """Return the bits of free hours and of a part of the year. Whoever offers 15 hours offers some: 0 stands for that."""
    hours = {0, *funded} if funded else ()
    return sum(FUNDED[each] for each in hours) + (TERMS[terms] if terms else 0)


def write_week(week: Week) -> str:
    """Return a week as the text that stands for it in the tables: "0 480 1080,1 480 1080"."""
    return ",".join(f"{each.day} {each.opens} {each.closes}" for each in week)


def read_week(text: str) -> Week:
    """Return the week that `write_week` wrote."""
    return tuple(Span(*map(int, each.split())) for each in text.split(",")) if text else ()


def to_provider(row: Mapping[Any, Any], hidden: bool = False) -> Provider:
    """Return the provider that a row of the table stands for."""
    return Provider(
        **{name: row[name] for name in _PLAIN if name not in _FLAGS},
        example=bool(row["example"]),
        masked=bool(row["masked"]),
        kind=Kind(row["kind"]),
        postcode=Postcode.parse(row["postcode"]),
        address=tuple(row["address"].split("\n")) if row["address"] else (),
        as_at=row["as_at"],
        rated_on=row["rated_on"],
        week=read_week(row["week"]),
        terms=next((terms for terms, bits in TERMS.items() if row["traits"] & _YEAR == bits), None),
        funded=tuple(hours for hours, bit in FUNDED.items() if row["traits"] & bit),
        also=read_json(row["also"], tuple[Listed, ...]) if row["also"] else (),
        hidden=hidden,
    )
