"""`kiosk pack key` and `kiosk pack trust`: who may publish packs, and whom a kiosk believes."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import click

from kiosk.cli.verbs import Verbs
from kiosk.errors import PublisherKeyFaulty
from kiosk.pack.install import CHANGE_SUFFIX
from kiosk.pack.publisher import (
    check_passphrase,
    key_name,
    load_change,
    load_key,
    load_public,
    make_change,
    make_key,
    public_words,
    save_change,
    save_key,
    save_public,
)
from kiosk.pack.trusted import Publishers
from kiosk.settings import load_settings

PASSPHRASE_FILE = click.option(
    "--passphrase-file",
    type=click.File(encoding="utf-8"),
    help="Read the passphrase from the first line of this file; - is standard input.",
)
PUBLIC_KEY = click.option(
    "--public", type=click.Path(path_type=Path), help="The .pub file of a publisher whom this kiosk need not trust yet."
)


@click.group(cls=Verbs, epilog="Example: kiosk pack key new rose-hill")
def key() -> None:
    """Look after the key that you sign packs with."""


@key.command(epilog="Example: kiosk pack key new rose-hill")
@click.argument("name", type=click.Path(path_type=Path))
@PASSPHRASE_FILE
def new(name: Path, passphrase_file: IO[str] | None) -> None:
    """Make a key: NAME.key, which only your passphrase opens, and NAME.pub for the kiosks.

    Keep a copy of NAME.key where it is safe. Without it, each kiosk has to be told of the next one by hand.
    """
    made, file, public = make_key(), name.with_name(f"{name.name}.key"), name.with_name(f"{name.name}.pub")
    if file.exists() or public.exists():
        raise PublisherKeyFaulty(f"{file} or {public} is there already.", "Give another name.")
    save_key(made, file, _new_passphrase(passphrase_file))
    save_public(made.public, public)
    click.echo(f"{file} signs packs as {key_name(made.public)}. On each kiosk run: kiosk pack trust {public.name}")
    click.echo(public_words(made.public))


@key.command(epilog="Example: kiosk pack key show rose-hill.pub")
@click.argument("file", metavar="FILE.pub", type=click.Path(path_type=Path))
def show(file: Path) -> None:
    """Say the short name of a public key, to be compared over the telephone, and the key itself."""
    public = load_public(file)
    click.echo(f"{key_name(public)}\n{public_words(public)}")


@key.command(epilog="Example: kiosk pack key rotate rose-hill.key rose-hill-2027.key")
@click.argument("old", metavar="OLD.key", type=click.Path(path_type=Path))
@click.argument("newer", metavar="NEW.key", type=click.Path(path_type=Path))
def rotate(old: Path, newer: Path) -> None:
    """Write NEW.keychange: the word of OLD.key that from now on NEW.key signs.

    Put it on the stick beside the next pack, or run kiosk pack trust NEW.keychange on the kiosk: it then trusts the new
    key and no longer the old one. Versions count on.
    """
    before, after = (load_key(file, passphrase_of(file, None)) for file in (old, newer))
    file = newer.with_suffix(CHANGE_SUFFIX)
    save_change(make_change(before, after), file)
    click.echo(f"{file}: from {key_name(before.public)} to {key_name(after.public)}.")


@click.command(epilog="Example: kiosk pack trust rose-hill.pub")
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@click.option("--remove", metavar="NAME", help="Trust the publisher of this short name no more.")
def trust(file: Path | None, remove: str | None) -> None:
    """Let this kiosk install what the publisher of FILE signs: a .pub, or a .keychange by one that it trusts already.

    Compare the short name with the publisher's. Without FILE, say who is trusted.
    """
    publishers = Publishers(load_settings().data)
    if remove:
        publishers.distrust(remove)
    if file and file.suffix == CHANGE_SUFFIX:
        publishers.follow(load_change(file))
    elif file:
        publishers.trust(load_public(file))
    for each in publishers.find():
        by = f", named by {key_name(each.handed_on_by)}" if each.handed_on_by else ""
        click.echo(f"This kiosk takes packs that {each.name} signs{by}.")
    if not publishers.find():
        click.echo("This kiosk takes packs from nobody yet.")


def passphrase_of(file: Path, passphrase_file: IO[str] | None) -> str:
    """Return the passphrase of a key, typed or from a file; it is not echoed. Raises PublisherKeyFaulty without the key."""
    if not file.is_file():
        raise PublisherKeyFaulty(
            f"There is no key {file}.", "Name the file of your key, or run: kiosk pack key new NAME"
        )
    if passphrase_file:
        return passphrase_file.readline().rstrip("\r\n")
    return str(click.prompt(f"The passphrase of {file}", hide_input=True))


def _new_passphrase(passphrase_file: IO[str] | None) -> str:
    passphrase = (
        passphrase_file.readline().rstrip("\r\n")
        if passphrase_file
        else str(click.prompt("A passphrase for the key", hide_input=True, confirmation_prompt="The same again"))
    )
    check_passphrase(passphrase)
    return passphrase


COMMANDS = (key, trust)
