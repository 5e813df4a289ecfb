"""`kiosk pack check`: everything that is wrong or stale in a folder of content, and what to do first."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path

import click

from kiosk.errors import PackFaulty
from kiosk.findings import find_findings, part_findings
from kiosk.flow.paths import count_paths
from kiosk.pack.check import Finding, as_finding
from kiosk.pack.model import Pack
from kiosk.pack.read import read_marked
from kiosk.pack.sources import national_folder, shown_name
from kiosk.pack.texts import Measure


@click.command(epilog="Example: kiosk pack check content/oxfordshire --date 2027-04-06")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for other programs.")
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="Check as on this day instead of today.")
def check(folder: Path, as_json: bool, on: datetime | None) -> None:
    """Name everything that is wrong or stale in the folder DIR, with the line and what to do.

    Ends with status 1 when the pack has faults and a kiosk would refuse it; warnings alone end with 0.
    """
    today = on.date() if on else date.today()  # noqa: DTZ011 - the day where staff sit is the day meant
    with measuring() as measure:
        found, read = look(folder, today, measure)
    faults = [finding for finding in found if finding.severity == "fault"]
    click.echo(_as_json(folder, read, found) if as_json else "\n".join(_in_words(folder, read, found)))
    if faults:
        sys.exit(1)


def look(folder: Path, today: date, measure: Measure | None = None) -> tuple[list[Finding], Pack | None]:
    """Return all there is to say of a folder, and its pack: None where it has faults, and then only those are told."""
    try:
        reading = read_marked(folder)
    except PackFaulty as faulty:
        return [as_finding(fault) for fault in faulty.faults], None
    return find_findings(folder, reading, today, measure), reading.pack


@contextmanager
def measuring() -> Iterator[Measure | None]:
    """Give the screen's own measure, or None where the [ui] extra is not installed: then characters are counted."""
    with our_fonts() as have_them:
        if not have_them:
            yield None
            return
        from kiosk.ui.measure import width_in_letters

        yield width_in_letters


@contextmanager
def our_fonts() -> Iterator[bool]:
    """Have words measured in our fonts; False where the [ui] extra, which measures, is not installed."""
    if find_spec("pyvips") is None:
        yield False
        return
    from kiosk.ui.fonts import use_our_fonts

    # Windows deletes no file that is open, and the font cache stays open until the process ends.
    with tempfile.TemporaryDirectory(prefix="waymark-", ignore_cleanup_errors=True) as fonts:
        use_our_fonts(Path(fonts))
        yield True


def _as_json(folder: Path, read: Pack | None, found: Sequence[Finding]) -> str:
    content = {
        "folder": str(folder),
        "accepted": read is not None,
        "counts": _counts(read) if read else {},
        "next_review": str(_next_review(read)) if read and read.facts else None,
        "findings": [asdict(finding) for finding in found],
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _in_words(folder: Path, read: Pack | None, found: Sequence[Finding]) -> Iterator[str]:
    others, own = part_findings(folder, read, found) if read else ([], found)
    for file, group in groupby(own, key=lambda finding: finding.file):
        here = list(group)
        yield f"{file} {_heading(here)}"
        for finding in here:
            yield f"  line {finding.line:<4} {finding}" if finding.line else f"  {finding}"
    if read and others:
        where = shown_name(national_folder(folder, read.extends))
        yield f"{where} has {_count(len(others), 'warning', 'warnings')} of its own. To see them: kiosk pack check {where}"
    yield _summary(folder, read, own)


def own_findings(folder: Path, read: Pack | None, found: Sequence[Finding]) -> list[Finding]:
    """Return what is for the staff whose folder this is."""
    return part_findings(folder, read, found)[1] if read else list(found)


def _heading(here: Sequence[Finding]) -> str:
    if here[0].severity == "fault":
        return f"needs {_count(len(here), 'fix', 'fixes')}"
    return f"has {_count(len(here), 'warning', 'warnings')}"


def _summary(folder: Path, read: Pack | None, found: Sequence[Finding]) -> str:
    if read is None:
        fixes = _count(len(found), "fix", "fixes")
        return f"{folder} needs {fixes} before a kiosk takes it. Until then the last good pack stays on the screen."
    counts = [_count(number, noun.removesuffix("s"), noun) for noun, number in _counts(read).items()]
    warnings = _count(len(found), "warning", "warnings")
    rest = f"A kiosk takes it; look at the {warnings}." if found else "Nothing to mend."
    return " ".join(filter(None, (f"{', '.join(counts)}.", rest, _due(read))))


def _due(read: Pack) -> str:
    """Return when staff have to come back to the figures."""
    if not read.facts:
        return ""
    day = _next_review(read)
    due = sum(fact.review_by == day for fact in read.facts.values())
    return f"{_count(due, 'fact is', 'facts are')} to be looked up again by {day}."


def _next_review(read: Pack) -> date:
    return min(fact.review_by for fact in read.facts.values())


def _counts(read: Pack) -> dict[str, int]:
    flows = read.flows.values()
    return {
        "flows": len(flows),
        "questions": sum(len(flow.questions) for flow in flows),
        "outcomes": sum(len(flow.outcomes) for flow in flows),
        "paths": sum(count_paths(flow) for flow in flows),
    }


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
