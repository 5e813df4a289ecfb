"""kiosk childcare: load registers and lists, see what is loaded, look as a parent would, take a place off the screen."""

from __future__ import annotations

from typing import Any

import click

from kiosk.childcare.hours import Terms
from kiosk.childcare.model import METRES_PER_MILE, Found, Kind, Postcode, Search
from kiosk.childcare.search import find_childcare
from kiosk.childcare.sources.districts import find_districts
from kiosk.childcare.store import SourceStatus
from kiosk.cli.childcare_import import load
from kiosk.cli.childcare_report import count, day, open_data
from kiosk.cli.childcare_when import CLOCK, DAYS, slots
from kiosk.cli.verbs import Verbs


@click.group(cls=Verbs, epilog='Example: kiosk childcare near "OX4 4UY" --kind nursery')
def childcare() -> None:
    """Places near here that look after children."""


childcare.add_command(load)


@childcare.command(
    epilog='Example: kiosk childcare near "OX4 4UY" --kind nursery --day sat --from 8:00 --text montessori'
)
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
@click.option(
    "--funded", type=click.Choice(["any", "15", "30"]), help="Only who offers free hours, or so many of them."
)
@click.option("--day", "days", multiple=True, type=click.Choice(DAYS), help="Open on this day; may be given again.")
@click.option("--from", "opens", type=CLOCK, help="Open by this time, such as 7:30.")
@click.option("--to", "closes", type=CLOCK, help="Open until this time, such as 18:00.")
@click.option("--terms", type=click.Choice([each.value for each in Terms]), help="Open in this part of the year.")
@click.option("--within", type=click.FloatRange(0.1, 100), help="At most so many miles away.")
@click.option("--count", "size", default=10, show_default=True, type=click.IntRange(1, 1000), help="How many to show.")
def near(postcode: str, size: int, **filters: Any) -> None:
    """Show the places nearest to POSTCODE, which may be its first part only."""
    store, _ = open_data()
    results = find_childcare(store, _search(Postcode.parse(postcode), size, **filters))
    for found in results.found:
        click.echo(_listing(found))
    of = f"{'more than ' if results.more else ''}{results.total:,}"
    click.echo(f"{count(len(results.found), 'place')} shown of {of}, nearest to {results.near}.")


def _search(near: Postcode, size: int, **filters: Any) -> Search:
    funded, terms, within = filters["funded"], filters["terms"], filters["within"]
    return Search(
        near,
        frozenset(map(Kind, filters["kinds"])),
        filters["text"],
        frozenset() if filters["age"] is None else frozenset({filters["age"]}),
        size=size,
        slots=slots(filters["days"], filters["opens"], filters["closes"]),
        terms=Terms(terms) if terms else None,
        funded=None if funded is None else int(funded.replace("any", "0")),
        within=round(within * METRES_PER_MILE) if within else None,
    )


@childcare.command(epilog="Example: kiosk childcare status")
def status() -> None:
    """Show what is loaded, list by list in the order in which they are believed, and as at which day."""
    store, _ = open_data()
    loaded = store.status()
    for source in loaded.sources:
        click.echo(_source(source))
    if not loaded.sources:
        click.echo("No list of childcare is loaded.")
    if loaded.merged:
        click.echo(f"{count(loaded.merged, 'provider')} in several lists, shown once.")
    click.echo(f"{count(loaded.postcodes, 'postcode')}. {count(loaded.hidden, 'provider')} hidden by staff.")


@childcare.command(epilog="Example: kiosk childcare districts Oxfordshire")
@click.argument("name")
def districts(name: str) -> None:
    """Show the ONS codes of a district or of those of a county, as districts: in pack.yaml takes them."""
    for each in find_districts(name):
        click.echo(f"{each.code}  {each.name}{f', {each.council}' if each.council != each.name else ''}")


@childcare.group("sources", epilog="Example: kiosk childcare sources remove providers")
def sources() -> None:
    """The lists that are loaded: whose word counts first, and taking one away. `kiosk childcare status` names them."""


@sources.command("remove", epilog="Example: kiosk childcare sources remove providers")
@click.argument("name")
def remove_source(name: str) -> None:
    """Take the list called NAME away, with all that only it said."""
    store, _ = open_data()
    click.echo(f"{count(store.remove_source(name), 'provider')} of {name} taken away.")


@sources.command("order", epilog="Example: kiosk childcare sources order providers ofsted")
@click.argument("names", nargs=-1)
def order_sources(names: tuple[str, ...]) -> None:
    """Say whose word counts first where lists disagree. Lists not named follow, the newest first; no names undo it."""
    store, _ = open_data()
    store.order_sources(names)
    click.echo(f"Believed in this order: {', '.join(each.origin for each in store.status().sources)}.")


@childcare.command(epilog="Example: kiosk childcare hide EY101465")
@click.argument("urn")
@click.option("--undo", is_flag=True, help="Show it again.")
def hide(urn: str, undo: bool) -> None:
    """Take the provider with this Ofsted number (URN) off the screen. It stays hidden when a new register is loaded."""
    store, _ = open_data()
    provider = store.show(urn) if undo else store.hide(urn)
    click.echo(f"{provider.name} is {'shown again' if undo else 'hidden'}.")


def _listing(found: Found) -> str:
    provider = found.provider
    place = ", ".join((*provider.address, str(provider.postcode)))
    lists = ((provider.source, provider.as_at), *((each.source, each.as_at) for each in provider.also))
    origin = "; ".join(f"{source}, {day(as_at)}" for source, as_at in lists)
    about = (f"{found.miles:4.1f} miles  {provider.name}", provider.kind.value, place, provider.phone, provider.urn)
    return " | ".join((*filter(None, about), origin))


def _source(source: SourceStatus) -> str:
    return (
        f"{source.origin}: {count(source.providers, 'provider')} as at {day(source.as_at)},"
        f" {source.unplaced:,} not found by distance, {source.withheld:,} withheld, {source.refused:,} refused."
    )
