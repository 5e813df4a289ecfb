"""`kiosk pack preview`: the kiosk in a window on a folder of content, which follows every save."""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from kiosk.cli.verbs import Verb
from kiosk.pack.read import read_pack
from kiosk.pack.tree import did_you_mean, quoted
from kiosk.settings import Settings


@click.command(
    cls=Verb, epilog="Example: kiosk pack preview content/oxfordshire --node work/cv --language pl --date 2027-04-06"
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--node", help="Begin there: a question or an outcome such as work/cv, a page, or a screen such as home.")
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="Pretend that it is this day.")
@click.option("--language", default="en", show_default=True, help="Begin in this language.")
@click.option("--window", default="540x960", show_default=True, help="Width and height in pixels.")
def preview(folder: Path, node: str | None, on: datetime | None, language: str, window: str) -> None:
    """Show the folder DIR as a kiosk does, in a window, and anew whenever one of its files is saved.

    What a kiosk would refuse is said over the last good pack, until it is mended. Page Down and Page Up go through every
    screen; Ctrl+Q closes. Nothing is sent, and no kiosk's own data is touched.
    """
    size = re.fullmatch(r"([1-9]\d{2,3})x([1-9]\d{2,3})", window)
    if size is None:
        raise click.UsageError(f"{quoted(window)} is not a window. Write its width and height, such as 1080x1920.")
    read = read_pack(folder)
    if language not in read.offered:
        raise click.UsageError(f"The pack does not offer {quoted(language)}. There are: {', '.join(read.offered)}.")
    with tempfile.TemporaryDirectory(prefix="waymark-", ignore_cleanup_errors=True) as data:
        settings = replace(
            Settings(), data=Path(data), pack=folder, fullscreen=False, width=int(size[1]), height=int(size[2]),
            idle_seconds=24 * 3600,
        )  # fmt: skip
        from kiosk.ui.preview_window import prepare_window

        prepare_window(settings)
        from kiosk.ui.preview import PreviewApp, shown_scenes
        from kiosk.ui.preview_services import PreviewServices

        scenes = {str(scene): scene for scene in shown_scenes(read)}
        at = scenes[_named(node, list(scenes))] if node else None
        PreviewApp(PreviewServices(settings, read, folder, on.date() if on else None), at, language).run()


def _named(node: str, scenes: list[str]) -> str:
    """Return the screen that a name stands for: "question work/cv" for itself, work/cv or cv."""
    found = [name for name in scenes if node in (name, name.partition(" ")[2], name.rpartition("/")[2])]
    if not found:
        short = {name.partition(" ")[2] or name: name for name in scenes}
        raise click.UsageError(f"The pack has no {quoted(node)}. {did_you_mean(node, [*short, *scenes])}".strip())
    return found[0]
