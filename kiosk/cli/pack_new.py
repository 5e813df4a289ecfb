"""`kiosk pack new`: a local pack that a kiosk takes as it is, to be made one's own line by line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from kiosk.pack.new import make_pack


@click.command(epilog="Example: kiosk pack new leeds --extends england")
@click.argument("name", metavar="NAME")
@click.option("--extends", required=True, help="The national pack that it builds on, such as england.")
@click.option(
    "--dir",
    "parent",
    default=Path("content"),
    show_default=True,
    type=click.Path(path_type=Path),
    help="The folder of packs, where the national one is too.",
)
def new(name: str, extends: str, parent: Path) -> None:
    """Make the local pack NAME: files with notes on every line, and examples to replace. Overwrites nothing."""
    folder = make_pack(parent, name, extends, date.today())  # noqa: DTZ011 - the day where staff sit is the day meant
    click.echo(f"{folder} is made. Look for EXAMPLE in its files, and write your own words there.")
    click.echo(f"See it:   kiosk pack preview {folder}\nCheck it: kiosk pack check {folder}")
