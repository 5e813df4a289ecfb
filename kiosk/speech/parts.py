"""A text in pieces of one language each: what has stayed English is said by an English voice, whatever is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.pack.translate import IN_ENGLISH

_OPENS, _CLOSES = frozenset("\u2066\u2067\u2068"), "\u2069"
_ARABIC = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc"
_SCRIPTS = {"ar": re.compile(f"[{_ARABIC}][{_ARABIC} ]*"), "bn": re.compile("[\u0980-\u09ff][\u0980-\u09ff ]*")}
_WRITES = {"ar": "ar", "fa": "ar", "ps": "ar", "ur": "ar", "bn": "bn"}


@dataclass(frozen=True)
class Part:
    """Words of one language, marks and all."""

    language: str
    words: str


def find_parts(words: str, language: str) -> list[Part]:
    """Return the text in reading order. `language` is that of the visit; a line of its own is a part of its own.

    What has no translation is English. Letters that the language does not write with are those of the language that
    does: a list of languages names each in its own script. Latin letters every voice knows.
    """
    lines = words.split("\n")
    found = (part for line in lines for each in _by_mark(line, language) for part in _by_script(each))
    return [part for part in found if any(sign.isalnum() for sign in part.words)]


def _by_mark(line: str, language: str) -> Iterator[Part]:
    said = 0
    for start, end in _english(line):
        yield Part(language, line[said:start])
        yield Part("en", line[start:end])
        said = end
    yield Part(language, line[said:])


def _english(line: str) -> Iterator[tuple[int, int]]:
    """Yield where the stretches begin and end that `in_english` has marked; other isolates may stand beside or in them."""
    opened: list[int] = []
    for at, sign in enumerate(line):
        if sign in _OPENS:
            opened.append(at)
        elif sign == _CLOSES and opened:
            start = opened.pop()
            if line[at - 1] == IN_ENGLISH:
                yield start, at + 1


def _by_script(part: Part) -> Iterator[Part]:
    own, words, said = _WRITES.get(part.language), part.words, 0
    scripts = {script: letters for script, letters in _SCRIPTS.items() if script != own}
    foreign = [(script, found) for script, letters in scripts.items() for found in letters.finditer(words)]
    for script, found in sorted(foreign, key=lambda pair: pair[1].start()):
        yield Part(part.language, words[said : found.start()])
        yield Part(script, found[0])
        said = found.end()
    yield Part(part.language, words[said:])
