"""kiosk callbacks: what waits to be delivered, and deliver it now. Nothing here can show who asked."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from kiosk.callbacks.contract import Counts
from kiosk.callbacks.identity import load_identity
from kiosk.callbacks.model import Identity
from kiosk.callbacks.outbox import open_outbox
from kiosk.errors import NoTeamKey, WaymarkError
from kiosk.settings import Settings, load_settings
from kiosk.sync.hub_client import HubClient
from kiosk.sync.run import Report, sync_once


@click.group(epilog="Example: kiosk callbacks status")
def callbacks() -> None:
    """Call-back requests on this kiosk: sealed, and on their way to the hub."""


@callbacks.command(epilog="Example: kiosk callbacks status")
def status() -> None:
    """Say how many requests wait, since when, and what stands in their way."""
    counts = open_outbox(load_settings().data, put_damaged_aside=False).counts()
    for line in _lines(counts, datetime.now(UTC)):
        click.echo(line)


@callbacks.command(epilog="Example: kiosk callbacks sync")
def sync() -> None:
    """Deliver now whatever waits, without waiting for its turn."""
    settings = load_settings()
    identity = _identity(settings)
    outbox = open_outbox(settings.data, put_damaged_aside=False)
    hub = HubClient(identity, settings.hub_ca, settings.hub_url)
    with click.progressbar(length=outbox.counts().waiting, label="Delivering") as bar:
        report = sync_once(outbox, hub, datetime.now(UTC), by_hand=True, on_batch=bar.update)
    _tell(report)


def _identity(settings: Settings) -> Identity:
    identity = load_identity(settings.data)
    if identity is None:
        raise NoTeamKey("This kiosk has not joined a hub.", "Run: kiosk device enrol URL CODE")
    return identity


def _lines(counts: Counts, now: datetime) -> list[str]:
    lines = [f"Waiting    {counts.waiting}", f"Delivered  {counts.delivered}", f"Set aside  {counts.set_aside}"]
    if counts.oldest_saved_at:
        hours = max(0, int((now - counts.oldest_saved_at).total_seconds() // 3600))
        lines.append(f"Oldest     saved {counts.oldest_saved_at:%d %B %Y at %H:%M} UTC, {hours} hours ago")
    if counts.trouble:
        lines.append(f"Trouble    {counts.trouble.says}")
    if counts.notice:
        lines.append(f"Notice     {counts.notice}")
    return lines


def _tell(report: Report) -> None:
    click.echo(f"{report.delivered} delivered, {report.waiting} waiting, {report.set_aside} set aside.")
    if report.trouble:
        raise WaymarkError(report.fact, "Nothing is lost: the requests stay here until the hub has them.")
