"""The part of `kiosk hub` that is about kiosks, and about what they bring."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from kiosk.errors import UsbTrouble
from kiosk.hub.setup import hub_engine
from kiosk.hub.stick import Imported, find_requests, import_stick
from kiosk.hub.store import HubStore
from kiosk.settings import load_settings
from kiosk.sync.stick import find_stick


@click.command("import", epilog="Example: kiosk hub import /media/stick")
@click.argument("folder", type=click.Path(path_type=Path))
def import_requests(folder: Path) -> None:
    """Take in the requests on the USB stick at FOLDER, and leave receipts there for the kiosk.

    Twice is harmless, and so is a stick whose requests have come over the network since.
    """
    store = _store()
    stick = find_stick(folder, load_settings().data)
    size = sum(file.stat().st_size for file in find_requests(stick))
    with click.progressbar(length=size, label="Taking in") as bar:
        imported = import_stick(stick, store, datetime.now(UTC), on_batch=bar.update)
    for each in imported:
        click.echo(_line(each))
    if troubles := [each.trouble for each in imported if each.trouble]:
        raise UsbTrouble(" ".join(troubles))


def _line(imported: Imported) -> str:
    figures = (
        (imported.held, "held"),
        (imported.already_handled, "already handled"),
        (imported.conflicts, "in conflict"),
        (imported.rejected, "rejected"),
    )
    told = ", ".join(f"{count} {word}" for count, word in figures if count)
    return f"{imported.file}: {told or 'nothing taken in'}."


def _store() -> HubStore:
    """Return the store of a hub that has been made. Raises HubNotReady."""
    store = HubStore(hub_engine(load_settings()))
    store.create_all()
    store.get_keys()
    return store


COMMANDS = (import_requests,)
