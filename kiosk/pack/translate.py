"""A pack in another language: every text its translation, or the English, marked, where there is none to be shown."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from pathlib import Path
from sys import intern
from typing import TYPE_CHECKING, Any

from kiosk.errors import PackFaulty
from kiosk.pack.facts import FACT, is_date, long_date
from kiosk.pack.model import Fact, Pack, Unit

if TYPE_CHECKING:
    from polib import POEntry

IN_ENGLISH = "\u2063"
"""Stands after a text for which there is no translation. Invisible where nobody makes a mark of it."""

_ISOLATE, _POP = "\u2066", "\u2069"
_ENGLISH_FACT = "en:"

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Translation:
    """`words` holds context and English to what may be shown; `unchecked` of those were checked by no speaker.

    Called with English of the programme, it returns what the screen says.
    """

    language: str = "en"
    words: Mapping[tuple[str, str], str] = field(default_factory=dict)
    unchecked: int = 0

    def __call__(self, english: str) -> str:
        return self.say(english)

    def say(self, english: str, context: str = "") -> str:
        """Return the translation, or the English as `in_english`."""
        if self.language == "en" or not english:
            return english
        return self.words.get((context, english)) or in_english(english)


ENGLISH = Translation()


def in_english(words: str) -> str:
    """Return the words as running from left to right wherever they stand, with the mark; their facts are English too."""
    own_facts = FACT.sub(lambda found: f"{{fact:{_ENGLISH_FACT}{found[1]}}}", words)
    return f"{_ISOLATE}{own_facts}{IN_ENGLISH}{_POP}"


def load_translation(language: str, files: Iterable[Path], with_unchecked: bool) -> Translation:
    """Return what may be shown of these catalogues; a later file's word wins. A file that is not there holds nothing.

    An outdated or broken translation is never shown, one that no speaker has checked only `with_unchecked`.
    """
    # Only now: English needs no reader of .po files.
    from kiosk.pack.catalogue import is_outdated
    from kiosk.pack.words_rules import is_whole

    words: dict[tuple[str, str], str] = {}
    unchecked = 0
    for file in files:
        for entry in _entries(file):
            is_shown = entry.msgstr and not entry.obsolete and not is_outdated(entry)
            if is_shown and (with_unchecked or not entry.fuzzy) and is_whole(entry.msgid, entry.msgstr):
                # The English is the same for every language that is read: it is kept once.
                words[intern(entry.msgctxt or ""), intern(entry.msgid)] = entry.msgstr
                unchecked += entry.fuzzy
    return Translation(language, words, unchecked)


def _entries(file: Path) -> Iterable[POEntry]:
    from kiosk.pack.catalogue import load_catalogue

    if not file.exists():
        return ()
    try:
        return list(load_catalogue(file))
    except PackFaulty as faulty:
        log.warning("%s", faulty)
        return ()


def translate(pack: Pack, translation: Translation) -> Pack:
    """Return the pack with all that a parent reads in the translation's language. Its ids, and so a place in it, stay."""
    if translation.language == "en":
        return pack
    # Only now: English needs no list of texts.
    from kiosk.pack.texts import context_of, find_translatable

    changes: dict[Any, Any] = {}
    for text in find_translatable(pack):
        _put(changes, text.path, translation.say(text.words, context_of(text.path)))
    return replace(_apply_files(pack, changes), facts=_facts(pack, changes["facts.yaml"], translation.language))


def _put(changes: dict[Any, Any], path: tuple[str | int, ...], words: str) -> None:
    *way, last = path
    for step in way:
        changes = changes.setdefault(step, {})
    changes[last] = words


def _apply_files(pack: Pack, changes: Mapping[str, Any]) -> Pack:
    groups: dict[str, dict[str, Any]] = {"flows": {}, "pages": {}, "checklists": {}}
    groups["notices"] = {
        key: changes[each.file][each.id] for key, each in pack.notices.items() if each.id in changes.get(each.file, {})
    }
    files = {each.file for each in pack.notices.values()}
    for name, change in changes.items():
        if name in files:
            continue
        folder, _, rest = name.partition("/")
        if rest:
            groups[folder][rest.removesuffix(".yaml")] = change
    whole = {name: changes.get(f"{name}.yaml", {}) for name in ("home", "callback", "helpers")}
    translated: Pack = _applied(pack, {**groups, **whole, **changes.get("pack.yaml", {})})
    return translated


def _applied(part: Any, change: Any) -> Any:
    """Return the part with the changes below it. A list's are known by their places, or by the ids of what is in it."""
    if not isinstance(change, dict):
        return change
    if is_dataclass(part) and not isinstance(part, type):
        named = {each.name for each in fields(part)} & change.keys()
        return replace(part, **{name: _applied(getattr(part, name), change[name]) for name in named})
    if isinstance(part, dict):
        return {key: _applied(each, change.get(key, {})) for key, each in part.items()}
    if isinstance(part, tuple):
        by_id = any(isinstance(key, str) for key in change)
        keys = [each.id for each in part] if by_id else range(len(part))
        return tuple(_applied(each, change.get(key, {})) for key, each in zip(keys, part, strict=True))
    return part


def _facts(pack: Pack, changes: Mapping[str, Any], language: str) -> dict[str, Fact]:
    """Return the facts in the language, and beside them the English ones, for a text that has to stay English."""
    english = {f"{_ENGLISH_FACT}{id}": fact for id, fact in pack.facts.items()}
    translated = {id: _in(language, _applied(fact, changes.get(id, {}))) for id, fact in pack.facts.items()}
    return {**translated, **english}


def _in(language: str, fact: Fact) -> Fact:
    if fact.unit is Unit.DATE and is_date(fact.value):
        return replace(fact, unit=Unit.TEXT, value=long_date(date.fromisoformat(fact.value), language))
    return fact
