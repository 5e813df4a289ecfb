"""A text as it is to be said: numbers digit by digit, sums in words, addresses letter by letter, and no marks."""

from __future__ import annotations

import re
from decimal import Decimal

from kiosk.speech.signs import Signs, signs_in

_MARKS = re.compile(r"\*\*|[\u200b-\u200f\u2060-\u206f]")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_WEB = re.compile(
    r"\b(?:https?://)?(?:www\.)?(?P<host>(?:[a-z0-9-]+\.)+(?:uk|com|org|net|eu|info))\b(?P<path>(?:/[\w~%#?=&-]+(?:\.[\w-]+)*)*)/?",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w£.,])(?:\+44[ ]?|0)\d(?:[ ]?\d){6,10}(?!\d)")
_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?) (\d[A-Z]{2})\b")
_POUNDS = re.compile(r"£ ?(?P<sum>\d{1,3}(?:,\d{3})+(?:\.\d\d)?|\d+(?:\.\d\d)?)")
_PERCENT = re.compile(r"(?<=\d) ?%")
_RANGE = re.compile(r"(?:(?<=\d)|(?<=\d[ap]m)) ?[–-] ?(?=\d)")
_GROUP = 3
_MOBILE_GROUP = 5


def as_spoken(words: str, language: str) -> str:
    """Return one text as a voice of `language` is to be given it."""
    signs = signs_in(language)
    said = _MARKS.sub("", words).replace("\u00a0", " ")
    said = _MAIL.sub(lambda found: _address(found[0], signs), said)
    said = _WEB.sub(lambda found: _address(found["host"] + found["path"], signs), said)
    said = _PHONE.sub(lambda found: _digits(found[0]), said)
    said = _POSTCODE.sub(lambda found: f"{_spelled(found[1])}; {_spelled(found[2])}", said)
    said = _POUNDS.sub(lambda found: _pounds(Decimal(found["sum"].replace(",", "")), language), said)
    said = _PERCENT.sub(f" {signs.percent}", said)
    return " ".join(_RANGE.sub(f" {signs.to} ", said).split())


def _address(address: str, signs: Signs) -> str:
    """Return "gov dot U, K slash free dash childcare": what is too short to be a word before the first slash is spelled."""
    names = {".": signs.dot, "/": signs.slash, "-": signs.dash, "@": signs.at}
    host, slash, path = address.partition("/")
    said = [_spelled(part.upper()) if len(part) <= 2 and part not in names else part for part in _split(host)]
    return " ".join(names.get(part, part) for part in [*said, *_split(slash + path)])


def _split(address: str) -> list[str]:
    return [part for part in re.split(r"([./@-])", address) if part]


def _digits(number: str) -> str:
    """Return each digit by itself, with a breath where the number has a space, or where one would make it."""
    groups = number.split()
    if len(groups) == 1:
        rest = number[_MOBILE_GROUP:]
        groups = [number[:_MOBILE_GROUP], *(rest[k : k + _GROUP] for k in range(0, len(rest), _GROUP))]
    return "; ".join(_spelled(group) for group in groups)


def _spelled(letters: str) -> str:
    """With commas: "A A" would be said as an article before a letter."""
    return ", ".join(letters)


def _pounds(sum_: Decimal, language: str) -> str:
    pounds, pence = divmod(int(sum_ * 100), 100)
    if language == "en":
        return f"{pounds} {'pound' if pounds == 1 else 'pounds'}" + (f" {pence:02}" if pence else "")
    from babel.core import UnknownLocaleError
    from babel.numbers import format_currency

    shown = "#,##0.00" if pence else "#,##0"
    try:
        return str(
            format_currency(
                sum_, "GBP", shown, language, currency_digits=False, format_type="name", group_separator=False
            )
        )
    except UnknownLocaleError:
        return f"{sum_} £"
