"""The part of `kiosk hub` that is about kiosks, and about what they bring."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import Engine

from kiosk.cli.times import utc_words
from kiosk.cli.typed import BY, known_centre, open_as
from kiosk.errors import UsbTrouble
from kiosk.hub.codes import Codes
from kiosk.hub.conflicts import Conflicts
from kiosk.hub.fleet import Fleet, KioskLine
from kiosk.hub.fleet_wording import clock_words, is_clock_off, queue_words
from kiosk.hub.people import People
from kiosk.hub.publish_trust import HubPublishers
from kiosk.hub.roles import check_lead
from kiosk.hub.setup import ready_store
from kiosk.hub.stick import Imported, find_requests, import_stick
from kiosk.pack.publisher import key_name, load_change, load_public
from kiosk.settings import load_settings
from kiosk.sync.stick import find_stick

CHANGE_SUFFIX = ".keychange"


@click.command("import", epilog="Example: kiosk hub import /media/stick")
@click.argument("folder", type=click.Path(path_type=Path))
def import_requests(folder: Path) -> None:
    """Take in the requests on the USB stick at FOLDER, and leave receipts there for the kiosk.

    Twice is harmless, and so is a stick whose requests have come over the network since.
    """
    settings = load_settings()
    store = ready_store(settings)
    stick = find_stick(folder, settings.data)
    # What a name points to may be gone, or elsewhere; import_stick names it.
    size = sum(file.lstat().st_size for file in find_requests(stick))
    with click.progressbar(length=size, label="Taking in") as bar:
        imported = import_stick(stick, store, datetime.now(UTC), settings.handled_days, on_batch=bar.update)
    for each in imported:
        click.echo(_line(each))
    if any(not each.trouble for each in imported):
        click.echo("The receipts are on the stick. At the kiosk: kiosk callbacks receipts, or the staff's screen.")
    if troubles := [each.trouble for each in imported if each.trouble]:
        raise UsbTrouble(" ".join(troubles))


@click.command(epilog="Example: kiosk hub code --centre 'Rose Hill'")
@click.option("--centre", required=True, help="The children's centre that the kiosk stands in.")
def code(centre: str) -> None:
    """Print a one-time code that lets one kiosk join."""
    store = ready_store(load_settings())
    named = known_centre(centre, People(store.engine).find_centres())
    click.echo(store.create_code(named, datetime.now(UTC)))


@click.command(epilog="Example: kiosk hub trust rose-hill.pub --by 'J. Okafor'")
@click.argument("file", type=click.Path(path_type=Path))
@BY
def trust(file: Path, by: str) -> None:
    """Take packs that the publisher of this .pub FILE has signed; of a .keychange FILE, follow the change of keys."""
    engine, now = _ready_engine(), datetime.now(UTC)
    here, publishers = open_as(engine, by), HubPublishers(engine)
    check_lead(here.worker)
    if file.suffix.lower() == CHANGE_SUFFIX:
        new = publishers.follow(load_change(file), here.worker.name, now).new
    else:
        new = load_public(file)
        publishers.trust(new, here.worker.name, now)
    click.echo(f"The hub takes packs that {key_name(new)} signs. Each kiosk goes by a list of its own.")


@click.command(epilog="Example: kiosk hub codes")
def codes() -> None:
    """List the codes that nobody has used yet: for which centre, made when and by whom. None is shown again."""
    unused = Codes(_ready_engine()).find_unused(datetime.now(UTC))
    for each in unused:
        made = f"made {utc_words(each.made_at)} by {each.made_by or 'a command'}, " if each.made_at else ""
        click.echo(f"{each.id}  {each.centre}, {made}works until {utc_words(each.expires_at)}")
    click.echo(f"{len(unused)} not used yet.")


@click.command(epilog="Example: kiosk hub withdraw-code 3f2a9c51")
@click.argument("id")
def withdraw_code(id: str) -> None:
    """Let nobody join with a code that nobody has used. ID is its number in the list: kiosk hub codes"""
    withdrawn = Codes(_ready_engine()).withdraw(id, datetime.now(UTC))
    click.echo(f"The code for {withdrawn.centre} lets nobody join any more.")


@click.command(epilog="Example: kiosk hub kiosks")
def kiosks() -> None:
    """List the kiosks: when each was last seen, how many requests wait there, and what is wrong with it."""
    lines = Fleet(_ready_engine()).find_kiosks()
    if not lines:
        click.echo("No kiosk has joined yet. Make a code: kiosk hub code --centre NAME")
    for each in lines:
        seen = utc_words(each.last_seen_at) if each.last_seen_at else "never"
        click.echo(f"{each.id}  {each.centre}")
        click.echo(f"  Last seen  {seen}, version {each.version or 'unknown'}, queue: {queue_words(each).lower()}")
        for says in _warnings(each):
            click.echo(f"  {says}")


@click.command(epilog="Example: kiosk hub revoke kiosk-3f2a9c51d0e7")
@click.argument("id")
def revoke(id: str) -> None:
    """Take nothing more from the kiosk ID: it was stolen, or is not used any more. It keeps its queue."""
    Fleet(_ready_engine()).revoke(id)
    click.echo(f"The hub takes nothing more from {id}.")


@click.command(epilog="Example: kiosk hub readmit kiosk-3f2a9c51d0e7")
@click.argument("id")
def readmit(id: str) -> None:
    """Take again from the kiosk ID, which the hub took for a copy: its disk was restored from a backup.

    Where two machines do share its keys, enrol one of them anew instead: kiosk device enrol.
    """
    taken = Fleet(_ready_engine()).readmit(id, datetime.now(UTC))
    click.echo(f"The hub takes from {id} again. {len(taken)} that were kept apart are on the desk.")


@click.command("conflicts", epilog="Example: kiosk hub conflicts")
def show_conflicts() -> None:
    """List the requests that came under a number that another has. Both are kept; the desk shows the first."""
    doubled = Conflicts(_ready_engine()).find()
    for each in doubled:
        now = "the first is on the desk" if each.held else "the first was handled"
        click.echo(f"{each.id}  {each.centre}, {each.kiosk}, {utc_words(each.received_at)}; {now}")
    click.echo(f"{len(doubled)} in conflict.")


def _warnings(line: KioskLine) -> list[str]:
    warnings = []
    if is_clock_off(line):
        warnings.append(f"Its clock is {clock_words(line)}.")
    if line.revoked:
        warnings.append("Revoked: the hub takes nothing from it.")
    if line.forked_at:
        warnings.append(
            f"A copy of its disk was refused on {utc_words(line.forked_at)}; {line.apart} of its requests "
            "are kept apart. Enrol one of the two anew, or see: kiosk hub readmit --help"
        )
    return warnings


def _line(imported: Imported) -> str:
    figures = (
        (imported.held, "held"),
        (imported.already_handled, "already handled"),
        (imported.conflicts, "in conflict"),
        (imported.rejected, "rejected"),
    )
    told = ", ".join(f"{count} {word}" for count, word in figures if count)
    return f"{imported.file}: {told or 'nothing taken in'}."


def _ready_engine() -> Engine:
    """Return an engine on the database of a hub that has been made. Raises HubNotReady."""
    return ready_store(load_settings()).engine


COMMANDS = (trust, import_requests, code, codes, withdraw_code, kiosks, revoke, readmit, show_conflicts)
