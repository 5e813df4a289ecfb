"""Rows of a CSV file as centres have them: UTF-8 or Windows-1252, plain or .xz, title rows first, blank rows last."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedReader
from lzma import LZMAError, LZMAFile
from pathlib import Path

from kiosk.childcare.sources.reading import Refused
from kiosk.childcare.words import squash
from kiosk.errors import ChildcareFileFaulty

TITLE_ROWS_AT_MOST = 40
ABSENT = -1  # the position of a field that the file has no column for: every row ends in one blank cell more
_LINES_BETWEEN_TICKS = 1_000
_XZ_BUFFER = 1 << 20  # bytes; LZMAFile is slow to ask, so it is asked seldom
_NOT_CSV = {
    b"PK": "is a spreadsheet or a zip",
    b"\xd0\xcf": "is an old spreadsheet",
    b"\xff\xfe": "is in UTF-16",
    b"\xfe\xff": "is in UTF-16",
}
_AS_CSV = 'Open it in a spreadsheet program and save it as "CSV UTF-8".'
_KEPT = "The list that is loaded stays."

# Called with the number of bytes of the file read since the last call.
Tick = Callable[[int], object]


@dataclass(frozen=True)
class Columns:
    """The spellings of each field's column, compared without case, spaces and punctuation.

    The header is the first row that holds the first field of `required`; all of `required` must be in it.
    """

    spellings: Mapping[str, Sequence[str]]
    required: Sequence[str]


@dataclass
class Sheet:
    """An open table whose header was found. `rows` gives the line that a row ends on, from 1, and its cells.

    `where` is each field's position in the cells; `titles` are the cells above the header; `refused` grows as rows are
    read that are not as wide as the header. Blank rows are left out.
    """

    titles: Sequence[str]
    where: Mapping[str, int]
    rows: Iterator[tuple[int, list[str]]]
    refused: list[Refused] = field(default_factory=list)


def first_rows(file: Path) -> list[list[str]]:
    """Return the rows of a table in which its header must be. Raises ChildcareFileFaulty as open_sheet does."""
    with _reading(file), file.open("rb") as raw, _plain(file, raw) as stream:
        table = csv.reader(_Lines(file.name, raw, stream, None))
        return [cells for _, cells in zip(range(TITLE_ROWS_AT_MOST), table, strict=False)]


@contextmanager
def open_sheet(file: Path, columns: Columns, allow_partial: bool = False, tick: Tick | None = None) -> Iterator[Sheet]:
    """Open a table. Raises ChildcareFileFaulty, at the latest when the last row is read.

    A file that breaks off in the middle of a row is refused whole, so that half a list never replaces a whole one. With
    `allow_partial` the rows before the break are given. A break just between two rows cannot be seen.
    """
    with _reading(file), file.open("rb") as raw, _plain(file, raw) as stream:
        lines = _Lines(file.name, raw, stream, tick)
        table = csv.reader(lines)
        titles, header = find_header(file, table, columns)
        sheet = Sheet(titles, locate(file, header, columns), iter(()))
        sheet.rows = _body(table, len(header), lines, sheet.refused, allow_partial)
        yield sheet


@contextmanager
def _reading(file: Path) -> Iterator[None]:
    try:
        yield
    except (csv.Error, LZMAError, EOFError) as why:
        raise ChildcareFileFaulty(f"{file.name} is damaged: {why}.", f"Get it again. {_KEPT}") from why
    except OSError as why:
        raise ChildcareFileFaulty(f"{file.name} cannot be read: {why.strerror or why}.", "Check its name.") from why


def _plain(file: Path, raw: BufferedReader) -> BufferedReader:
    return BufferedReader(LZMAFile(raw), _XZ_BUFFER) if file.suffix == ".xz" else raw


class _Lines:
    """A file's lines as text, each UTF-8 or, where it is not, Windows-1252. Knows whether the last one was whole."""

    def __init__(self, name: str, raw: BufferedReader, stream: BufferedReader, tick: Tick | None) -> None:
        self.name, self.number = name, 0
        self.is_cut, self.has_last_newline = False, True
        self._raw, self._stream, self._tick, self._told = raw, stream, tick, 0

    def __iter__(self) -> Iterator[str]:
        self._refuse_what_is_not_csv()
        line = b"\n"
        try:
            for line in self._stream:
                self.number += 1
                yield self._decode(line)
                if self.number % _LINES_BETWEEN_TICKS == 0:
                    self._tell()
        except EOFError:
            self.is_cut = True
        self.has_last_newline = line.endswith((b"\n", b"\r"))
        self._tell()

    def _decode(self, line: bytes) -> str:
        try:
            return line.decode("utf-8-sig" if self.number == 1 else "utf-8")
        except UnicodeDecodeError:
            return self._decode_windows(line)

    def _decode_windows(self, line: bytes) -> str:
        try:
            return line.decode("cp1252")
        except UnicodeDecodeError as why:
            fact = f"Line {self.number} of {self.name} is in neither UTF-8 nor Windows-1252."
            raise ChildcareFileFaulty(fact, f"{_AS_CSV} {_KEPT}") from why

    def _refuse_what_is_not_csv(self) -> None:
        head = self._stream.peek(512)[:512]
        what = _NOT_CSV.get(head[:2]) or ("holds no text" if b"\0" in head else None)
        if what:
            raise ChildcareFileFaulty(f"{self.name} {what}; it is not a CSV file.", f"{_AS_CSV} {_KEPT}")

    def _tell(self) -> None:
        if self._tick:
            here = self._raw.tell()
            self._tick(here - self._told)
            self._told = here


def find_header(file: Path, table: Iterator[list[str]], columns: Columns) -> tuple[list[str], list[str]]:
    """Return the cells of the title rows, and the header row."""
    marks = {squash(spelling) for spelling in columns.spellings[columns.required[0]]}
    titles: list[str] = []
    for _, cells in zip(range(TITLE_ROWS_AT_MOST), table, strict=False):
        if not marks.isdisjoint(squash(cell) for cell in cells):
            return titles, cells
        titles.extend(cell for cell in cells if cell.strip())
    raise ChildcareFileFaulty(
        f'{file.name} has no column "{columns.spellings[columns.required[0]][0]}" in its first rows.',
        f"Check that it is the right file, and the sheet that lists the providers. {_KEPT}",
    )


def locate(file: Path, header: Sequence[str], columns: Columns) -> dict[str, int]:
    """Return each field's position. A spelling named earlier wins, then the leftmost column."""
    names = [squash(cell) for cell in header]
    where = {
        field: next((names.index(name) for name in map(squash, spellings) if name in names), ABSENT)
        for field, spellings in columns.spellings.items()
    }
    missing = [f'"{columns.spellings[field][0]}"' for field in columns.required if where[field] == ABSENT]
    if missing:
        raise ChildcareFileFaulty(
            f"{file.name} lacks the {'column' if len(missing) == 1 else 'columns'} {', '.join(missing)}.",
            f"Use the file as it was published, or give its columns these names. {_KEPT}",
        )
    return where


def _body(
    table: Iterator[list[str]], width: int, lines: _Lines, refused: list[Refused], allow_partial: bool
) -> Iterator[tuple[int, list[str]]]:
    good, line, spans, is_short = 0, lines.number, 1, False
    for cells in table:
        spans, line = lines.number - line, lines.number
        is_short = len(cells) < width and any(cells)
        if is_short or any(cells[width:]):
            refused.append(Refused(line, f"has {len(cells)} cells where the header has {width}"))
        elif any(cells):
            good += 1
            cells.append("")
            yield line, cells
    # A quote that nothing closes swallows all lines to the end: then the row is short, and many lines long.
    breaks_off = lines.is_cut or (is_short and (spans > 1 or not lines.has_last_newline))
    if breaks_off and not allow_partial:
        raise ChildcareFileFaulty(
            f"{lines.name} breaks off in line {line}; whole rows before it: {good:,}.",
            f"Get it again, or take those rows with --allow-partial. {_KEPT}",
        )
