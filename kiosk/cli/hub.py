"""`kiosk hub`: make the support workers' hub, serve it, let kiosks and colleagues in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import click
from sqlalchemy import Engine

from kiosk.cli import fleet, team
from kiosk.cli.times import utc_words
from kiosk.cli.typed import NO_CONFIRM, PASSWORD_FILE, new_password, open_as, show_recovery_key
from kiosk.cli.verbs import Verbs
from kiosk.core_dumps import leave_no_core
from kiosk.errors import HubNotReady
from kiosk.hub import schema
from kiosk.hub.app import create_app
from kiosk.hub.clock import HubClock
from kiosk.hub.copies import copy_beside
from kiosk.hub.desk import Desk
from kiosk.hub.keys import make_secrets
from kiosk.hub.privacy import plain_text, privacy_notice
from kiosk.hub.retention import purge_on_time
from kiosk.hub.roles import check_lead
from kiosk.hub.serving import make_server, upkeep
from kiosk.hub.setup import check_not_ready, hub_engine, keep_private, ready_store, settle
from kiosk.hub.vendor import check_installed
from kiosk.settings import load_settings


class HubVerbs(Verbs):
    """Says in a sentence what stands in a database's way, whichever command meets it."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. Raises HubNotReady."""
        with schema.reached():
            return super().invoke(ctx)


@click.group(cls=HubVerbs, epilog="Example: kiosk hub serve")
def hub() -> None:
    """Run the support workers' desk, where requests arrive."""


for command in (*fleet.COMMANDS, *team.COMMANDS):
    hub.add_command(command)


@hub.command(epilog="Example: kiosk hub init --worker 'J. Okafor'")
@click.option("--worker", prompt="The first worker's name", help="Who signs in first.")
@PASSWORD_FILE
@NO_CONFIRM
def init(worker: str, password_file: IO[str] | None, no_confirm: bool) -> None:
    """Make the hub's keys and its first worker, and show the recovery key once.

    The recovery key opens every request when all passwords are lost. It is not stored: write it on paper.
    """
    engine, secrets = _engine(), make_secrets()
    check_not_ready(engine)
    password = new_password(worker, password_file)
    show_recovery_key(secrets.recovery_key, ask_back=not no_confirm)
    settle(engine, secrets, worker, password)
    click.echo(f"The hub is ready, and {worker} can sign in. Next: kiosk hub serve")


@hub.command(epilog="Example: kiosk hub upgrade")
def upgrade() -> None:
    """Bring the hub's database to what this program needs, after a newer Waymark was installed. Stop the hub first.

    A SQLite file is copied beside itself before; a PostgreSQL database is for pg_dump to copy. Whatever ends the upgrade
    leaves the tables as they were or as they should be; run it again.
    """
    engine = _engine()
    schema.check_made(engine)
    keep_private(engine)
    done = schema.upgrade(engine, lambda: _tell_copy(copy_beside(engine, datetime.now(UTC))))
    if done.is_change:
        click.echo(f"The hub's database is at step {done.after} now; it was at {done.before or 'none'}.")
    else:
        click.echo(f"There is nothing to do: the hub's database is at step {done.after}.")


@hub.command(epilog="Example: kiosk hub serve --port 8765")
@click.option("--host", help="Address to listen on; the setting hub_host otherwise.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; the setting hub_port otherwise.")
def serve(host: str | None, port: int | None) -> None:
    """Serve the desk and take in requests, until stopped with Ctrl+C."""
    settings = load_settings()
    leave_no_core()
    check_installed()
    app = create_app(settings)
    host, port = host or settings.hub_host, settings.hub_port if port is None else port
    server = make_server(app, host, port, settings.hub_proxy)
    click.echo(f"The desk is at http://{server.effective_host}:{server.effective_port}")
    desk: Desk = app.extensions["waymark-desk"]
    with upkeep(desk.store.engine, settings):
        server.run()


@hub.command(epilog="Example: kiosk hub purge")
def purge() -> None:
    """Delete the requests that were closed long enough ago. `kiosk hub serve` does so every hour."""
    settings = load_settings()
    gone = purge_on_time(ready_store(settings).engine, settings.handled_days, datetime.now(UTC))
    if gone is None:
        raise HubNotReady(
            "Nothing was deleted: the hub's clock has leapt, or the hub was off for days.",
            "Is the time right? Then say so: kiosk hub clock --right --by NAME",
        )
    click.echo(f"{gone} handled request{'' if gone == 1 else 's'} deleted.")


@hub.command(epilog="Example: kiosk hub clock --right --by 'J. Okafor'")
@click.option("--right", is_flag=True, help="Say that the clock is right: the purge goes on. Needs a lead.")
@click.option("--by", help="A lead of the team, who is asked for their password.")
def clock(right: bool, by: str | None) -> None:
    """Say what the hub's clock says, and whether handled requests are deleted by it.

    Where it has leapt by days nothing is deleted, until a lead says that it is right or it has gone on for a week.
    """
    engine, now = ready_store(load_settings()).engine, datetime.now(UTC)
    if right:
        check_lead(open_as(engine, by or click.prompt("Your own name")).worker)
        HubClock(engine).trust(now)
    seen = HubClock(engine).find()
    click.echo(f"The hub's clock says {utc_words(now)}.")
    if seen and seen.doubted_from:
        click.echo(f"It leapt to {utc_words(seen.doubted_from)}; until then it was at {seen.trusted_at:%d %B %Y}.")
        click.echo("No handled request is deleted. If it is right: kiosk hub clock --right")
    else:
        click.echo("Handled requests are deleted on time.")


@hub.command(epilog="Example: kiosk hub privacy")
def privacy() -> None:
    """Print what this hub tells people about what it keeps, and for how long, as its settings have it."""
    click.echo(plain_text(privacy_notice(load_settings())), nl=False)


def _engine() -> Engine:
    return hub_engine(load_settings())


def _tell_copy(copy: Path | None) -> None:
    if copy:
        click.echo(
            f"It is copied as it was to {copy}. That holds every request: delete it once all is well. The purge does, in time."
        )
