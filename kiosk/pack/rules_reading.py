"""Words that a child of nine could read (R21): short sentences, a low grade, no unexplained short names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from statistics import mean

from kiosk.pack.model import Fact
from kiosk.pack.rules_text import as_shown, as_shown_stale
from kiosk.pack.texts import ShownText
from kiosk.pack.tree import Path, Remarks, quoted

MOST_WORDS = 20
"""Words in a sentence."""

MOST_WORDS_ON_AVERAGE = 15
HARDEST_GRADE = 6
"""Flesch-Kincaid, by textstat."""

JUDGED_FROM_WORDS = 12
"""The grade of a single shorter sentence is noise: one name of three syllables decides it."""

UNEXPLAINED = ("UC", "FIS", "CAB", "FSF", "DWP", "HMRC", "SEND", "SWAP", "WEA", "TFC", "LLE", "FSM")
"""Short names that parents meet on letters and nobody explains to them."""

_SENTENCE_END = re.compile(r"(?<=[.!?])[”’]?\s+")
_SHORT_NAMES = re.compile(rf"\b({'|'.join(UNEXPLAINED)})\b")


def can_grade() -> bool:
    """Return whether textstat is installed: it is in the extra `check`."""
    return find_spec("textstat") is not None


def hard_words(text: ShownText, facts: Mapping[str, Fact]) -> Remarks:
    """Yield what makes a text hard to read, with its figures or with the words that stand in for stale ones."""
    forms = dict.fromkeys((as_shown(text.words, facts), as_shown_stale(text.words, facts)))
    said: dict[str, tuple[Path, str, str]] = {}
    for words in forms:
        for rule, says, remedy in _hard(words):
            said.setdefault(rule, (text.path, says, remedy))
    yield from said.values()


def grade(words: str) -> float:
    """Return the Flesch-Kincaid grade; 0 where the words are too few to tell, or textstat is not installed."""
    if not can_grade() or (len(sentences_of(words)) < 2 and len(words.split()) < JUDGED_FROM_WORDS):
        return 0
    # Only now: its dictionary takes two seconds, and most commands grade nothing.
    from textstat import textstat

    return float(textstat.flesch_kincaid_grade(words))


def sentences_of(words: str) -> list[str]:
    return [sentence for sentence in _SENTENCE_END.split(words) if sentence]


def _hard(words: str) -> Iterator[tuple[str, str, str]]:
    sentences = sentences_of(words)
    lengths = [len(sentence.split()) for sentence in sentences]
    for sentence, length in zip(sentences, lengths, strict=True):
        if length > MOST_WORDS:
            yield (
                "sentence",
                f"{quoted(sentence)} has {length} words.",
                f"Make it two sentences of at most {MOST_WORDS}.",
            )
            return  # whatever else is hard in it is mended with this
    if len(lengths) > 1 and mean(lengths) > MOST_WORDS_ON_AVERAGE:
        says = f"The sentences of {quoted(words)} have {mean(lengths):.0f} words on average."
        yield "mean", says, f"Bring them down to {MOST_WORDS_ON_AVERAGE}."
    if (level := grade(words)) > HARDEST_GRADE:
        says = f"{quoted(words)} is hard to read: grade {level:.1f}, and at most {HARDEST_GRADE} is meant."
        yield "grade", says, "Use shorter words, and shorter sentences."
    if short := _SHORT_NAMES.search(words):
        yield "short name", f'{quoted(words)} says "{short[1]}" without what it stands for.', "Write the name out."
