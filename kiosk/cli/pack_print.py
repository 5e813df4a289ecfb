"""`kiosk pack print`: poster, leaflet, aide-memoire and training sheet as PDF, from the same pack as the screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click

from kiosk.cli.verbs import Verb
from kiosk.pack.model import Pack
from kiosk.pack.read import read_pack
from kiosk.pack.sources import PROGRAMME, national_folder, words_file
from kiosk.pack.translate import ENGLISH, Translation, load_translation
from kiosk.pack.tree import did_you_mean, quoted
from kiosk.takeaway.press import FORMS, to_pdf
from kiosk.takeaway.sheet_words import Sheets, sheets_in
from kiosk.takeaway.sheets import Kind, Sheet, Size


@dataclass(frozen=True)
class Job:
    """One PDF to make, and what its file is called."""

    name: str
    kind: Kind
    sheet: Sheet
    size: Size


@click.command(
    "print", cls=Verb, epilog="Example: kiosk pack print content/oxfordshire poster leaflet --language ar --out paper"
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("kinds", metavar="[poster|leaflet|aide-memoire|training-sheet]...", nargs=-1)
@click.option("--language", "languages", multiple=True, help="Only this language, such as pl. May be given again.")
@click.option("--paper", type=click.Choice(list(Size)), help="Only what is made for this paper.")
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="As on this day instead of today.")
@click.option("--out", default=Path("paper"), show_default=True, type=click.Path(path_type=Path), help="Where to.")
def print_(
    folder: Path,
    kinds: Sequence[str],
    languages: Sequence[str],
    paper: Size | None,
    on: datetime | None,
    out: Path,
) -> None:
    """Set what hangs on the wall and lies on the table as PDF: all of it, or the kinds named after the folder DIR.

    A poster (A3) of each flow, a leaflet (A4, to be folded in three, both sides), each checklist as an aide-memoire (A4, and
    A5 for a pad) and as a training sheet for staff (A4), in every language that the screen offers. Print the leaflet on both
    sides, turned over at the short edge.
    """
    read = read_pack(folder)
    wanted = [_known(kind, list(Kind), "sheet") for kind in kinds] or list(Kind)
    today = on.date() if on else date.today()  # noqa: DTZ011 - the day where staff sit is the day meant
    spoken = [_known(language, read.offered, "language") for language in languages] or read.offered
    jobs = [job for language in spoken for job in _jobs(read, _words(folder, read, language), today)]
    jobs = [job for job in jobs if job.kind in wanted and paper in (None, job.size)]
    if not jobs:
        raise click.UsageError(f"None of these is made for {paper}. {_papers(wanted)}")
    out.mkdir(parents=True, exist_ok=True)
    with click.progressbar(jobs, label="Sheets") as bar:
        for job in bar:
            (out / job.name).write_bytes(to_pdf(job.kind, job.sheet, job.size))
    click.echo(f"{len(jobs)} {'sheet' if len(jobs) == 1 else 'sheets'} in {out}")


def _jobs(read: Pack, words: Translation, today: date) -> Iterator[Job]:
    sheets = sheets_in(read, words, today)
    for kind, subject, sheet in _sheets(read, sheets):
        for size in FORMS[kind].pages:
            name = "-".join(part for part in (kind, subject, size.lower(), words.language) if part)
            yield Job(f"{name}.pdf", kind, sheet, size)


def _sheets(read: Pack, sheets: Sheets) -> Iterator[tuple[Kind, str, Sheet]]:
    for flow in read.flows:
        yield Kind.POSTER, flow, sheets.poster(flow)
    yield Kind.LEAFLET, "", sheets.leaflet()
    for checklist in read.checklists:
        yield Kind.AIDE_MEMOIRE, checklist, sheets.aide_memoire(checklist)
        yield Kind.TRAINING_SHEET, checklist, sheets.training_sheet(checklist)


def _words(folder: Path, read: Pack, language: str) -> Translation:
    if language == ENGLISH.language:
        return ENGLISH
    folders = [PROGRAMME, *([national_folder(folder, read.extends)] if read.extends else []), folder]
    return load_translation(language, [words_file(each, language) for each in folders], read.shows_unchecked)


def _known(name: str, names: Sequence[str], what: str) -> str:
    if name in names:
        return name
    hint = did_you_mean(name, names, f"There are: {', '.join(names)}.")
    raise click.UsageError(f"There is no {what} {quoted(name)}. {hint}")


def _papers(kinds: Sequence[str]) -> str:
    made = (f"{kind} on {' and '.join(FORMS[Kind(kind)].pages)}" for kind in kinds)
    return f"Choose: {', '.join(made)}."
