"""Recorded clips of a pack: clips/LANGUAGE/FILE/PLACE.ogg or .wav, named after the text that is read out in them.

The question `today` of flows/work.yaml in Polish is clips/pl/flows/work/questions.today.ask.ogg: the name of the text's
file, and the text's place in it as catalogues have it. A text that holds {fact:...} has no clip: the figure changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from kiosk.pack.check import Finding
from kiosk.pack.facts import find_facts_in
from kiosk.pack.model import Pack
from kiosk.pack.sources import shown_name
from kiosk.pack.texts import ShownText, context_of, find_shown_texts
from kiosk.pack.translate import IN_ENGLISH

FOLDER = "clips"
ENDINGS = (".ogg", ".wav")
_MARKS = re.compile(r"\*\*|[\u200b-\u200f\u2060-\u206f]")


def name_of(text: ShownText) -> str:
    """Return what a text's clip is called below the language's folder, without its ending."""
    file, _, place = context_of(text.path).partition(":")
    return f"{file.removesuffix('.yaml')}/{place}"


def as_known(words: str) -> str:
    """Return words without marks: what is looked for in a book of clips."""
    return _MARKS.sub("", words).strip()


def find_clips(pack: Pack, language: str, folders: Iterable[Path]) -> Mapping[str, Path]:
    """Return the clip of each text of `pack`, which is in `language`, by the words. A later folder's wins.

    A text that has stayed English has no clip in another language.
    """
    recorded = {name: file for folder in folders for name, file in _files(folder / FOLDER / language)}
    if not recorded:
        return {}
    texts = (text for text in find_shown_texts(pack) if not find_facts_in(text.words) and IN_ENGLISH not in text.words)
    return {as_known(text.words): recorded[name_of(text)] for text in texts if name_of(text) in recorded}


def find_clip_warnings(folder: Path, pack: Pack) -> list[Finding]:
    """Return the clips of a pack's folder that nobody will hear, each with what to do."""
    texts = {name_of(text): text for text in find_shown_texts(pack)}
    found = []
    for spoken in sorted(folder.glob(f"{FOLDER}/*")):
        for name, file in _files(spoken):
            if trouble := _trouble(spoken.name, texts.get(name), pack):
                found.append(Finding(shown_name(file), 0, *trouble))
    return found


def _trouble(language: str, text: ShownText | None, pack: Pack) -> tuple[str, str] | None:
    if language not in pack.languages:
        return "The pack is not in this clip's language.", f"Add {language} to languages: of pack.yaml, or delete it."
    if text is None:
        return "The text of this clip is gone.", "Rename it after the text it reads, or delete it."
    if find_facts_in(text.words):
        return "The text of this clip holds a fact, which changes.", "Delete it: the synthesiser reads this text."
    return None


def _files(folder: Path) -> list[tuple[str, Path]]:
    files = sorted(file for file in folder.rglob("*") if file.suffix in ENDINGS)
    return [(file.relative_to(folder).as_posix().removesuffix(file.suffix), file) for file in files]
