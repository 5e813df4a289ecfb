"""What people type at `kiosk hub`: names of leads, new passwords, recovery keys. None of it is ever an argument."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import IO

import click
from sqlalchemy import Engine

from kiosk.errors import AccountFaulty, SealBroken
from kiosk.hub.accounts import PASSWORD_LEAST, Accounts, check_new_name, check_new_password
from kiosk.hub.fleet import name_centre
from kiosk.hub.keys import read_recovery_words, recovery_words
from kiosk.hub.roles import Opened

PASSWORD_FILE = click.option(
    "--password-file",
    type=click.File(encoding="utf-8"),
    help="Read the new password from the first line of this file; - is standard input.",
)
BY = click.option("--by", prompt="Your own name", help="A lead of the team, who is asked for their password.")
NO_CONFIRM = click.option("--no-confirm", is_flag=True, help="Do not ask for the recovery key: for unattended runs.")


def known_centre(typed: str, known: Sequence[str]) -> str:
    """Return the name of a centre as the hub writes it. One that no kiosk stands in may be new, or not be meant: that is told.

    Raises FormFaulty.
    """
    named = name_centre(typed, known)
    if known and named not in known:
        click.echo(f"No kiosk stands in {named} yet. Kiosks stand in: {', '.join(known)}.", err=True)
    return named


def new_password(name: str, file: IO[str] | None) -> str:
    """Return a password for `name`; typed, it is asked for twice, and again until it may be one.

    Raises AccountFaulty if they may not have that of the file, or may not be called so.
    """
    check_new_name(name)
    if file:
        password = _first_line(file)
        check_new_password(password)
        return password
    while True:
        prompt = f"A new password for {name}, of {PASSWORD_LEAST} characters or more"
        password = click.prompt(prompt, hide_input=True, confirmation_prompt=True)
        try:
            check_new_password(password)
            return str(password)
        except AccountFaulty as why:
            click.echo(str(why), err=True)


def _first_line(file: IO[str]) -> str:
    try:
        return file.readline().rstrip("\r\n")
    except (UnicodeDecodeError, OSError) as why:
        raise AccountFaulty(f"{file.name} is no text file.", "Put the password on its first line, in UTF-8.") from why


def open_as(engine: Engine, by: str) -> Opened:
    """Ask for the password of `by` and return them with the team's key. Raises SignInRefused."""
    return Accounts(engine).open(by, click.prompt("Your own password", hide_input=True), datetime.now(UTC))


def show_recovery_key(recovery_key: bytes, ask_back: bool) -> None:
    """Print the recovery key this once, and have it typed back as proof that it is on paper."""
    words = recovery_words(recovery_key)
    click.echo(f"The recovery key, shown only now. Write it on paper and lock it away:\n\n    {words}\n")
    while ask_back and ask_recovery_key("Type it back from the paper") != recovery_key:
        click.echo("That is another key.", err=True)


def ask_recovery_key(prompt: str) -> bytes:
    """Ask until a whole recovery key was typed, whichever it is."""
    while True:
        try:
            return read_recovery_words(click.prompt(prompt))
        except SealBroken as why:
            click.echo(str(why), err=True)
