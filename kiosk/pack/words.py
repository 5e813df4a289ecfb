"""Which words of a pack's folder are to be translated, and what a translator is told about each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.pack.facts import find_facts_in, shown
from kiosk.pack.model import Pack
from kiosk.pack.read import read_marked
from kiosk.pack.sources import shown_name
from kiosk.pack.texts import ShownText, context_of, find_translatable
from kiosk.pack.tree import Marks


@dataclass(frozen=True)
class English:
    """One text to be translated. `context` is its place in the files: `flows/work.yaml:questions.today.ask`.

    `limit` is the room its place has, in characters as shown; None where there is enough. `note` is for the translator.
    """

    context: str
    words: str
    limit: int | None = None
    note: str = ""


def find_english(folder: Path) -> list[English]:
    """Return what the folder itself writes; what a local pack has from its national one is translated there.

    Raises PackFaulty.
    """
    reading = read_marked(folder)
    return english_of(folder, reading.pack, reading.marks)


def english_of(folder: Path, pack: Pack, marks: Marks) -> list[English]:
    """As `find_english`, of a folder that was read already: `marks` are those of `read_marked`."""
    own = f"{shown_name(folder)}/"
    texts = (text for text in find_translatable(pack) if marks.at(text.path).file.startswith(own))
    return [English(context_of(text.path), text.words, text.limit, "\n".join(_notes(text, pack))) for text in texts]


def _notes(text: ShownText, pack: Pack) -> Iterator[str]:
    if text.place != "text":
        yield f"{text.place}: at most {text.limit} characters as shown" if text.limit else text.place
    for fact_id in dict.fromkeys(find_facts_in(text.words)):
        fact = pack.facts[fact_id]
        yield f'{{fact:{fact_id}}} is shown as "{shown(fact)}", and as "{fact.ask}" once that is out of date'
