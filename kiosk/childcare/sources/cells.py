"""What single cells hold: days, numbers, postcodes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from kiosk.childcare.model import Postcode
from kiosk.errors import PostcodeFaulty

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_SPELT = re.compile(rf"([0-9]{{1,2}})(?:st|nd|rd|th)?[ _-]+({'|'.join(_MONTHS)})[ _-]+([0-9]{{4}})", re.IGNORECASE)
_COUNT = re.compile(r"[0-9]{1,5}")


class RowFaulty(Exception):
    """Why one row cannot be used, to follow the words "line 12"; it does not repeat what a cell holds."""


def parse_postcode(cell: str) -> Postcode:
    """Raises RowFaulty."""
    try:
        return Postcode.parse(cell)
    except PostcodeFaulty as why:
        raise RowFaulty("has no usable postcode") from why


def parse_count(cell: str) -> int | None:
    """Read a whole number of up to five digits; anything else is None."""
    return int(cell) if _COUNT.fullmatch(cell) else None


def parse_urn(cell: str) -> str:
    """Read Ofsted's number as it is compared between lists: "ey 101465" is EY101465; without a digit it is none."""
    urn = "".join(cell.split()).upper()
    return urn if any(map(str.isdigit, urn)) else ""


@lru_cache(4096)
def parse_date(cell: str) -> date | None:
    """Read DD/MM/YYYY, also with a time behind it; anything else is None."""
    found = _SLASHED.match(cell)
    return _date(found[3], found[2], found[1]) if found else None


def read_day(text: str) -> date | None:
    """Read a day that a text begins with, as JSON writes it: 2026-03-02 or 2026-03-02T10:00:00Z; anything else is None."""
    found = _ISO.match(text)
    return _date(*found.groups()) if found else None


def find_date(texts: Iterable[str]) -> date | None:
    """Return the first day named in `texts`: 31 August 2021, 31_August_2021, 2021-08-31 or 31/08/2021."""
    return next(filter(None, map(_find_date, texts)), None)


def _find_date(text: str) -> date | None:
    if spelt := _SPELT.search(text):
        return _date(spelt[3], str(_MONTHS.index(spelt[2].lower()) + 1), spelt[1])
    if iso := _ISO.search(text):
        return _date(*iso.groups())
    slashed = _SLASHED.search(text)
    return _date(slashed[3], slashed[2], slashed[1]) if slashed else None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
