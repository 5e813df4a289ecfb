"""`kiosk pack due`: what has to be looked up again, and by when."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

import click

from kiosk.pack.due import Due, find_due
from kiosk.pack.facts import long_date
from kiosk.pack.read import read_pack


@click.command(epilog="Example: kiosk pack due content/oxfordshire --date 2027-04-06")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for other programs.")
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="Count from this day instead of today.")
def due(folder: Path, as_json: bool, on: datetime | None) -> None:
    """List the figures, dates and addresses of the folder DIR in the order in which they have to be looked up again.

    Those whose day has passed come first: the screen does not show them any more.
    """
    today = on.date() if on else date.today()  # noqa: DTZ011 - the day where staff sit is the day meant
    found = find_due(read_pack(folder), today)
    click.echo(_as_json(folder, today, found) if as_json else "\n".join(_in_words(found)))


def _as_json(folder: Path, today: date, found: Sequence[Due]) -> str:
    content = {"folder": str(folder), "date": today, "facts": [asdict(each) for each in found]}
    return json.dumps(content, ensure_ascii=False, indent=2, default=str)


def _in_words(found: Sequence[Due]) -> Iterator[str]:
    for heading, day in groupby(found, lambda each: f"{long_date(each.review_by)}  {_left(each)}"):
        yield heading
        for each in day:
            yield f"  {each.id}: {each.value}"
            yield f"    source: {each.source}"
            yield f"    shown in: {', '.join(each.used_in) or 'nothing'}"
        yield ""
    stale = sum(each.stale for each in found)
    yield f"{len(found)} {'fact' if len(found) == 1 else 'facts'}, {stale} of them not shown any more."


def _left(due: Due) -> str:
    if due.stale and due.days_left >= 0:
        return "not shown: the day is before it was checked"
    if due.stale:
        return f"not shown for {_days(-due.days_left)}"
    return "today is its last day" if due.days_left == 0 else f"{_days(due.days_left)} left"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count:,} days"
