"""`kiosk hub`: make the support workers' hub, serve it, let kiosks and colleagues in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import IO

import click
from sqlalchemy import Engine

from kiosk.cli import fleet
from kiosk.errors import SealBroken
from kiosk.hub.accounts import Accounts, Role, check_new
from kiosk.hub.app import create_app
from kiosk.hub.keys import make_secrets, read_recovery_words, recovery_words
from kiosk.hub.retention import purge as purge_handled
from kiosk.hub.serving import make_server, purging
from kiosk.hub.setup import check_not_ready, hub_engine, settle
from kiosk.hub.store import HubStore
from kiosk.hub.vendor import check_installed
from kiosk.settings import load_settings

PASSWORD_FILE = click.option(
    "--password-file",
    type=click.File(encoding="utf-8"),
    help="Read the new password from the first line of this file; - is standard input.",
)


@click.group(epilog="Example: kiosk hub serve")
def hub() -> None:
    """Run the support workers' desk, where requests arrive."""


for command in fleet.COMMANDS:
    hub.add_command(command)


@hub.command(epilog="Example: kiosk hub init --worker 'J. Okafor'")
@click.option("--worker", prompt="The first worker's name", help="Who signs in first.")
@PASSWORD_FILE
@click.option("--no-confirm", is_flag=True, help="Do not ask for the recovery key: for unattended runs.")
def init(worker: str, password_file: IO[str] | None, no_confirm: bool) -> None:
    """Make the hub's keys and its first worker, and show the recovery key once.

    The recovery key opens every request when all passwords are lost. It is not stored: write it on paper.
    """
    engine, secrets = _engine(), make_secrets()
    check_not_ready(engine)
    password = _new_password(worker, password_file)
    words = recovery_words(secrets.recovery_key)
    click.echo(f"The recovery key, shown only now. Write it on paper and lock it away:\n\n    {words}\n")
    if not no_confirm:
        _ask_back(secrets.recovery_key)
    settle(engine, secrets, worker, password)
    click.echo(f"The hub is ready, and {worker} can sign in. Next: kiosk hub serve")


@hub.command(epilog="Example: kiosk hub serve --port 8765")
@click.option("--host", help="Address to listen on; the setting hub_host otherwise.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; the setting hub_port otherwise.")
def serve(host: str | None, port: int | None) -> None:
    """Serve the desk and take in requests, until stopped with Ctrl+C."""
    settings = load_settings()
    check_installed()
    app = create_app(settings)
    server = make_server(app, host or settings.hub_host, settings.hub_port if port is None else port)
    click.echo(f"The desk is at http://{server.effective_host}:{server.effective_port}")
    with purging(hub_engine(settings), settings.handled_days):
        server.run()


@hub.command(epilog="Example: kiosk hub code --centre 'Rose Hill'")
@click.option("--centre", required=True, help="The children's centre that the kiosk stands in.")
def code(centre: str) -> None:
    """Print a one-time code that lets one kiosk join."""
    click.echo(_ready_store().create_code(centre, datetime.now(UTC)))


@hub.group(epilog="Example: kiosk hub worker add 'D. Patel'")
def worker() -> None:
    """Look after who can sign in."""


@worker.command(epilog="Example: kiosk hub worker add 'D. Patel' --by 'J. Okafor'")
@click.argument("name")
@click.option("--by", prompt="Your own name", help="A worker who can sign in already.")
@click.option(
    "--role", type=click.Choice([role.value for role in Role if role is not Role.PUBLISHER]), default="worker"
)
@PASSWORD_FILE
def add(name: str, by: str, role: str, password_file: IO[str] | None) -> None:
    """Let NAME sign in. Only a worker's own password can hand on the key that opens requests."""
    accounts, now = Accounts(_ready_store().engine), datetime.now(UTC)
    opened = accounts.open(by, click.prompt("Your own password", hide_input=True), now)
    accounts.add(name, _new_password(name, password_file), opened.team_key, now, Role(role))
    click.echo(f"{name} can sign in.")


@hub.command(epilog="Example: kiosk hub purge")
def purge() -> None:
    """Delete the requests that were closed long enough ago. `kiosk hub serve` does so every hour."""
    settings, engine = load_settings(), _ready_store().engine
    gone = purge_handled(engine, settings.handled_days, datetime.now(UTC))
    click.echo(f"{gone} handled request{'' if gone == 1 else 's'} deleted.")


def _engine() -> Engine:
    return hub_engine(load_settings())


def _ready_store() -> HubStore:
    """Return the store of a hub that has been made. Raises HubNotReady."""
    store = HubStore(_engine())
    store.create_all()
    store.get_keys()
    return store


def _new_password(name: str, file: IO[str] | None) -> str:
    prompt = f"A new password for {name}"
    password = (
        file.readline().rstrip("\r\n") if file else click.prompt(prompt, hide_input=True, confirmation_prompt=True)
    )
    check_new(name, password)
    return str(password)


def _ask_back(recovery_key: bytes) -> None:
    while True:
        try:
            if read_recovery_words(click.prompt("Type it back from the paper")) == recovery_key:
                return
        except SealBroken as why:
            click.echo(str(why), err=True)
