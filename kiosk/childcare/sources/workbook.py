"""Rows of an .xlsx file as text. A workbook is a zip of XML: what it unpacks to is measured before it is read."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from kiosk.errors import ChildcareFileFaulty

UNPACKED_AT_MOST = 300 << 20  # bytes
ROWS_AT_MOST = 200_000
_SAVE = "Open it in a spreadsheet program and save it again. The list that is loaded stays."

Row = tuple[int, list[str]]


def is_workbook(file: Path) -> bool:
    return file.suffix.lower() in (".xlsx", ".xlsm")


def read_sheets(file: Path) -> Iterator[tuple[str, list[Row]]]:
    """Yield name and rows (line from 1, cells) of each sheet that is not hidden. Raises ChildcareFileFaulty."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        _measure(file)
        with warnings.catch_warnings():
            # It warns of styles and extensions that it leaves out; only the cells are read here.
            warnings.simplefilter("ignore")
            book = load_workbook(file, read_only=True, data_only=True)
            try:
                for sheet in book.worksheets:
                    if sheet.sheet_state == "visible":
                        yield sheet.title, list(_rows(file, sheet.iter_rows(values_only=True)))
            finally:
                book.close()
    except ChildcareFileFaulty:
        raise
    except OSError as why:
        raise ChildcareFileFaulty(f"{file.name} cannot be read: {why.strerror or why}.", "Check its name.") from why
    except (BadZipFile, InvalidFileException) as why:
        raise ChildcareFileFaulty(f"{file.name} is no .xlsx file, or only a part of one.", _SAVE) from why
    except Exception as why:  # the reader lets through whatever a damaged part makes it trip over
        raise ChildcareFileFaulty(f"{file.name} is damaged.", _SAVE) from why


def _measure(file: Path) -> None:
    with ZipFile(file) as packed:
        if sum(part.file_size for part in packed.infolist()) > UNPACKED_AT_MOST:
            raise ChildcareFileFaulty(f"{file.name} unpacks to more than any list of childcare is.", _SAVE)


def _rows(file: Path, values: Iterator[Sequence[object]]) -> Iterator[Row]:
    for line, row in enumerate(values, 1):
        if line > ROWS_AT_MOST:
            raise ChildcareFileFaulty(f"{file.name} has more than {ROWS_AT_MOST:,} rows.", _SAVE)
        yield line, [_text(value) for value in row]


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
        case datetime():
            return value.strftime("%d/%m/%Y")
        case date():
            return value.strftime("%d/%m/%Y")
        case time():
            return value.strftime("%H:%M")
        case _:
            return str(value)
