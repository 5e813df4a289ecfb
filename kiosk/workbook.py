"""The sheets of an .xlsx workbook as rows of text. A workbook is a zip of XML: what it unpacks to is measured before it is read."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from zipfile import BadZipFile, ZipFile

from kiosk.errors import WorkbookFaulty

Row = tuple[int, list[str]]
"""A row's number, from 1, and the words of its cells."""

_SAVE = "Open it in a spreadsheet program and save it again."


def read_workbook(source: bytes, rows: int, columns: int, unpacked: int) -> Iterator[tuple[str, list[Row]]]:
    """Yield name and first `rows` and `columns` of each sheet that is not hidden.

    A cell is what would be typed: days as 2026-11-24, times as 10:00, whole numbers without a point, a formula its value.
    Raises WorkbookFaulty for what is no workbook, is damaged, or unpacks to more than `unpacked` bytes.
    """
    # Only now: it takes its time, and a kiosk's start seldom needs it.
    from openpyxl import load_workbook

    _measure(source, unpacked)
    try:
        with warnings.catch_warnings():
            # It warns of styles and extensions that it leaves out; only the cells are read here.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(source), read_only=True, data_only=True, keep_links=False)
            sheets = [(sheet.title, list(_rows(sheet, rows, columns))) for sheet in book.worksheets if _is_seen(sheet)]
    except Exception as why:  # the reader lets through whatever a damaged part makes it trip over
        raise WorkbookFaulty("This workbook is damaged.", _SAVE) from why
    yield from sheets


def _measure(source: bytes, unpacked: int) -> None:
    try:
        with ZipFile(io.BytesIO(source)) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except (BadZipFile, OSError, ValueError, NotImplementedError) as why:
        raise WorkbookFaulty("This is no .xlsx workbook, or only a part of one.", _SAVE) from why
    if size > unpacked:
        raise WorkbookFaulty("This workbook is too large.", "Leave only the list in it.")


def _is_seen(sheet: Any) -> bool:
    return sheet.sheet_state == "visible" and hasattr(sheet, "iter_rows")  # a sheet that is a chart has no rows


def _rows(sheet: Any, rows: int, columns: int) -> Iterator[Row]:
    # What the sheet says of its own size may be wrong in either direction.
    sheet.reset_dimensions()
    found = sheet.iter_rows(max_row=rows, max_col=columns, values_only=True)
    return ((number, [_as_words(cell) for cell in cells]) for number, cells in enumerate(found, 1))


def _as_words(cell: object) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case datetime() if cell.year < 1901:  # a time of day, told as one of the first days of Excel
            return cell.strftime("%H:%M")
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case time():
            return cell.strftime("%H:%M")
        case float() if cell.is_integer():
            return str(int(cell))
    return str(cell)
