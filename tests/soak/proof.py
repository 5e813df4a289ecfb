"""python -m tests.soak.proof: every screen in every language, size and window is measured, and the English and Polish are read.

Ends with status 1 if a text does not fit its place, or if a reader finds less than the share of words that it should.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import click

from kiosk.settings import content_folder
from kiosk.ui.proof.looks import SIZES, WINDOWS, Look, find_looks
from kiosk.ui.proof.report import find_faults, in_words
from kiosk.ui.proof.run import Printer
from kiosk.ui.proof.show import show_all
from tests.ui.reading import SHARE, share_read


@click.command()
@click.option("--measure/--no-measure", default=True, help="Measure every text.")
@click.option("--read/--no-read", default=True, help="Have tesseract read the English and the Polish.")
@click.option("--language", "languages", multiple=True, help="Only this language.")
@click.option("--window", "windows", multiple=True, help="Only this window, such as 1280x800.")
def proof(measure: bool, read: bool, languages: tuple[str, ...], windows: tuple[str, ...]) -> None:
    """Measure every text of the shipped pack, and read its pictures."""
    chosen = tuple(tuple(map(int, window.split("x"))) for window in windows)
    with Printer(content_folder() / "oxfordshire") as printer:
        fits = not measure or _measure(printer, languages or printer.pack.offered, chosen or WINDOWS)
        found = [_read(printer, language) for language in ("en", "pl")] if read else []
    sys.exit(0 if fits and all(share >= SHARE for share in found) else 1)


def _measure(printer: Printer, languages, windows) -> bool:
    """The theme moves no text (tests/ui/test_fits.py), so one theme stands for both."""
    looks = list(find_looks(languages, ("calm",), windows=windows))
    sights = []
    with click.progressbar(length=len(looks) * len(printer.scenes), label="Screens", update_min_steps=20) as bar:
        for _, sight in show_all(printer.services, printer.scenes, looks):
            sights.append(sight)
            if sight.page == 1:
                bar.update(1)
    faults = find_faults(sights, printer.origins)
    click.echo(
        f"{len(printer.scenes):,} screens in {len(languages)} languages, {len(SIZES)} text sizes and {len(windows)} windows: "
        f"{len(sights):,} pages measured, {sum(bool(sight.misfits) for sight in sights):,} with a misfit."
    )
    for line in in_words(faults):
        click.echo(line)
    return not faults


def _read(printer: Printer, language: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        found, of = share_read(printer.services, printer.scenes, Look(language, "calm", 0, (1080, 1920)), Path(folder))
    click.echo(f"{language}: {found:,} of {of:,} words read, {found / of:.2%}.")
    return found / of


if __name__ == "__main__":
    proof()
