"""`kiosk hub worker`, `rotate-key`, `rotate-hub-key` and `recover`: people, the keys that they open requests with, and the
one that kiosks know the hub by.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import IO

import click

from kiosk.cli.typed import (
    BY,
    NO_CONFIRM,
    PASSWORD_FILE,
    ask_recovery_key,
    known_centre,
    new_password,
    open_as,
    show_recovery_key,
)
from kiosk.cli.verbs import Verbs
from kiosk.hub.accounts import Accounts
from kiosk.hub.keys import make_private_key
from kiosk.hub.people import People
from kiosk.hub.recovery import check_recovery_key, recover
from kiosk.hub.roles import Role
from kiosk.hub.rotation import rotate_hub_key, rotate_key
from kiosk.hub.setup import ready_store
from kiosk.settings import load_settings

CENTRES = click.option("--centre", "centres", multiple=True, help="A centre whose requests they see; repeat for more.")
ALL_CENTRES = click.option("--all-centres", is_flag=True, help="They see the requests of every centre.")


@click.group(cls=Verbs, epilog="Example: kiosk hub worker add 'D. Patel' --by 'J. Okafor' --all-centres")
def worker() -> None:
    """Look after who can sign in."""


@worker.command(epilog="Example: kiosk hub worker add 'D. Patel' --by 'J. Okafor' --centre 'Rose Hill'")
@click.argument("name")
@BY
@click.option("--role", type=click.Choice([role.value for role in Role]), default="worker", show_default=True)
@CENTRES
@ALL_CENTRES
@PASSWORD_FILE
def add(
    name: str, by: str, role: str, centres: tuple[str, ...], all_centres: bool, password_file: IO[str] | None
) -> None:
    """Let NAME sign in. Only a lead's own password can hand on the key that opens requests.

    A worker sees the requests of the centres that are named here, a lead those of all, and a publisher none.
    """
    if Role(role) is Role.WORKER:
        _check_said(centres, all_centres)
    engine = ready_store(load_settings()).engine
    opened, people = open_as(engine, by), People(engine)
    named = _named(centres, people)
    people.add(opened, name, new_password(name, password_file), Role(role), datetime.now(UTC), named)
    click.echo(f"{name} can sign in.")


@worker.command("list", epilog="Example: kiosk hub worker list")
def list_workers() -> None:
    """Say who can sign in, as what, and whose requests they see."""
    for member in People(ready_store(load_settings()).engine).find():
        who = member.worker
        waits = "; gets the new team key at the next sign-in" if member.key_waits else ""
        sees = "no requests" if who.role is Role.PUBLISHER else _centres_words(who.centres)
        click.echo(f"{who.name}  {who.role.value}  {sees}{waits}")


@worker.command(epilog="Example: kiosk hub worker password 'D. Patel'")
@click.argument("name")
@PASSWORD_FILE
def password(name: str, password_file: IO[str] | None) -> None:
    """Change the password of NAME, who knows the old one. Where they are signed in, they are signed out."""
    accounts = Accounts(ready_store(load_settings()).engine)
    old = click.prompt("The old password", hide_input=True)
    accounts.change_password(name, old, new_password(name, password_file), datetime.now(UTC))
    click.echo("The password is changed.")


@worker.command(epilog="Example: kiosk hub worker centres 'D. Patel' --by 'J. Okafor' --centre 'Rose Hill'")
@click.argument("name")
@BY
@CENTRES
@ALL_CENTRES
def centres(name: str, by: str, centres: tuple[str, ...], all_centres: bool) -> None:
    """Let NAME see the requests of these centres alone."""
    _check_said(centres, all_centres)
    engine = ready_store(load_settings()).engine
    opened, people = open_as(engine, by), People(engine)
    named = _named(centres, people)
    people.set_centres(opened.worker, people.get(name).id, named)
    click.echo(f"{name} sees {_centres_words(named)}.")


@worker.command("role", epilog="Example: kiosk hub worker role 'D. Patel' lead --by 'J. Okafor'")
@click.argument("name")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@BY
@CENTRES
@ALL_CENTRES
@PASSWORD_FILE
def set_role(
    name: str, role: str, by: str, centres: tuple[str, ...], all_centres: bool, password_file: IO[str] | None
) -> None:
    """Make NAME a worker, a lead or a publisher. The last lead stays a lead.

    Who becomes a worker sees the requests of the centres that are named here.

    Who becomes a publisher, or is one no longer, needs a new first password: a publisher's opens no requests.
    """
    if Role(role) is Role.WORKER or centres or all_centres:
        _check_said(centres, all_centres)
    engine = ready_store(load_settings()).engine
    opened, people = open_as(engine, by), People(engine)
    who, named = people.get(name), _named(centres, people) if centres or all_centres else None
    crosses = Role(role) is not who.role and Role.PUBLISHER in (Role(role), who.role)
    password = new_password(name, password_file) if crosses else ""
    people.set_role(opened, who.id, Role(role), datetime.now(UTC), password, named)
    click.echo(f"{who.name} is a {role} now.")


@worker.command(epilog="Example: kiosk hub worker remove 'D. Patel' --by 'J. Okafor'")
@click.argument("name")
@BY
def remove(name: str, by: str) -> None:
    """Shut NAME out at once. The requests that they hold go back to the list."""
    engine = ready_store(load_settings()).engine
    opened, people = open_as(engine, by), People(engine)
    people.remove(opened.worker, people.get(name).id)
    click.echo(f"{name} cannot sign in any more. If they may have copied anything: kiosk hub rotate-key")


@click.command("rotate-key", epilog="Example: kiosk hub rotate-key --by 'J. Okafor'")
@BY
def rotate(by: str) -> None:
    """Make a new team key. Everybody signs in again; what is sealed for the old key still opens.

    Workers get the new key when they sign in, kiosks when they next deliver. First remove who is not to have it.
    """
    engine = ready_store(load_settings()).engine
    opened = open_as(engine, by)
    click.echo(f"The team key is now {rotate_key(engine, opened.worker, opened.team_key, datetime.now(UTC))}.")


@click.command("rotate-hub-key", epilog="Example: kiosk hub rotate-hub-key --by 'J. Okafor'")
@BY
def rotate_of_hub(by: str) -> None:
    """Make a new key of the hub's own, after the hub's machine or a copy of its database was in strange hands.

    Each kiosk then joins anew, with a code, and brings what waits in it; until then it keeps all. Unused codes end, and
    everybody signs in again.
    """
    engine = ready_store(load_settings()).engine
    opened = open_as(engine, by)
    click.echo(f"The hub's key is now {rotate_hub_key(engine, opened.worker, datetime.now(UTC))}.")
    click.echo(
        "Restart the hub. Then, for each kiosk: kiosk hub code --centre NAME, and there: kiosk device enrol URL CODE"
    )


@click.command("recover", epilog="Example: kiosk hub recover --worker 'J. Okafor'")
@click.option("--worker", prompt="The new first worker's name", help="Who signs in from now on, and leads the team.")
@PASSWORD_FILE
@NO_CONFIRM
def recover_hub(worker: str, password_file: IO[str] | None, no_confirm: bool) -> None:
    """Open the desk with the recovery key from the paper, when all passwords are lost.

    Everybody else is shut out; every request that is held or still comes opens for the new first worker. A new recovery
    key takes the place of the one that was typed in.
    """
    store = ready_store(load_settings())
    recovery_key = ask_recovery_key("The recovery key, from the paper")
    check_recovery_key(store.get_keys(), recovery_key)
    password, renewed = new_password(worker, password_file), make_private_key()
    show_recovery_key(renewed, ask_back=not no_confirm)
    recover(store.engine, recovery_key, renewed, worker, password, datetime.now(UTC))
    click.echo(f"{worker} can sign in, and nobody else. Add the others with: kiosk hub worker add NAME")


def _check_said(centres: Sequence[str], all_centres: bool) -> None:
    """To see the requests of all centres is never what comes of having forgotten to name one."""
    if all_centres == bool(centres):
        raise click.UsageError("Whose requests do they see? Say either --centre NAME or --all-centres.")


def _named(centres: Iterable[str], people: People) -> list[str]:
    known = people.find_centres()
    return [known_centre(each, known) for each in centres]


def _centres_words(centres: Iterable[str]) -> str:
    return ", ".join(centres) or "all centres"


COMMANDS = (worker, rotate, rotate_of_hub, recover_hub)
