"""`kiosk pack schema`: what a pack's files may hold, for editors that complete and check while one types."""

from __future__ import annotations

from pathlib import Path

import click

from kiosk.pack.schema import write_schemas


@click.command(epilog="Example: kiosk pack schema --out schemas")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The folder to write to.")
def schema(out: Path) -> None:
    """Write the JSON Schemas of a pack's files (draft 2020-12), those of a local pack in the folder local.

    An editor with a YAML language server follows the first line of a file, such as
    "# yaml-language-server: $schema=../schemas/local/helpers.json".
    """
    try:
        written = write_schemas(out)
    except OSError as why:
        raise click.ClickException(f"{out} cannot be written: {why.strerror}.") from why
    click.echo(f"{len(written)} schemas are in {out}.")
