"""The report as CSV that a spreadsheet opens without harm. Pure."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator

from kiosk.hub.report import CentreReport, Report, Spread
from kiosk.hub.wording import COUNTS, month_words, seen_words, year_words

# Some spreadsheets take the full-width letters of East Asia for the same, and pass over what is blank before them.
_STARTS_A_FORMULA = ("=", "+", "-", "@")
_BLANK = ("\t", "\r", "\n")
HEAD = (
    "Centre",
    "Month",
    *COUNTS.values(),
    "Contacts before a first result, mean",
    "Contacts before a first result, median",
    "Hours until the first call, mean",
    "Hours until the first call, median",
)


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (promise 36)."""
    plain = unicodedata.normalize("NFKC", cell).lstrip()
    return f"'{cell}" if plain.startswith(_STARTS_A_FORMULA) or cell.startswith(_BLANK) else cell


def to_csv(rows: Iterable[Iterable[str]]) -> bytes:
    """Return rows as CSV, every cell quoted and harmless; UTF-8 with the mark that spreadsheets know it by."""
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def report_rows(report: Report) -> Iterator[tuple[str, ...]]:
    """Yield the head, each centre's months and year, and the sum of all centres."""
    yield HEAD
    for centre in report.centres:
        yield from _centre_rows(centre, report)
    totals = (seen_words(report.totals[what], total=True) for what in COUNTS)
    yield ("All centres", year_words(report.year), *totals, *_spread(report.contacts), *_hours(report.waited))


def _centre_rows(centre: CentreReport, report: Report) -> Iterator[tuple[str, ...]]:
    for at, month in enumerate(report.months):
        counts = (seen_words(centre.counts[what].months[at]) for what in COUNTS)
        spreads = (*_spread(centre.contacts[at]), *_hours(centre.waited[at]))
        yield (centre.centre, month_words(month), *counts, *spreads)
    counts = (seen_words(centre.counts[what].year, total=True) for what in COUNTS)
    spreads = (*_spread(centre.contacts[-1]), *_hours(centre.waited[-1]))
    yield (centre.centre, year_words(report.year), *counts, *spreads)


def _spread(spread: Spread | None) -> tuple[str, str]:
    return (f"{spread.mean:.1f}", f"{spread.median:.1f}") if spread else ("Not shown", "Not shown")


def _hours(spread: Spread | None) -> tuple[str, str]:
    return _spread(Spread(spread.mean / 3600, spread.median / 3600) if spread else None)
