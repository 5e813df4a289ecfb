"""A spreadsheet of notices, .csv or .xlsx, as entries that know their row. The first row with our columns is the header."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kiosk.errors import Fault, PackFaulty, WorkbookFaulty
from kiosk.pack.notice_columns import KNOWN, field_of, label_of, squash
from kiosk.pack.tree import Entries, Faults, Mark, Text, did_you_mean, quoted
from kiosk.pack.yaml_source import one_line
from kiosk.workbook import read_workbook

MOST_ROWS, MOST_COLUMNS, MOST_TITLE_ROWS = 2_000, 100, 40
MOST_BYTES = 10_000_000
MOST_UNPACKED = 50_000_000
"""Bytes that a workbook may unfold to: more is no list of notices."""

ROW = "row"
Row = tuple[int, Sequence[str]]


@dataclass(frozen=True)
class Table:
    """One sheet: its name, empty in a CSV file, and its rows, numbered from 1."""

    name: str
    rows: Iterable[Row]


def read_csv(source: bytes, file: str, faults: Faults) -> Entries:
    """Return the notices of a CSV file, by id. Raises PackFaulty where it is no CSV file of notices."""
    words = _decoded(source, file)
    best = max(",;\t", key=lambda sign: sum(line.count(sign) for line in words.splitlines()[:MOST_TITLE_ROWS]))
    try:
        rows = [(n, cells) for n, cells in enumerate(_csv_rows(words, best), 1)]
    except csv.Error as why:
        raise _refused(file, "This is not readable as CSV.", "Save it from the spreadsheet again.") from why
    return _notices([Table("", rows)], file, faults)


def read_notice_workbook(source: bytes, file: str, faults: Faults) -> Entries:
    """Return the notices of all sheets of an .xlsx file, by id. Raises PackFaulty where it is no workbook of notices."""
    most_rows = MOST_ROWS + MOST_TITLE_ROWS + 1
    try:
        tables = [Table(*sheet) for sheet in read_workbook(source, most_rows, MOST_COLUMNS, MOST_UNPACKED)]
    except WorkbookFaulty as why:
        raise _refused(file, why.fact, why.remedy) from why
    return _notices(tables, file, faults)


def _decoded(source: bytes, file: str) -> str:
    if len(source) > MOST_BYTES:
        raise _refused(
            file, f"This file has more than {MOST_BYTES // 10**6} MB.", "Leave only the list of notices in it."
        )
    if b"\0" in source:
        raise _refused(file, "This is not a CSV file.", 'Save it from the spreadsheet as "CSV UTF-8".')
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return source.decode("cp1252")
    except UnicodeDecodeError as why:
        raise _refused(file, "This is not UTF-8 text.", 'Save it from the spreadsheet as "CSV UTF-8".') from why


def _csv_rows(words: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(words, newline=""), delimiter=delimiter)


def _notices(tables: Sequence[Table], file: str, faults: Faults) -> Entries:
    items: dict[str, Entries] = {}
    found = False
    for table in tables:
        rows = iter(table.rows)
        header = _find_header(rows)
        if header is None:
            continue
        found = True
        columns = _columns(header[1], Mark(file, header[0]), faults)
        for count, (number, cells) in enumerate(_filled(rows), 1):
            if count > MOST_ROWS:
                faults.add(Mark(file, number), f"There are more than {MOST_ROWS:,} notices.", "Take old ones out.")
                break
            put_notice(items, _fields(cells, columns, Mark(file, number), faults), table.name, number, file)
    if not found:
        says = 'There is no row with the columns "Kind" and "Title".'
        raise _refused(file, says, "Write them above the notices, as the guide shows.")
    marks = {key: each.mark for key, each in items.items()}
    return Entries(items, marks, Mark(file))


def put_notice(items: dict[str, Entries], fields: dict[str, str], sheet: str, number: int, file: str) -> None:
    """Add a notice under an id made of its own id or its title. `number` is its row, from 1."""
    mark = Mark(file, number)
    place = f"Row {number}" + (f" of {quoted(sheet)}" if sheet else "")
    wanted = "-".join(
        "".join(c if c.isalnum() else " " for c in (fields.get("id") or fields.get("title", "")).casefold()).split()
    )
    base = wanted[:60].strip("-") or f"row-{number}"
    unique, again = base, 2
    while unique in items:
        unique, again = f"{base}-{again}", again + 1
    held = {**fields, ROW: fields.get(ROW, place)}
    items[unique] = Entries({n: Text(words, mark) for n, words in held.items()}, dict.fromkeys(held, mark), mark)


def _find_header(rows: Iterator[Row]) -> Row | None:
    for _, (number, cells) in zip(range(MOST_TITLE_ROWS), rows, strict=False):
        if {"kind", "title"} <= {field_of(cell) for cell in cells[:MOST_COLUMNS]}:
            return number, cells
    return None


def _columns(header: Sequence[str], mark: Mark, faults: Faults) -> list[str]:
    """Return the field of each column, "" for one of the centre's own; note one that only looks like ours, or is twice."""
    columns: list[str] = []
    for name in header[:MOST_COLUMNS]:
        field = field_of(name)
        if field and field in columns:
            says = f"The column {quoted(name)} is here a second time, as {quoted(label_of(field))}."
            faults.add(mark, says, "Take one of the two away.")
            field = ""
        elif not field and squash(name):
            near = did_you_mean(name.strip().capitalize(), KNOWN)
            if near:
                faults.add(mark, f"The column {quoted(name)} is not one of ours.", near)
        columns.append(field)
    return columns


def _filled(rows: Iterator[Row]) -> Iterator[Row]:
    return ((number, cells) for number, cells in rows if any(cell.strip() for cell in cells))


def _fields(cells: Sequence[str], columns: Sequence[str], mark: Mark, faults: Faults) -> dict[str, str]:
    found = zip(columns, cells, strict=False)
    return {field: one_line(cell, mark, faults) for field, cell in found if field and cell.strip()}


def _refused(file: str, says: str, remedy: str) -> PackFaulty:
    return PackFaulty([Fault(file, 0, says, remedy)])
