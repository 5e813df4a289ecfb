"""A whole Waymark for one run: a hub on a loopback port, this kiosk enrolled with it, a sign-in for its desk.

It lives in a temporary folder and is deleted with it: a try-out keeps nobody's request.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from kiosk.bootstrap import bootstrap
from kiosk.callbacks.identity import save_identity
from kiosk.childcare.sources.postcodes import postcode_files
from kiosk.errors import HubUnreachable
from kiosk.hub.setup import hub_engine, init_hub
from kiosk.hub.store import HubStore
from kiosk.settings import Settings
from kiosk.sync.hub_client import enrol

WORKER = "worker"
HUB_PATIENCE = 20  # seconds


@contextmanager
def open_try_out(settings: Settings) -> Iterator[Settings]:
    """Yield the settings of a kiosk that has joined its own hub. Both are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="waymark-") as folder:
        made = replace(settings, data=Path(folder), hub_host="127.0.0.1", hub_port=_free_port(), hub_database="")
        password = secrets.token_urlsafe(9)
        click.echo("Making a hub and its team key ...")
        init_hub(made, WORKER, password)
        with _hub_running(made) as url:
            code = HubStore(hub_engine(made)).create_code(_centre(made), datetime.now(UTC))
            save_identity(enrol(url, code), made.data)
            _load_childcare(made)
            _tell(url, password)
            yield replace(made, sync_seconds=5)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _hub_running(settings: Settings) -> Iterator[str]:
    """Run the hub as a process of its own, as in a real place, and wait until it answers."""
    command = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "kiosk"]
    environment = {
        **os.environ,
        "KIOSK_DATA": str(settings.data),
        "KIOSK_HUB_HOST": settings.hub_host,
        "KIOSK_HUB_PORT": str(settings.hub_port),
        "KIOSK_HUB_DATABASE": "",
    }
    hub = subprocess.Popen([*command, "hub", "serve"], env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait_for(settings, hub)
        yield f"http://{settings.hub_host}:{settings.hub_port}"
    finally:
        hub.terminate()
        hub.wait(10)


def _wait_for(settings: Settings, hub: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + HUB_PATIENCE
    while time.monotonic() < until and hub.poll() is None:
        with socket.socket() as knock:
            if knock.connect_ex((settings.hub_host, settings.hub_port)) == 0:
                return
        time.sleep(0.05)
    raise HubUnreachable("The hub of this try-out did not start.", "Run: kiosk hub serve, and read what it says.")


def _centre(settings: Settings) -> str:
    return bootstrap(settings).pack.centre.name


def _load_childcare(settings: Settings) -> None:
    services = bootstrap(settings)
    with click.progressbar(postcode_files(), label="Loading postcodes of the area") as files:
        services.load_first_childcare(files)


def _tell(url: str, password: str) -> None:
    click.echo(f"\nThe desk     {url}\nSign in as   {WORKER}\nPassword     {password}\n")
    click.echo("Close the kiosk with Ctrl+Q, or Ctrl+C here. Everything of this try-out is then deleted.")
