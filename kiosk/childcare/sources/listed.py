"""Any list that staff keep in a spreadsheet, CSV or .xlsx, read by the columns that a person confirmed.

The address of a childminder or a nanny is a home: only its outward part is kept. Where a column tells of consent, only a yes is one (R24).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from kiosk.childcare.consent import is_withheld
from kiosk.childcare.kinds import find_kind_of, is_home
from kiosk.childcare.model import Kind, Postcode, Provider
from kiosk.childcare.sources import mapping, workbook
from kiosk.childcare.sources.cells import RowFaulty, find_date, parse_count, parse_postcode, parse_urn
from kiosk.childcare.sources.reading import Reading, Refused
from kiosk.childcare.sources.rows import (
    ABSENT,
    TITLE_ROWS_AT_MOST,
    Columns,
    Sheet,
    Tick,
    find_header,
    first_rows,
    locate,
    open_sheet,
)
from kiosk.childcare.understood import understood
from kiosk.childcare.words import squash
from kiosk.errors import ChildcareFileFaulty

OLDEST = 19  # years
_YES = {"yes", "y", "true", "1", "agreed", "consented", "given"}
_LINES = ("address", "address_2", "address_3", "town")
_AGE = re.compile(r"(?P<figure>[0-9]{1,3})(?:\.[0-9]+)? ?(?P<unit>months?|mths?|m|weeks?|wks?|years?|yrs?|y|\+)?")
_AGES = re.compile(
    rf"(?:ages? |from )?{_AGE.pattern}(?: ?(?:-|to|until|up to) ?(?P<last>[0-9]{{1,3}} ?[a-z]*))?(?: old)?\.?"
)


@dataclass(frozen=True)
class ListFile:
    """A file with its header found. `sheet` names the sheet of a workbook that it is on."""

    file: Path
    header: Sequence[str]
    sheet: str = ""


@dataclass(frozen=True)
class List:
    """How a list is called: `origin` by staff, `source` by parents, and the day it describes, if that is known."""

    origin: str
    source: str
    as_at: date | None = None


def find_list(file: Path, columns: mapping.Columns) -> ListFile:
    """Find the header: the row that holds the most known headers, or headers of `columns`. Raises ChildcareFileFaulty."""
    named = {squash(cell) for cell in columns.values()}
    found = [
        (mapping.score(row) + len(named & set(map(squash, row))), sheet, row)
        for sheet, rows in _tops(file)
        for row in rows
    ]
    best, sheet, header = max(found, key=lambda each: each[0], default=(0, "", []))
    if best < 2:
        raise ChildcareFileFaulty(
            f"{file.name} has no row of headers that tell what its columns hold.",
            "Its first rows must name at least the providers' name and postcode. The list that is loaded stays.",
        )
    return ListFile(file, header, sheet)


def _tops(file: Path) -> Iterator[tuple[str, Sequence[Sequence[str]]]]:
    if workbook.is_workbook(file):
        for sheet, rows in workbook.read_sheets(file):
            yield sheet, [cells for _, cells in rows[:TITLE_ROWS_AT_MOST]]
    else:
        yield "", first_rows(file)


def load_list(found: ListFile, columns: mapping.Columns, called: List, tick: Tick | None = None) -> Reading:
    """Read the list by its columns. Raises ChildcareFileFaulty; then nothing of it counts."""
    columns = mapping.check(columns, found.header, found.file.name)
    spellings = {field: (columns[field],) if field in columns else () for field in mapping.SPELLINGS}
    with _open(found, Columns(spellings, mapping.REQUIRED), tick) as sheet:
        modified = datetime.fromtimestamp(found.file.stat().st_mtime, UTC).date()
        day = called.as_at or find_date((*sheet.titles, found.file.name)) or modified
        return _Lister(sheet, called, day, has_consent="consent" in columns).read()


@contextmanager
def _open(found: ListFile, columns: Columns, tick: Tick | None) -> Iterator[Sheet]:
    if not workbook.is_workbook(found.file):
        with open_sheet(found.file, columns, tick=tick) as sheet:
            yield sheet
        return
    rows = next((rows for name, rows in workbook.read_sheets(found.file) if name == found.sheet), [])
    table = iter(rows)
    titles, header = find_header(found.file, (cells for _, cells in table), columns)
    where = locate(found.file, header, columns)
    body = ((line, [*cells, *[""] * (len(header) - len(cells) + 1)]) for line, cells in table if any(cells))
    yield Sheet(titles, where, body)


class _Lister:
    """Goes through the rows once and sorts them: listed, withheld or refused."""

    def __init__(self, sheet: Sheet, called: List, as_at: date, has_consent: bool) -> None:
        self._sheet, self._called, self._as_at, self._has_consent = sheet, called, as_at, has_consent
        self._has_addresses = any(sheet.where[field] != ABSENT for field in _LINES)
        self._providers: dict[str, Provider] = {}
        self._urns: set[str] = set()
        self._private: set[str] = set()
        self._withheld = self._rows = 0

    def read(self) -> Reading:
        for line, cells in self._sheet.rows:
            self._rows += 1
            try:
                self._list({field: cells[at].strip() for field, at in self._sheet.where.items()})
            except RowFaulty as why:
                self._sheet.refused.append(Refused(line, str(why)))
        listed, private = tuple(self._providers.values()), frozenset(self._private - {""})
        return Reading(listed, self._sheet.refused, self._withheld, self._rows, self._as_at, private)

    def _list(self, cell: Mapping[str, str]) -> None:
        agreed = not self._has_consent or squash(cell["consent"]) in _YES
        if not agreed or is_withheld(cell[field] for field in ("name", "postcode", "urn", *_LINES)):
            self._withheld += 1
            self._private.add(parse_urn(cell["urn"]))
            return
        provider = self._provider(cell)
        if provider.id in self._providers or (provider.urn and provider.urn in self._urns):
            raise RowFaulty("is in the file twice")
        self._providers[provider.id] = provider
        self._urns.add(provider.urn)

    def _provider(self, cell: Mapping[str, str]) -> Provider:
        if not cell["name"]:
            raise RowFaulty("has no name")
        says = (cell["kind"], cell["name"])
        postcode = parse_postcode(cell["postcode"])
        address = tuple(part.strip() for field in _LINES for part in cell[field].split(",") if part.strip())
        kind = find_kind_of(says) or Kind.OTHER
        # A blank address may be a home's; in a list that has none at all, only what is not known for another place may be.
        is_masked = is_home(says) or (not address and self._has_addresses)
        if is_masked or (not address and kind is Kind.OTHER):
            address, postcode = (), Postcode(postcode.outward)
        ages_from, ages_to = _ages(cell)
        urn = parse_urn(cell["urn"])
        key = urn or f"{squash(cell['name'])}-{squash(cell['postcode'])}"
        words = {field: cell[field] for field in ("open", "cost", "phone", "funded_hours", "term_time", "note")}
        provider = Provider(
            id=f"{self._called.origin}:{key}",
            urn=urn,
            name=cell["name"],
            kind=kind,
            postcode=postcode,
            address=tuple(part for part in address if squash(part) != squash(str(postcode))),
            masked=is_masked,
            places=parse_count(cell["places"]) or None,
            ages_from=ages_from,
            ages_to=ages_to,
            source=self._called.source,
            as_at=self._as_at,
            **words,  # type: ignore[arg-type]
        )
        return understood(provider)


def _ages(cell: Mapping[str, str]) -> tuple[int | None, int | None]:
    ages_from, ages_to = read_ages(cell["ages"])
    ages_from = _age(cell["ages_from"]) if cell["ages_from"] else ages_from
    ages_to = _age(cell["ages_to"]) if cell["ages_to"] else ages_to
    if ages_from is not None and ages_to is not None and ages_from > ages_to:
        raise RowFaulty("has ages that end before they begin")
    return ages_from, ages_to


def _age(text: str) -> int:
    found = _AGE.fullmatch(text.lower())
    years = _years(found) if found else None
    if years is None or years > OLDEST:
        raise RowFaulty(f"has an age that is not a number of years up to {OLDEST}")
    return years


def read_ages(text: str) -> tuple[int | None, int | None]:
    """Return whole years of "0-5", "2 to 4 years", "6 months to 11 years", "3+"; nothing of any other text."""
    found = _AGES.fullmatch(" ".join(text.lower().replace("–", "-").split()))
    if found is None:
        return None, None
    last = _AGE.fullmatch(found["last"].strip()) if found["last"] else None
    # "0-5 months" says its unit once, for both.
    oldest = _years(last) if last else None
    shared = last is not None and not found["unit"] and (last["unit"] or "").startswith(("m", "w"))
    youngest = 0 if shared else _years(found)
    if (found["last"] and oldest is None) or not (found["last"] or found["unit"] == "+"):
        return None, None
    good = youngest <= OLDEST and (oldest is None or youngest <= oldest <= OLDEST)
    return (youngest, oldest) if good else (None, None)


def _years(found: re.Match[str]) -> int:
    unit = found["unit"] or ""
    return int(found["figure"]) // (52 if unit.startswith("w") else 12 if unit.startswith("m") else 1)
