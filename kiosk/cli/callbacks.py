"""kiosk callbacks: what waits to be delivered, and deliver it now. Nothing here can show who asked."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click

from kiosk.callbacks.contract import Counts
from kiosk.callbacks.identity import load_identity, renew_identity
from kiosk.callbacks.model import Identity
from kiosk.callbacks.outbox import open_outbox
from kiosk.cli.times import utc_words
from kiosk.cli.verbs import Verbs
from kiosk.errors import NoTeamKey, RequestUnknown, StickDamaged, WaymarkError
from kiosk.settings import Settings, load_settings
from kiosk.sync.hub_client import HubClient
from kiosk.sync.run import Report, sync_once
from kiosk.sync.stick import find_stick
from kiosk.sync.usb import read_receipts, write_stick

_REASONS = {
    "conflict": "the hub has another request of this number",
    "unknown-signature": "the hub does not know who sealed it",
}


@click.group(cls=Verbs, epilog="Example: kiosk callbacks status")
def callbacks() -> None:
    """Call-back requests on this kiosk: sealed, and on their way to the hub."""


@callbacks.command(epilog="Example: kiosk callbacks status")
def status() -> None:
    """Say how many requests wait, since when, and what stands in their way."""
    outbox = open_outbox(load_settings().data, put_damaged_aside=False)
    for line in _lines(outbox.counts(), datetime.now(UTC)):
        click.echo(line)
    for id, reason in outbox.find_set_aside().items():
        click.echo(f"  {id}  {_REASONS.get(reason, reason)}. To send it again: kiosk callbacks retry {id}")


@callbacks.command(epilog="Example: kiosk callbacks sync")
def sync() -> None:
    """Deliver now whatever waits, without waiting for its turn."""
    settings = load_settings()
    identity = _identity(settings)
    outbox = open_outbox(settings.data, put_damaged_aside=False)
    hub = HubClient(identity, settings.hub_ca, settings.hub_url, lambda newer: renew_identity(newer, settings.data))
    with click.progressbar(length=outbox.counts().waiting, label="Delivering") as bar:
        report = sync_once(outbox, hub, datetime.now(UTC), by_hand=True, on_batch=bar.update)
    _tell(report)


@callbacks.command(epilog="Example: kiosk callbacks retry 1f0c9b1e-5f1d-4c0e-9c55-0a8b7c6d5e4f")
@click.argument("id", type=click.UUID)
def retry(id: UUID) -> None:
    """Put the request ID, which was set aside, back in the queue."""
    if not open_outbox(load_settings().data, put_damaged_aside=False).retry(id):
        raise RequestUnknown("No request of this number is set aside here.", "Look at: kiosk callbacks status")
    click.echo("It is back in the queue. To deliver it now: kiosk callbacks sync")


@callbacks.command(epilog="Example: kiosk callbacks copy /media/stick")
@click.argument("folder", type=click.Path(path_type=Path))
def copy(folder: Path) -> None:
    """Copy what waits to the USB stick at FOLDER, for a hub that the network does not reach.

    The requests stay here until the stick has come back with the hub's receipts.
    """
    settings = load_settings()
    identity = _identity(settings)
    outbox = open_outbox(settings.data, put_damaged_aside=False)
    copied = write_stick(outbox, find_stick(folder, settings.data), identity)
    if copied is None:
        click.echo("Nothing waits: there is nothing to copy.")
        return
    click.echo(f"{copied.count} copied to {copied.file}, not yet delivered. At the hub: kiosk hub import FOLDER")
    if copied.left:
        click.echo(f"{copied.left} more wait for the next copy, once these have their receipts.")


@callbacks.command(epilog="Example: kiosk callbacks receipts /media/stick")
@click.argument("folder", type=click.Path(path_type=Path))
def receipts(folder: Path) -> None:
    """Read the hub's receipts from the USB stick at FOLDER; what it holds leaves this kiosk."""
    settings = load_settings()
    identity = _identity(settings)
    outbox = open_outbox(settings.data, put_damaged_aside=False)
    stick = find_stick(folder, settings.data)
    came = read_receipts(stick, outbox, identity, lambda newer: renew_identity(newer, settings.data))
    click.echo(f"{came.delivered} delivered, {came.waiting} waiting, {came.set_aside} set aside.")
    if came.strange:
        says = f"{came.strange} of the receipts are not this hub's."
        raise StickDamaged(says, "Nothing is lost: bring the stick to the hub again.")


def _identity(settings: Settings) -> Identity:
    identity = load_identity(settings.data)
    if identity is None:
        raise NoTeamKey("This kiosk has not joined a hub.", "Run: kiosk device enrol URL CODE")
    return identity


def _lines(counts: Counts, now: datetime) -> list[str]:
    lines = [f"Waiting    {counts.waiting}", f"Delivered  {counts.delivered}", f"Set aside  {counts.set_aside}"]
    if counts.oldest_saved_at:
        hours = max(0, int((now - counts.oldest_saved_at).total_seconds() // 3600))
        lines.append(f"Oldest     saved {utc_words(counts.oldest_saved_at)}, {hours} hours ago")
    if counts.trouble:
        lines.append(f"Trouble    {counts.trouble.says}")
    if counts.notice:
        lines.append(f"Notice     {counts.notice}")
    return lines


def _tell(report: Report) -> None:
    click.echo(f"{report.delivered} delivered, {report.waiting} waiting, {report.set_aside} set aside.")
    if report.trouble:
        raise WaymarkError(report.fact, "Nothing is lost: the requests stay here until the hub has them.")
