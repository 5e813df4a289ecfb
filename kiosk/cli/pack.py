"""`kiosk pack`: check a folder of content, and walk its flowcharts in words."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

import click

from kiosk.cli.pack_proof import proof
from kiosk.cli.pack_words import words
from kiosk.errors import PackFaulty
from kiosk.flow.model import Flow
from kiosk.flow.paths import count_paths, find_paths, nodes_of
from kiosk.flow.walk import Answers
from kiosk.pack.check import Finding, as_finding, find_warnings
from kiosk.pack.model import Pack
from kiosk.pack.read import read_marked, read_pack
from kiosk.pack.rules_text import as_shown
from kiosk.pack.tree import did_you_mean, quoted
from kiosk.pack.words_check import find_translation_warnings
from kiosk.speech.clips import find_clip_warnings

FOLDER = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))


@click.group(epilog="Example: kiosk pack check content/oxfordshire")
def pack() -> None:
    """Look after the content: check it, walk its flowcharts, translate its words."""


pack.add_command(words)
pack.add_command(proof)


@pack.command(epilog="Example: kiosk pack check content/oxfordshire --date 2027-04-06")
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for other programs.")
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="Check as on this day instead of today.")
def check(folder: Path, as_json: bool, on: datetime | None) -> None:
    """Name everything that is wrong or stale in the folder DIR, with the line and what to do.

    Ends with status 1 when the pack has faults and a kiosk would refuse it; warnings alone end with 0.
    """
    today = on.date() if on else date.today()  # noqa: DTZ011 - the day where staff sit is the day meant
    found, read = _look(folder, today)
    faults = [finding for finding in found if finding.severity == "fault"]
    click.echo(_as_json(folder, read, found) if as_json else "\n".join(_in_words(folder, read, found)))
    if faults:
        sys.exit(1)


@pack.command(epilog="Example: kiosk pack paths content/oxfordshire work")
@FOLDER
@click.argument("flow", metavar="FLOW")
def paths(folder: Path, flow: str) -> None:
    """List every path through the flowchart FLOW of the folder DIR, in the words a parent reads."""
    read = read_pack(folder)
    if flow not in read.flows:
        hint = did_you_mean(flow, read.flows, f"There are: {', '.join(read.flows)}.")
        raise click.UsageError(f"The pack has no flow {quoted(flow)}. {hint}")
    for number, path in enumerate(find_paths(read.flows[flow]), 1):
        click.echo("\n".join(_path_in_words(read, read.flows[flow], path, number)))


def _look(folder: Path, today: date) -> tuple[list[Finding], Pack | None]:
    try:
        reading = read_marked(folder)
    except PackFaulty as faulty:
        return [as_finding(fault) for fault in faulty.faults], None
    warnings = find_warnings(reading.pack, today, reading.marks)
    spoken = find_clip_warnings(folder, reading.pack)
    return sorted([*warnings, *find_translation_warnings(folder, reading.pack), *spoken]), reading.pack


def _as_json(folder: Path, read: Pack | None, found: Sequence[Finding]) -> str:
    counts = _counts(read) if read else {}
    content = {"folder": str(folder), "counts": counts, "findings": [asdict(finding) for finding in found]}
    return json.dumps(content, ensure_ascii=False, indent=2)


def _in_words(folder: Path, read: Pack | None, found: Sequence[Finding]) -> Iterator[str]:
    for file, group in groupby(found, key=lambda finding: finding.file):
        here = list(group)
        yield f"{file} {_heading(here)}"
        for finding in here:
            yield f"  line {finding.line:<4} {finding}" if finding.line else f"  {finding}"
    yield _summary(folder, read, found)


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
    return f"{', '.join(counts)}. {rest}"


def _counts(read: Pack) -> dict[str, int]:
    flows = read.flows.values()
    return {
        "flows": len(flows),
        "questions": sum(len(flow.questions) for flow in flows),
        "outcomes": sum(len(flow.outcomes) for flow in flows),
        "paths": sum(count_paths(flow) for flow in flows),
    }


def _path_in_words(read: Pack, flow: Flow, path: Answers, number: int) -> Iterator[str]:
    yield f"{number}."
    for question_id, answer_id in path:
        question = flow.questions[question_id]
        said = next(answer.say for answer in question.answers if answer.id == answer_id)
        yield f"   {as_shown(question.ask, read.facts)} {as_shown(said, read.facts)}"
    yield f"   → {as_shown(flow.outcomes[nodes_of(flow, path)[-1]].title, read.facts)}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
