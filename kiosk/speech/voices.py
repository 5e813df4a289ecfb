"""Which of the synthesiser's voices speaks a language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

PREFERRED = {"en": "en-gb", "pt": "pt-pt"}
"""Where a language is spoken in several ways: the one heard in these parts first."""


@dataclass(frozen=True)
class Voice:
    """`name` is what the synthesiser calls it; `languages` are pairs of a rank, the lowest best, and a code."""

    name: str
    languages: tuple[tuple[int, str], ...]


def find_voice(voices: Iterable[Voice], language: str) -> Voice | None:
    """Return the voice that suits a language code best, or None where none speaks it."""
    wanted = (PREFERRED.get(language, language), language)
    fitting = [
        ((code != wanted[0], code != wanted[1], rank), voice)
        for voice in voices
        for rank, code in voice.languages
        if code in wanted or code.startswith(f"{language}-")
    ]
    return min(fitting, key=lambda pair: pair[0])[1] if fitting else None
