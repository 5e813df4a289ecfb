"""Which column of a spreadsheet holds what: proposed from its headers, confirmed by a person, remembered by its list."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from kiosk.childcare.words import squash
from kiosk.errors import ChildcareFileFaulty

SPELLINGS: Mapping[str, Sequence[str]] = {
    "name": ("name", "provider name", "setting name", "setting", "provider", "service name", "business name", "nursery name"),
    "postcode": ("postcode", "post code", "provider postcode", "setting postcode", "address postcode"),
    "kind": ("kind", "type", "provider type", "type of childcare", "childcare type", "setting type", "category", "service type"),
    "address": ("address", "full address", "setting address", "address line 1", "address 1", "address1", "street"),
    "address_2": ("address line 2", "address 2", "address2"),
    "address_3": ("address line 3", "address 3", "address3"),
    "town": ("town", "city", "town or city", "town/city", "post town"),
    "urn": ("urn", "ofsted urn", "provider urn", "ofsted number", "ofsted registration number", "ofsted reference"),
    "phone": ("phone", "telephone", "telephone number", "phone number", "tel", "contact number", "mobile"),
    "ages_from": ("ages from", "age from", "minimum age", "min age", "youngest age", "from age"),
    "ages_to": ("ages to", "age to", "maximum age", "max age", "oldest age", "to age"),
    "ages": ("ages", "age range", "age group", "ages catered for", "ages cared for"),
    "open": ("open", "opening hours", "opening times", "hours", "times", "session times", "days and times"),
    "cost": ("cost", "costs", "fees", "price", "charges"),
    "funded_hours": ("funded hours", "free hours", "funded places", "funding", "funded childcare", "free entitlement"),
    "term_time": ("term time", "term time or all year", "weeks open", "availability", "weeks per year"),
    "places": ("places", "number of places", "registered places", "capacity"),
    "note": ("note", "notes", "description", "about", "further information", "comments"),
    "consent": (
        "consent", "consent to publish", "publish", "consent to share", "public", "consent given", "consented",
    ),
}  # fmt: skip
"""Each field that a column may hold, with the headers it is known by: compared without case, spaces and punctuation."""

REQUIRED = ("name", "postcode")
FILE_NAME = "childcare-columns.yaml"
_NEAR = 0.86  # how alike a header has to be to a spelling: "Opening time" is, "Opening" is not
_KNOWN = {squash(spelling): field for field, spellings in SPELLINGS.items() for spelling in spellings}
# "No consent" and "Unpublish" are like what they deny: consent is known by its own spellings or not at all.
_LIKENESSES = {squashed: field for squashed, field in _KNOWN.items() if field != "consent"}

Columns = Mapping[str, str]
"""The header of the column that holds each field."""


def score(header: Sequence[str]) -> int:
    """Return how many columns of a row are known headers: the row with the most is the header."""
    return len({_KNOWN[squash(cell)] for cell in header if squash(cell) in _KNOWN})


def propose(header: Sequence[str]) -> dict[str, str]:
    """Return the columns that headers speak of: those that are known, then those that are nearly so; each once."""
    columns: dict[str, str] = {}
    named = {squash(cell): cell for cell in reversed(header) if squash(cell)}
    for field, spellings in SPELLINGS.items():
        cell = next((named[known] for known in map(squash, spellings) if known in named), None)
        if cell is not None and cell not in columns.values():
            columns[field] = cell
    for squashed, cell in named.items():
        near = difflib.get_close_matches(squashed, _LIKENESSES, 1, _NEAR)
        if near and _KNOWN[near[0]] not in columns and cell not in columns.values():
            columns[_KNOWN[near[0]]] = cell
    return columns


def check(columns: Columns, header: Sequence[str], file: str) -> dict[str, str]:
    """Return `columns` with each header as the file spells it. Raises ChildcareFileFaulty for what is not there."""
    named = {squash(cell): cell for cell in reversed(header) if squash(cell)}
    for field, cell in columns.items():
        if field not in SPELLINGS:
            raise ChildcareFileFaulty(f'There is nothing called "{field}".', f"Choose from: {', '.join(SPELLINGS)}.")
        if squash(cell) not in named:
            near = difflib.get_close_matches(squash(cell), named, 1)
            remedy = f'Did you mean "{named[near[0]]}"?' if near else f"It has: {', '.join(filter(None, header))}."
            raise ChildcareFileFaulty(f'{file} has no column "{cell}".', remedy)
    missing = [field for field in REQUIRED if field not in columns]
    if missing:
        example = f'--map {missing[0]}="{next(filter(None, header), "Header")}"'
        raise ChildcareFileFaulty(
            f"Nobody can tell which column of {file} holds the {' and the '.join(missing)}.", f"Say so: {example}."
        )
    return {field: named[squash(cell)] for field, cell in columns.items()}


class RememberedColumns:
    """The columns that were confirmed for each list, in a small file beside the database that staff can read and edit."""

    def __init__(self, data: Path) -> None:
        self._file = data / FILE_NAME

    def of(self, origin: str) -> dict[str, str]:
        """Return the columns of a list, or nothing where none were confirmed. A file that is damaged holds nothing."""
        columns = self._read().get(origin)
        if not isinstance(columns, dict):
            return {}
        return {str(field): str(cell) for field, cell in columns.items() if str(field) in SPELLINGS}

    def keep(self, origin: str, columns: Columns) -> None:
        """Write the columns of a list down. Raises ChildcareFileFaulty where that cannot be done."""
        out = StringIO()
        YAML().dump({**self._read(), origin: dict(columns)}, out)
        new = self._file.with_suffix(".new")
        try:
            new.write_text(out.getvalue(), encoding="utf-8")
            new.replace(self._file)
        except OSError as why:
            raise ChildcareFileFaulty(f"{self._file} cannot be written: {why.strerror}.", "Is the disk full?") from why

    def _read(self) -> dict[str, object]:
        try:
            held = YAML(typ="safe", pure=True).load(self._file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, YAMLError):
            return {}
        return held if isinstance(held, dict) else {}
