"""An .xlsx file of childcare places, as sheets of rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kiosk.errors import ChildcareFileFaulty, WorkbookFaulty
from kiosk.workbook import Row, read_workbook

UNPACKED_AT_MOST = 300 << 20  # bytes
ROWS_AT_MOST = 200_000
COLUMNS_AT_MOST = 1_000


def is_workbook(file: Path) -> bool:
    return file.suffix.lower() in (".xlsx", ".xlsm")


def read_sheets(file: Path) -> Iterator[tuple[str, list[Row]]]:
    """Yield name and rows (line from 1, cells) of each sheet that is not hidden. Raises ChildcareFileFaulty."""
    try:
        source = file.read_bytes()
        for name, rows in read_workbook(source, ROWS_AT_MOST + 1, COLUMNS_AT_MOST, UNPACKED_AT_MOST):
            if len(rows) > ROWS_AT_MOST:
                raise WorkbookFaulty(f"It has more than {ROWS_AT_MOST:,} rows.", "Leave only the list in it.")
            yield name, rows
    except OSError as why:
        raise ChildcareFileFaulty(f"{file.name} cannot be read: {why.strerror or why}.", "Check its name.") from why
    except WorkbookFaulty as why:
        raise ChildcareFileFaulty(f"{file.name}: {why.fact}", f"{why.remedy} The list that is loaded stays.") from why
