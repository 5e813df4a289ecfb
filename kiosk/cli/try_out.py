"""A whole Waymark for one run: a hub on a loopback port, this kiosk enrolled with it, a sign-in for its desk.

It lives in a temporary folder and is deleted with it: a try-out keeps nobody's request.
"""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from kiosk.bootstrap import Services, bootstrap
from kiosk.callbacks.identity import save_identity
from kiosk.childcare.sources.postcodes import postcode_files
from kiosk.cli.supervise import ENDING, program
from kiosk.errors import HubUnreachable, OutboxUnavailable
from kiosk.hub.setup import hub_engine, init_hub
from kiosk.hub.store import HubStore
from kiosk.hub.vendor import check_installed
from kiosk.settings import Settings
from kiosk.sync.hub_client import enrol

WORKER = "worker"
HUB_PATIENCE = 20  # seconds until the hub says where it is
LAST_WORDS = 5  # seconds for the hub to end by itself
LOOPBACK = "127.0.0.1"


@contextmanager
def open_try_out(settings: Settings) -> Iterator[Settings]:
    """Yield the settings of a kiosk that has joined its own hub. Both are gone afterwards, whatever ends the run.

    Raises PackFaulty or HubNotReady before anything is made, HubUnreachable where the hub does not start.
    """
    _end_in_order()
    check_installed()
    with _temporary_folder() as folder:
        kiosk = replace(settings, data=Path(folder) / "kiosk", hub_url="", hub_ca=None, sync_seconds=5)
        hub = replace(settings, data=Path(folder) / "hub", hub_database="")
        services, password = bootstrap(kiosk), secrets.token_urlsafe(9)
        code = _make_hub(hub, password, services.pack.centre.name)
        with _hub_running(hub) as url:
            save_identity(enrol(url, code), kiosk.data)
            _load_childcare(services)
            _tell(url, password)
            yield kiosk


def _temporary_folder() -> tempfile.TemporaryDirectory[str]:
    try:
        # Windows deletes no file that is open, and the font cache stays open until the process ends.
        return tempfile.TemporaryDirectory(prefix="waymark-", ignore_cleanup_errors=os.name == "nt")
    except OSError as why:
        raise OutboxUnavailable("There is no room for a try-out.", "Make room, or name a folder in TMPDIR.") from why


def _end_in_order() -> None:
    """A signal that comes before the window is there would otherwise end this process alone, and leave its hub behind."""
    for number in ENDING:
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))


def _make_hub(settings: Settings, password: str, centre: str) -> str:
    """Make the hub's data with one worker, and return a code for one kiosk of the centre."""
    click.echo("Making a hub and its team key ...")
    init_hub(settings, WORKER, password)
    engine = hub_engine(settings)
    try:
        return HubStore(engine).create_code(centre, datetime.now(UTC))
    finally:
        engine.dispose()


@contextmanager
def _hub_running(settings: Settings) -> Iterator[str]:
    """Run the hub as a process of its own, as in a real place, and give its address."""
    hub = None
    try:
        with _undisturbed():
            hub = subprocess.Popen(
                [*program(), "hub", "serve", "--host", LOOPBACK, "--port", "0"],
                env={**os.environ, "KIOSK_DATA": str(settings.data), "KIOSK_HUB_DATABASE": ""},
                stdout=subprocess.PIPE,
                text=True,
            )
        yield _address(hub)
    finally:
        if hub:
            _end(hub)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold signals back while a process is being started: an exception on the way would leave it to nobody."""
    came: list[int] = []
    before = {number: signal.signal(number, lambda number, _frame: came.append(number)) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in came:
            signal.raise_signal(number)


def _address(hub: subprocess.Popen[str]) -> str:
    """Return where the hub says that it listens. Raises HubUnreachable when it ends, or is silent too long."""
    patience = threading.Timer(HUB_PATIENCE, hub.kill)
    patience.start()
    try:
        said = re.search(r"http://\S+", hub.stdout.readline() if hub.stdout else "")
    finally:
        patience.cancel()
    if said is None:
        raise HubUnreachable("The hub of this try-out did not start.", "Mend what it says above, then try again.")
    return said[0]


def _end(hub: subprocess.Popen[str]) -> None:
    with hub:  # closes its pipe and waits for its end
        hub.terminate()
        try:
            hub.wait(LAST_WORDS)
        except subprocess.TimeoutExpired:
            hub.kill()


def _load_childcare(services: Services) -> None:
    with click.progressbar(postcode_files(), label="Loading postcodes of the area") as files:
        services.load_first_childcare(files)
    services.stop()


def _tell(url: str, password: str) -> None:
    click.echo(f"\nThe desk     {url}\nSign in as   {WORKER}\nPassword     {password}\n")
    click.echo("To ask for a call, type 020 7946 0123: a number that is nobody's.")
    click.echo("Close the kiosk with Ctrl+Q, or Ctrl+C here. Everything of this try-out is then deleted.")
