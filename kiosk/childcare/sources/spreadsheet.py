"""A pack's own examples, as CSV of fixed columns: made up for showing, and marked as examples on screen."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from kiosk.childcare.model import Kind, Postcode, Provider
from kiosk.childcare.sources.cells import RowFaulty, parse_count, parse_postcode
from kiosk.childcare.sources.reading import Reading, Refused
from kiosk.childcare.sources.rows import Columns, Sheet, open_sheet
from kiosk.childcare.understood import understood
from kiosk.childcare.words import squash

SOURCE = "Example"
ORIGIN = "examples"
OLDEST = 19  # years

COLUMNS = Columns(
    {
        name: (name,)
        for name in (
            "name", "kind", "postcode", "address", "ages_from", "ages_to",
            "open", "cost", "phone", "funded_hours", "term_time", "note",
        )
    },
    required=("name", "kind", "postcode"),
)  # fmt: skip
_KINDS = {squash(kind.value): kind for kind in Kind}


def load_examples(file: Path, as_at: date | None = None) -> Reading:
    """Read a pack's example list; it describes `as_at`, or the day the file was last changed.

    An address is one cell, its lines parted by commas, empty where only the first part of the postcode may be shown.
    Raises ChildcareFileFaulty.
    """
    with open_sheet(file, COLUMNS) as sheet:
        return _read(sheet, as_at or datetime.fromtimestamp(file.stat().st_mtime, UTC).date())


def _read(sheet: Sheet, as_at: date) -> Reading:
    providers: list[Provider] = []
    rows = 0
    for line, cells in sheet.rows:
        rows += 1
        try:
            providers.append(understood(_example(sheet, line, cells, as_at)))
        except RowFaulty as why:
            sheet.refused.append(Refused(line, str(why)))
    return Reading(providers, sheet.refused, 0, rows, as_at)


def _example(sheet: Sheet, line: int, cells: Sequence[str], as_at: date) -> Provider:
    cell = {field: cells[position].strip() for field, position in sheet.where.items()}
    if not cell["name"]:
        raise RowFaulty("has no name")
    ages_from, ages_to = _age(cell["ages_from"]), _age(cell["ages_to"])
    if ages_from is not None and ages_to is not None and ages_from > ages_to:
        raise RowFaulty("has ages that end before they begin")
    address = tuple(filter(None, map(str.strip, cell["address"].split(","))))
    postcode = parse_postcode(cell["postcode"])
    return Provider(
        id=f"{ORIGIN}:{line}",
        name=cell["name"],
        kind=_kind(cell["kind"]),
        postcode=postcode if address else Postcode(postcode.outward),
        address=address,
        ages_from=ages_from,
        ages_to=ages_to,
        source=SOURCE,
        as_at=as_at,
        example=True,
        open=cell["open"],
        cost=cell["cost"],
        phone=cell["phone"],
        funded_hours=cell["funded_hours"],
        term_time=cell["term_time"],
        note=cell["note"],
    )


def _kind(cell: str) -> Kind:
    if kind := _KINDS.get(squash(cell)):
        return kind
    near = difflib.get_close_matches(squash(cell), _KINDS, 1)
    hint = f'did you mean "{_KINDS[near[0]]}"?' if near else f"the kinds are {', '.join(Kind)}"
    raise RowFaulty(f"has a kind that does not exist; {hint}")


def _age(cell: str) -> int | None:
    if not cell:
        return None
    age = parse_count(cell)
    if age is None or age > OLDEST:
        raise RowFaulty(f"has an age that is not a whole number of years up to {OLDEST}")
    return age
