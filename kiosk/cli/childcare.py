"""kiosk childcare: load registers and lists, see what is loaded, look as a parent would, take a place off the screen."""

from __future__ import annotations

import csv
import sys
from datetime import date, datetime
from pathlib import Path

import click

from kiosk.childcare.model import Found, Kind, Postcode, Search
from kiosk.childcare.search import find_childcare
from kiosk.childcare.sources import ofsted, spreadsheet
from kiosk.childcare.sources.postcodes import load_postcodes, postcode_files
from kiosk.childcare.sources.reading import Reading
from kiosk.childcare.store import ChildcareStore, Replaced, SourceStatus, open_childcare
from kiosk.errors import ChildcareFileFaulty
from kiosk.settings import load_settings

REFUSED_FILE = "childcare-refused.csv"
_TABLE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(epilog='Example: kiosk childcare near "OX4 4UY" --kind nursery')
def childcare() -> None:
    """Places near here that look after children."""


@childcare.group("import", epilog="Example: kiosk childcare import ofsted register.csv --authority Oxfordshire")
def load() -> None:
    """Load a list in place of the one loaded before. A faulty file changes nothing."""


@load.command("ofsted", epilog="Example: kiosk childcare import ofsted register.csv --authority Oxfordshire")
@click.argument("file", type=_TABLE)
@click.option("--authority", "authorities", multiple=True, help="Only this council's providers; may be given again.")
@click.option("--as-at", type=click.DateTime(["%Y-%m-%d"]), help="The day the register describes, if it does not say.")
@click.option("--allow-partial", is_flag=True, help="Take the whole rows of a file that breaks off.")
def load_register(file: Path, authorities: tuple[str, ...], as_at: datetime | None, allow_partial: bool) -> None:
    """Load Ofsted's register FILE (.csv or .csv.xz). Those who did not agree to be published are left out."""
    store, data = _open()
    day = as_at.date() if as_at else None
    with click.progressbar(length=file.stat().st_size, label="Reading the register", file=sys.stderr) as bar:
        reading = ofsted.load_ofsted(file, authorities, day, allow_partial, bar.update)
    _replace(store, data, ofsted.ORIGIN, reading, " and ".join(authorities) or "all of England")


@load.command("examples", epilog="Example: kiosk childcare import examples content/oxfordshire/childcare-examples.csv")
@click.argument("file", type=_TABLE)
def load_list(file: Path) -> None:
    """Load a pack's example list FILE. Examples are marked on screen, and vanish once a real list is loaded."""
    store, data = _open()
    _replace(store, data, spreadsheet.ORIGIN, spreadsheet.load_examples(file), file.name)


@load.command("postcodes", epilog="Example: kiosk childcare import postcodes --district E07000177 --district E07000178")
@click.option("--district", "districts", multiple=True, help="ONS code of a district; may be given again.")
@click.option("--all-england", is_flag=True, help="Every postcode of England: about 2.3 million, 50 MB.")
def load_places(districts: tuple[str, ...], all_england: bool) -> None:
    """Load postcodes and where they are, from the ONS Postcode Directory that is installed with this program."""
    if bool(districts) == all_england:
        raise click.UsageError("Give either --district, as often as needed, or --all-england.")
    store, _ = _open()
    with click.progressbar(postcode_files(), label="Reading postcodes", file=sys.stderr) as files:
        count = store.load_postcodes(load_postcodes(districts, files))
    click.echo(f"{_count(count, 'postcode')} loaded from {', '.join(districts) or 'all of England'}.")


@childcare.command(epilog='Example: kiosk childcare near "OX4 4UY" --kind nursery --text montessori')
@click.argument("postcode")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([kind.value for kind in Kind]),
    help="Only this kind; may be given again.",
)
@click.option("--text", default="", help="Words of the name, address or town.")
@click.option("--age", type=click.IntRange(0, 19), help="The child's age in years.")
@click.option("--count", default=10, show_default=True, type=click.IntRange(1, 1000), help="How many to show.")
def near(postcode: str, kinds: tuple[str, ...], text: str, age: int | None, count: int) -> None:
    """Show the places nearest to POSTCODE, which may be its first part only."""
    store, _ = _open()
    ages = frozenset() if age is None else frozenset({age})
    results = find_childcare(store, Search(Postcode.parse(postcode), frozenset(map(Kind, kinds)), text, ages, 1, count))
    for found in results.found:
        click.echo(_listing(found))
    click.echo(f"{_count(len(results.found), 'place')} shown of {results.total:,}, nearest to {results.near}.")


@childcare.command(epilog="Example: kiosk childcare status")
def status() -> None:
    """Show what is loaded, and as at which day."""
    store, _ = _open()
    loaded = store.status()
    for source in loaded.sources:
        click.echo(_source(source))
    if not loaded.sources:
        click.echo("No list of childcare is loaded.")
    click.echo(f"{_count(loaded.postcodes, 'postcode')}. {_count(loaded.hidden, 'provider')} hidden by staff.")


@childcare.command(epilog="Example: kiosk childcare hide EY101465")
@click.argument("urn")
@click.option("--undo", is_flag=True, help="Show it again.")
def hide(urn: str, undo: bool) -> None:
    """Take the provider with this Ofsted number (URN) off the screen. It stays hidden when a new register is loaded."""
    store, _ = _open()
    provider = store.show(urn) if undo else store.hide(urn)
    click.echo(f"{provider.name} is {'shown again' if undo else 'hidden'}.")


def _open() -> tuple[ChildcareStore, Path]:
    data = load_settings().data
    return open_childcare(data), data


def _replace(store: ChildcareStore, data: Path, origin: str, reading: Reading, where: str) -> None:
    """Put a reading in place of the list before it, and say in sentences what came of it."""
    refused = len(reading.refused)
    done = store.replace_source(
        origin, reading.providers, reading.as_at, reading.withheld, refused, reading.withheld_urns
    )
    _write_refused(data / REFUSED_FILE, reading, done)
    see = f": see {data / REFUSED_FILE}" if refused or done.unplaced else ""
    click.echo(
        f"{_count(done.providers, 'provider')} from {where}, {_count(reading.withheld, 'name')} withheld,"
        f" {_count(refused, 'row')} refused{see}."
    )
    click.echo(
        f"As at {_day(reading.as_at)}, from {_count(reading.rows, 'row')}. The list before held {done.before:,}."
    )
    if done.unplaced:
        click.echo(f"{_count(len(done.unplaced), 'provider')} not found by distance: {_why_unplaced(store)}")


def _why_unplaced(store: ChildcareStore) -> str:
    if store.status().postcodes:
        return "the postcode is not among those loaded."
    return "no postcodes are loaded yet. Run kiosk childcare import postcodes."


def _write_refused(file: Path, reading: Reading, done: Replaced) -> None:
    """Write down each row that is not listed, or cannot be found by distance, so that its owner can mend it."""
    try:
        with file.open("w", encoding="utf-8", newline="") as out:
            table = csv.writer(out)
            table.writerow(["line", "provider", "reason"])
            table.writerows([refused.line, "", refused.reason] for refused in reading.refused)
            table.writerows(["", provider, "its postcode is not among those loaded"] for provider in done.unplaced)
    except OSError as why:
        raise ChildcareFileFaulty(f"{file} cannot be written: {why.strerror}.", "The list itself is loaded.") from why


def _listing(found: Found) -> str:
    provider = found.provider
    place = ", ".join((*provider.address, str(provider.postcode)))
    origin = f"{provider.source}, {_day(provider.as_at)}"
    about = (f"{found.miles:4.1f} miles  {provider.name}", provider.kind.value, place, provider.phone, provider.urn)
    return " | ".join((*filter(None, about), origin))


def _source(source: SourceStatus) -> str:
    return (
        f"{source.origin}: {_count(source.providers, 'provider')} as at {_day(source.as_at)},"
        f" {source.unplaced:,} not found by distance, {source.withheld:,} withheld, {source.refused:,} refused."
    )


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
