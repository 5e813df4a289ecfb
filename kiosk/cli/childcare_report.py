"""What the childcare commands say: counts, days, and an account of every row that is not on the list."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import click

from kiosk.childcare.sources.reading import Reading
from kiosk.childcare.store import ChildcareStore, Replaced, open_childcare
from kiosk.errors import ChildcareFileFaulty
from kiosk.settings import load_settings

REFUSED_FILE = "childcare-refused.csv"


def open_data() -> tuple[ChildcareStore, Path]:
    """Return the childcare of this machine, and its data folder."""
    data = load_settings().data
    return open_childcare(data), data


def replace_list(store: ChildcareStore, data: Path, origin: str, reading: Reading, where: str) -> None:
    """Put a reading in place of the list before it, and say in sentences what came of it.

    Raises ChildcareFileFaulty for a reading that would leave nothing of a list that holds something.
    """
    refused = len(reading.refused)
    held = next((source.providers for source in store.status().sources if source.origin == origin), 0)
    if held and not reading.providers and not reading.withheld:
        _write_refused(data / REFUSED_FILE, reading, Replaced(0, held, ()))
        raise ChildcareFileFaulty(
            f"Not one childcare provider could be read from {where}: the {count(held, 'provider')} loaded before stay.",
            f"See {data / REFUSED_FILE}; to take the list away, kiosk childcare sources remove {origin}",
        )
    done = store.replace_source(
        origin, reading.providers, reading.as_at, reading.withheld, refused, reading.withheld_urns
    )
    _write_refused(data / REFUSED_FILE, reading, done)
    see = f": see {data / REFUSED_FILE}" if refused or done.unplaced else ""
    click.echo(
        f"{count(done.providers, 'provider')} from {where}, {count(reading.withheld, 'name')} withheld,"
        f" {count(refused, 'row')} refused{see}."
    )
    click.echo(f"As at {day(reading.as_at)}, from {count(reading.rows, 'row')}. The list before held {done.before:,}.")
    if done.unplaced:
        click.echo(f"{count(len(done.unplaced), 'provider')} not found by distance: {_why_unplaced(store)}")


def _why_unplaced(store: ChildcareStore) -> str:
    if store.status().postcodes:
        return "the postcode is not among those loaded. Is the district in pack.yaml? kiosk childcare import postcodes"
    return "no postcodes are loaded yet. Run kiosk childcare import postcodes."


def _write_refused(file: Path, reading: Reading, done: Replaced) -> None:
    """Write down each row that is not listed, or cannot be found by distance, so that its owner can mend it."""
    try:
        with file.open("w", encoding="utf-8", newline="") as out:
            table = csv.writer(out)
            table.writerow(["line", "provider", "reason"])
            table.writerows([refused.line, refused.id, refused.reason] for refused in reading.refused)
            table.writerows(["", provider, "its postcode is not among those loaded"] for provider in done.unplaced)
    except OSError as why:
        raise ChildcareFileFaulty(f"{file} cannot be written: {why.strerror}.", "The list itself is loaded.") from why


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def day(of: date) -> str:
    return f"{of.day} {of:%B %Y}"
