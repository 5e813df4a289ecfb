"""`kiosk pack clips`: note down which words the recorded clips of a folder read, so that a later change is noticed."""

from __future__ import annotations

from pathlib import Path

import click

from kiosk.pack.read import read_pack
from kiosk.speech.clips import note_words


@click.command(epilog="Example: kiosk pack clips content/oxfordshire")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def clips(folder: Path) -> None:
    """Note down that each recorded clip of the folder DIR reads its text as that is today.

    Run it once you have listened to new clips. A clip whose text is changed later is not played, and `kiosk pack check`
    names it.
    """
    counts = note_words(folder, read_pack(folder))
    for language, count in counts.items():
        click.echo(f"{language}: {count} noted.")
    if not counts:
        click.echo(f"There are no clips in {folder / 'clips'}.")
