"""Recorded clips of a pack: clips/LANGUAGE/FILE/PLACE.ogg or .wav, named after the text that is read out in them.

The question `today` of flows/work.yaml in Polish is clips/pl/flows/work/questions.today.ask.ogg: the name of the text's
file, and the text's place in it as catalogues have it. A text that holds {fact:...} has no clip: the figure changes.

clips/LANGUAGE/words.sha256 holds, as sha256sum writes it, the digest of the words that each clip reads. A clip that is not
in it, or whose text reads otherwise today, is not played: nobody hears what the screen does not say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from kiosk.pack.check import Finding
from kiosk.pack.facts import find_facts_in
from kiosk.pack.model import Pack
from kiosk.pack.sources import national_folder, shown_name, words_file
from kiosk.pack.texts import ShownText, context_of, find_shown_texts
from kiosk.pack.translate import IN_ENGLISH, load_translation, translate

FOLDER = "clips"
LIST = "words.sha256"
ENDINGS = (".ogg", ".wav")
_MARKS = re.compile(r"\*\*|[\u200b-\u200f\u2060-\u206f]")


def name_of(text: ShownText) -> str:
    """Return what a text's clip is called below the language's folder, without its ending."""
    file, _, place = context_of(text.path).partition(":")
    return f"{file.removesuffix('.yaml')}/{place}"


def as_known(words: str) -> str:
    """Return words without marks: what is looked for in a book of clips."""
    return _MARKS.sub("", words).strip()


def digest_of(words: str) -> str:
    """Return the digest of what is read out: marks that nobody hears do not count."""
    return sha256(as_known(words).encode()).hexdigest()


def find_clips(pack: Pack, language: str, folders: Iterable[Path]) -> Mapping[str, Path]:
    """Return the clip of each text of `pack`, which is in `language`, by the words. A later folder's wins.

    A text that has stayed English has no clip in another language, nor has one that was reworded since.
    """
    recorded: dict[tuple[str, str], Path] = {}
    for folder in folders:
        listed = read_list(folder / FOLDER / language)
        files = _files(folder / FOLDER / language)
        recorded |= {(name, listed[name]): file for name, file in files if name in listed}
    if not recorded:
        return {}
    texts = (text for text in find_shown_texts(pack) if _can_be_recorded(text))
    marked = ((as_known(text.words), (name_of(text), digest_of(text.words))) for text in texts)
    return {words: recorded[key] for words, key in marked if key in recorded}


def read_list(folder: Path) -> dict[str, str]:
    """Return the digest of the words that each clip of a language's folder reads, by the clip's name."""
    file = folder / LIST
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    parts = (line.split(maxsplit=1) for line in lines)
    return {pair[1]: pair[0] for pair in parts if len(pair) == 2}


def note_words(folder: Path, pack: Pack) -> Mapping[str, int]:
    """Write down for each clip of a pack's folder that it reads its text as that is today. Returns how many, by language.

    Clips without a text of their own are left out. Raises OSError.
    """
    counts = {}
    for spoken in _languages(folder):
        texts = {name_of(text): text for text in find_shown_texts(_in(folder, pack, spoken.name))}
        known = (name for name, _file in _files(spoken) if name in texts and _can_be_recorded(texts[name]))
        lines = [f"{digest_of(texts[name].words)}  {name}\n" for name in known]
        (spoken / LIST).write_text("".join(lines), encoding="utf-8", newline="\n")
        counts[spoken.name] = len(lines)
    return counts


def _can_be_recorded(text: ShownText) -> bool:
    return not find_facts_in(text.words) and IN_ENGLISH not in text.words


def _languages(folder: Path) -> Iterator[Path]:
    return (spoken for spoken in sorted(folder.glob(f"{FOLDER}/*")) if spoken.is_dir())


def _in(folder: Path, pack: Pack, language: str) -> Pack:
    """Return the pack in a language it offers, else as it is."""
    if language == "en" or language not in pack.languages:
        return pack
    folders = [national_folder(folder, pack.extends), folder] if pack.extends else [folder]
    files = [words_file(each, language) for each in folders]
    return translate(pack, load_translation(language, files, pack.shows_unchecked))


def find_clip_warnings(folder: Path, pack: Pack) -> list[Finding]:
    """Return the clips of a pack's folder that nobody will hear, each with what to do."""
    found = []
    for spoken in _languages(folder):
        listed = read_list(spoken)
        texts = {name_of(text): text for text in find_shown_texts(_in(folder, pack, spoken.name))}
        for name, file in _files(spoken):
            if trouble := _trouble(spoken.name, texts.get(name), pack, listed.get(name)):
                found.append(Finding(shown_name(file), 0, *trouble))
    return found


def _trouble(language: str, text: ShownText | None, pack: Pack, listed: str | None) -> tuple[str, str] | None:
    if language not in pack.languages:
        return "The pack is not in this clip's language.", f"Add {language} to languages: of pack.yaml, or delete it."
    if text is None:
        return "The text of this clip is gone.", "Rename it after the text it reads, or delete it."
    if find_facts_in(text.words):
        return "The text of this clip holds a fact, which changes.", "Delete it: the synthesiser reads this text."
    if listed is None:
        return "Nobody has noted which words this clip reads.", "Listen to it, then run kiosk pack clips."
    if listed != digest_of(text.words):
        return (
            "The words of this clip were changed after it was recorded.",
            "Record it anew, then run kiosk pack clips.",
        )
    return None


def _files(folder: Path) -> list[tuple[str, Path]]:
    files = sorted(file for file in folder.rglob("*") if file.suffix in ENDINGS)
    return [(file.relative_to(folder).as_posix().removesuffix(file.suffix), file) for file in files]
