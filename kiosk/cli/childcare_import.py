"""kiosk childcare import: Ofsted's register, directories on the network, spreadsheets, examples, postcodes."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import click

from kiosk.childcare.settle import MERGED
from kiosk.childcare.sources import mapping, ofsted, outpost, spreadsheet, workbook
from kiosk.childcare.sources.districts import find_districts, say_districts
from kiosk.childcare.sources.feed import Feed, Notebook, read_feed, services_url
from kiosk.childcare.sources.listed import List, ListFile, find_list, load_list
from kiosk.childcare.sources.polite import PAUSE, PoliteHost
from kiosk.childcare.sources.postcodes import load_postcodes, postcode_files
from kiosk.childcare.sources.reading import Reading
from kiosk.cli.childcare_report import count, open_data, replace_list
from kiosk.cli.verbs import Verbs
from kiosk.errors import ChildcareFileFaulty
from kiosk.settings import load_settings

NOTES_FOLDER = "childcare-feeds"
_TAKEN = {ofsted.ORIGIN, spreadsheet.ORIGIN, MERGED}
_TABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
_DAY = click.DateTime(["%Y-%m-%d"])
_NAME = click.option("--name", default="", help="What staff call this list; the same name again replaces it.")
_SOURCE = click.option("--source", default="", help="What parents read about where a listing comes from.")


@click.group("import", cls=Verbs, epilog="Example: kiosk childcare import ofsted register.csv --authority Oxfordshire")
def load() -> None:
    """Load a list in place of the one loaded before. A faulty file changes nothing."""


@load.command("ofsted", epilog="Example: kiosk childcare import ofsted register.csv --authority Oxfordshire")
@click.argument("file", type=_TABLE)
@click.option("--authority", "authorities", multiple=True, help="Only this council's providers; may be given again.")
@click.option("--as-at", type=_DAY, help="The day the register describes, if it does not say.")
@click.option("--allow-partial", is_flag=True, help="Take the whole rows of a file that breaks off.")
def load_register(file: Path, authorities: tuple[str, ...], as_at: datetime | None, allow_partial: bool) -> None:
    """Load Ofsted's register FILE (.csv or .csv.xz). Those who did not agree to be published are left out."""
    store, data = open_data()
    with click.progressbar(length=file.stat().st_size, label="Reading the register", file=sys.stderr) as bar:
        reading = ofsted.load_ofsted(file, authorities, _day(as_at), allow_partial, bar.update)
    replace_list(store, data, ofsted.ORIGIN, reading, " and ".join(authorities) or "all of England")


@load.command("open-referral", epilog="Example: kiosk childcare import open-referral https://example.org/api")
@click.argument("url")
@_NAME
@_SOURCE
@click.option(
    "--pause", default=PAUSE, show_default=True, type=click.FloatRange(0, 60), help="Seconds between requests."
)
def load_directory(url: str, name: str, source: str, pause: float) -> None:
    """Load the childcare of the directory at URL (Open Referral UK 1 or 3, Outpost). After a cut, run it again."""
    store, data = open_data()
    services = services_url(url)
    host = urlsplit(services).hostname or ""
    feed = Feed(services, _origin(name or host), source or host)
    notebook = Notebook(data / NOTES_FOLDER / f"{feed.origin}.jsonl")
    line = PoliteHost(services, pause)
    try:
        with click.progressbar(length=1, label="Reading services", file=sys.stderr) as bar:

            def tick(done: int, of: int) -> None:
                bar.length = max(of, done)
                bar.update(done - bar.pos)

            reading = read_feed(feed, line.fetch, notebook, datetime.now(UTC), tick)
    finally:
        line.close()
    # Before the list is judged: one that is refused is asked for anew, not read from these notes.
    notebook.close()
    replace_list(store, data, feed.origin, reading, host)


@load.command("list", epilog='Example: kiosk childcare import list providers.xlsx --map name="Provider name"')
@click.argument("file", type=_TABLE)
@_NAME
@_SOURCE
@click.option("--map", "maps", multiple=True, help='Which column holds what: name="Provider name". May be given again.')
@click.option("--yes", is_flag=True, help="Take the columns as they are proposed.")
@click.option("--as-at", type=_DAY, help="The day the list describes; otherwise the day the file was last changed.")
def load_any(file: Path, name: str, source: str, maps: tuple[str, ...], yes: bool, as_at: datetime | None) -> None:
    """Load a council's or a centre's own FILE: .csv, .xlsx, or an export of Outpost (.csv, .json)."""
    store, data = open_data()
    stem = re.sub(r"[0-9_-]+", " ", file.stem).strip()
    called = List(_origin(name or stem or "list"), source or (stem or "list").capitalize(), _day(as_at))
    replace_list(store, data, called.origin, _read_list(file, called, _maps(maps), yes, data), file.name)


@load.command("examples", epilog="Example: kiosk childcare import examples content/oxfordshire/childcare-examples.csv")
@click.argument("file", type=_TABLE)
def load_examples(file: Path) -> None:
    """Load a pack's example list FILE. Examples are marked on screen, and vanish once a real list is loaded."""
    store, data = open_data()
    replace_list(store, data, spreadsheet.ORIGIN, spreadsheet.load_examples(file), file.name)


@load.command("postcodes", epilog="Example: kiosk childcare import postcodes --district Oxford --district Cherwell")
@click.option(
    "--district", "named", multiple=True, help="A district or a county, by name or ONS code; may be given again."
)
@click.option("--all-england", is_flag=True, help="Every postcode of England: about 2.3 million, 50 MB.")
def load_places(named: tuple[str, ...], all_england: bool) -> None:
    """Load postcodes and where they are, from the ONS Postcode Directory that is installed with this program.

    Without options those of the districts that stand in the pack's pack.yaml.
    """
    if named and all_england:
        raise click.UsageError("Give either --district, as often as needed, or --all-england.")
    districts = tuple(dict.fromkeys(each.code for name in named for each in find_districts(name)))
    if not districts and not all_england:
        districts = _districts_of_the_pack()
    store, _ = open_data()
    with click.progressbar(postcode_files(), label="Reading postcodes", file=sys.stderr) as files:
        number = store.load_postcodes(load_postcodes(districts, files))
    click.echo(
        f"{count(number, 'postcode')} loaded from {say_districts(districts) if districts else 'all of England'}."
    )


def _districts_of_the_pack() -> tuple[str, ...]:
    from kiosk.bootstrap import bootstrap

    if districts := bootstrap(load_settings()).pack.centre.districts:
        return districts
    raise click.UsageError("The pack names no districts. Give --district, as often as needed, or --all-england.")


def _read_list(file: Path, called: List, given: Mapping[str, str], yes: bool, data: Path) -> Reading:
    if file.suffix.lower() == ".json":
        return outpost.load_json(file, called)
    remembered = mapping.RememberedColumns(data)
    known = {**remembered.of(called.origin), **given}
    found = find_list(file, known)
    is_outpost = not workbook.is_workbook(file) and outpost.is_outpost(found.header)
    columns = {} if is_outpost else _agree(found, known, given, yes)
    with click.progressbar(length=file.stat().st_size, label="Reading the list", file=sys.stderr) as bar:
        if is_outpost:
            return outpost.load_outpost(file, called, bar.update)
        reading = load_list(found, columns, called, bar.update)
    remembered.keep(called.origin, columns)
    return reading


def _agree(found: ListFile, known: Mapping[str, str], given: Mapping[str, str], yes: bool) -> dict[str, str]:
    """Show which column would be taken for what, and return it once a person agrees.

    What was agreed before is not asked again, unless the file has a column for more: it may tell who agreed (R24).
    """
    proposed = mapping.propose(found.header)
    if known and not given and set(known.values()) <= set(found.header) and not _adds(proposed, known):
        return mapping.check(known, found.header, found.file.name)
    taken = {field: cell for field, cell in proposed.items() if cell not in known.values()}
    columns = mapping.check({**taken, **known}, found.header, found.file.name)
    click.echo(f"Columns of {found.file.name}{f', sheet {found.sheet}' if found.sheet else ''}:", err=True)
    for field, cell in columns.items():
        click.echo(f"  {field:<13}{cell}", err=True)
    unused = [cell for cell in found.header if cell.strip() and cell not in columns.values()]
    if unused:
        click.echo(f"  not taken    {', '.join(unused)}", err=True)
    if not yes and not click.confirm("Is that right?", err=True):
        raise ChildcareFileFaulty(
            "Nothing was loaded.", 'Say which column holds what with --map, such as --map name="Provider name".'
        )
    return columns


def _adds(proposed: Mapping[str, str], known: Mapping[str, str]) -> bool:
    """Whether a column that was never agreed on is there; one of consent counts whatever else it was taken for."""
    new = {field: cell for field, cell in proposed.items() if field not in known}
    return "consent" in new or not set(new.values()) <= set(known.values())


def _maps(maps: tuple[str, ...]) -> dict[str, str]:
    columns: dict[str, str] = {}
    for each in maps:
        field, equals, cell = each.partition("=")
        if not equals:
            raise click.UsageError(f'--map {each}: write it as name="Provider name".')
        columns[field.strip()] = cell.strip().strip('"')
    return columns


def _origin(name: str) -> str:
    """Return the name of a list as staff type it: lower case, words joined by hyphens."""
    origin = re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-.")
    if not origin or origin in _TAKEN:
        raise click.UsageError(f'"{name}" cannot be the name of a list: give another with --name.')
    return origin[:60]


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None
