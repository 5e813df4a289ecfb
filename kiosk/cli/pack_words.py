"""`kiosk pack words`: the words of a pack out to translators, as .po files, and their translations in."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click
import polib

from kiosk.errors import Fault
from kiosk.pack import catalogue as catalogues
from kiosk.pack.model import Fact
from kiosk.pack.programme import find_programme_english
from kiosk.pack.read import read_pack
from kiosk.pack.sources import PROGRAMME, WORDS, folder_name, shown_name, words_file
from kiosk.pack.words import English, find_english
from kiosk.pack.words_import import load_import, take_in
from kiosk.pack.words_rules import find_faults, find_too_long

HEADINGS = ("language", "texts", "translated", "unchecked", "outdated", "missing", "obsolete")


@dataclass(frozen=True)
class Book:
    """What is translated as one: a pack's folder, or the programme. Its catalogues lie in `folder`/words."""

    folder: Path
    title: str
    english: Sequence[English]
    languages: tuple[str, ...]
    facts: Mapping[str, Fact]

    def load(self, language: str) -> polib.POFile:
        """Return the language's catalogue, brought up to date; a new one where there is none yet."""
        file = words_file(self.folder, language)
        found = (
            catalogues.load_catalogue(file)
            if file.exists()
            else catalogues.new_catalogue(self.title, language, _today())
        )
        catalogues.bring_up_to_date(found, self.english)
        return found

    def save(self, catalogue: polib.POFile, language: str) -> polib.POFile:
        """Write the catalogue, and return it as it stands in the file now, with the lines of the file."""
        file = words_file(self.folder, language)
        catalogues.save_catalogue(catalogue, file)
        return catalogues.load_catalogue(file)


@click.command(epilog="Example: kiosk pack words content/england --language pl")
@click.argument("folder", metavar="DIR", required=False, type=click.Path(path_type=Path))
@click.option("--programme", is_flag=True, help="The programme's own words (buttons, errors) instead of a pack's.")
@click.option("--language", "languages", multiple=True, help="Only this language, such as pl. May be given again.")
@click.option("--template", is_flag=True, help="Write words/template.pot, without a translation in it, and no more.")
@click.option("--import", "source", type=click.Path(path_type=Path), help="Take in the translations of this .po file.")
@click.option("--statistics", is_flag=True, help="Only count, and look for faults. Nothing is written.")
def words(
    folder: Path | None,
    programme: bool,
    languages: tuple[str, ...],
    template: bool,
    source: Path | None,
    statistics: bool,
) -> None:
    """Bring the translations of the folder DIR up to date: DIR/words/pl.po and so on, for any editor of .po files.

    English that changed keeps its translation, marked fuzzy with the former English beside it; what is gone is kept
    as obsolete. A translation that no speaker has checked is to be marked fuzzy too.

    Ends with status 1 when a translation is broken: it lost a {fact:...}, or has a ** without its pair.
    """
    book = _book(folder, programme)
    if template:
        _write_template(book)
        return
    if source is not None:
        languages = (_take_in(book, source, languages),)
    loaded = {language: book.load(language) for language in languages or book.languages}
    if not loaded:
        click.echo(
            "The pack is in English alone. For more, write languages: [en, pl] in pack.yaml, and run this again."
        )
        return
    if not statistics:
        loaded = {language: book.save(catalogue, language) for language, catalogue in loaded.items()}
    _report(book, loaded)


def _today() -> date:
    return date.today()  # noqa: DTZ011 - the day where staff sit is the day meant


def _book(folder: Path | None, programme: bool) -> Book:
    if programme == (folder is not None):
        raise click.UsageError("Give the folder DIR of a pack, or --programme for the programme's own words.")
    if folder is None:
        known = tuple(sorted(file.stem for file in (PROGRAMME / WORDS).glob("*.po")))
        return Book(PROGRAMME, "programme", find_programme_english(), known, {})
    pack = read_pack(folder)
    own = tuple(language for language in pack.languages if language != "en")
    return Book(folder, folder_name(folder), find_english(folder), own, pack.facts)


def _write_template(book: Book) -> None:
    empty = catalogues.new_catalogue(book.title, "", _today())
    catalogues.bring_up_to_date(empty, book.english)
    file = book.folder / WORDS / "template.pot"
    catalogues.save_catalogue(empty, file)
    click.echo(f"{shown_name(file)} holds {len(book.english):,} texts to translate.")


def _take_in(book: Book, source: Path, languages: tuple[str, ...]) -> str:
    """Take in a translator's file and return its language."""
    theirs = load_import(source)
    language = languages[0] if languages else theirs.metadata.get("Language", "")
    if not language:
        raise click.UsageError("The file does not say its language. Name it: --language pl")
    ours = book.load(language)
    taken = take_in(ours, theirs)
    book.save(ours, language)
    click.echo(f"{taken.changed:,} taken in, {taken.same:,} as they were, {taken.strange:,} not in this pack.")
    return language


def _report(book: Book, loaded: Mapping[str, polib.POFile]) -> None:
    click.echo("\n".join(_table(loaded)))
    broken = False
    for language, catalogue in loaded.items():
        file = shown_name(words_file(book.folder, language))
        faults = list(find_faults(file, catalogue))
        broken = broken or bool(faults)
        _list(file, "has {} to mend", faults)
        _list(file, "has {} too long for its place", list(find_too_long(file, catalogue, book.english, book.facts)))
    if broken:
        sys.exit(1)


def _list(file: str, says: str, faults: Sequence[Fault]) -> None:
    if faults:
        click.echo(f"{file} {says.format(f'{len(faults):,}')}")
        click.echo("\n".join(f"  line {fault.line:<4} {fault.says} {fault.remedy}" for fault in faults))


def _table(loaded: Mapping[str, polib.POFile]) -> Iterator[str]:
    yield "  ".join([f"{HEADINGS[0]:<8}", *(f"{heading:>10}" for heading in HEADINGS[1:])])
    for language, catalogue in loaded.items():
        found = catalogues.count(catalogue)
        figures = (found.total, found.translated, found.unchecked, found.outdated, found.missing, found.obsolete)
        yield "  ".join([f"{language:<8}", *(f"{figure:>10,}" for figure in figures)])
