"""`kiosk pack proof`: every screen of a pack as pictures, to be looked at before parents do."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kiosk.pack.tree import did_you_mean, quoted

if TYPE_CHECKING:
    from kiosk.ui.proof.looks import Look
    from kiosk.ui.proof.run import Printer, Proof
    from kiosk.ui.proof.scenes import Scene

# Said here as well as in kiosk.ui.proof.looks: the help must not need Kivy.
SIZES = ("normal", "large", "largest")
THEMES = ("calm", "contrast")
WINDOWS = ("1080x1920", "1920x1080", "1366x768", "1280x800")


@click.command(epilog="Example: kiosk pack proof content/oxfordshire --language pl --size largest")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--screen", "screens", multiple=True, help="Only this screen: question, or 'question work/today'.")
@click.option("--language", "languages", multiple=True, help="Only this language, such as pl.")
@click.option("--theme", "themes", multiple=True, type=click.Choice(THEMES), help="Only these colours.")
@click.option("--size", "sizes", multiple=True, type=click.Choice(SIZES), help="Only letters of this size.")
@click.option("--window", "windows", multiple=True, type=click.Choice(WINDOWS), help="Only this width and height.")
@click.option("--all", "every", is_flag=True, help="Every question, page and place; not only the longest of each kind.")
@click.option("--out", default=Path("proof"), show_default=True, type=click.Path(path_type=Path), help="Where to.")
def proof(
    folder: Path,
    screens: Sequence[str],
    languages: Sequence[str],
    themes: Sequence[str],
    sizes: Sequence[str],
    windows: Sequence[str],
    every: bool,
    out: Path,
) -> None:
    """Draw the screens of the pack in DIR as pictures, with one page that shows them all. No display is needed.

    Each screen is drawn in each language, both themes, three text sizes and four windows; the options, which can be given
    again, leave some out. Ends with status 1 when a text does not fit its place.
    """
    from kiosk.ui.proof.run import Printer

    # Kivy reports at length which of its parts a machine does not have.
    logging.getLogger("kivy").setLevel(logging.CRITICAL)
    with Printer(folder) as printer:
        scenes = _scenes(printer, screens, every)
        looks = _looks(printer, languages, themes or THEMES, sizes or SIZES, windows or WINDOWS)
        with click.progressbar(length=len(scenes) * len(looks), label="Screens", update_min_steps=5) as bar:
            printed = printer.print(scenes, looks, out, lambda: bar.update(1))
    _tell(printed)


def _scenes(printer: Printer, screens: Sequence[str], every: bool) -> list[Scene]:
    """Return what the screens' names stand for: a name of a kind, or a whole one."""
    from kiosk.ui.proof.scenes import fullest

    of_a_kind: list[Scene] = printer.scenes if every else fullest(printer.pack, printer.scenes)
    if not screens:
        return of_a_kind
    found = []
    for name in screens:
        named = [scene for scene in of_a_kind if scene.kind == name] or [s for s in printer.scenes if str(s) == name]
        if not named:
            names = dict.fromkeys([scene.kind for scene in printer.scenes] + [str(scene) for scene in printer.scenes])
            raise click.UsageError(f"There is no screen {quoted(name)}. {did_you_mean(name, names)}".strip())
        found += named
    return found


def _looks(
    printer: Printer, languages: Sequence[str], themes: Sequence[str], sizes: Sequence[str], windows: Sequence[str]
) -> list[Look]:
    from kiosk.ui.proof.looks import find_looks

    offered = printer.pack.offered
    for language in languages:
        if language not in offered:
            raise click.UsageError(f"The pack does not offer {quoted(language)}. There are: {', '.join(offered)}.")
    pixels = [(int(width), int(height)) for width, height in (window.split("x") for window in windows)]
    return list(find_looks(languages or offered, themes, [SIZES.index(size) for size in sizes], pixels))


def _tell(printed: Proof) -> None:
    from kiosk.ui.proof.report import in_words

    for line in in_words(printed.faults):
        click.echo(line)
    if not printed.faults:
        click.echo("Every text fits its place.")
    click.echo(f"{printed.pictures:,} pictures. Open {printed.sheet}")
    if printed.faults:
        sys.exit(1)
