"""R21: a reading age of nine, in every shipped string, with the figures of today and with the words for stale ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from statistics import mean

import pytest
from textstat import textstat

from tests.content.packs import LONG_AFTER, NAMES, WRITTEN, strings

MOST_WORDS = 20
MOST_WORDS_ON_AVERAGE = 15
HARDEST_GRADE = 6
JUDGED_FROM_WORDS = 12
"""The grade of a single shorter sentence is noise: one name of three syllables decides it."""

UNEXPLAINED = ("UC", "FIS", "CAB", "FSF", "DWP", "HMRC", "SEND", "SWAP", "WEA", "TFC", "LLE", "FSM")

Judge = Callable[[str], object]


@pytest.mark.parametrize("today", [WRITTEN, LONG_AFTER], ids=["current", "stale"])
@pytest.mark.parametrize("name", NAMES)
def test_every_string_can_be_read_at_the_age_of_nine(name: str, today: date) -> None:
    hard = [
        f"{where}\n    {judge} {why}: {words}"
        for where, words in strings(name, today)
        for judge, find in JUDGES.items()
        if (why := find(words))
    ]

    assert not hard, "\n".join([f"{len(hard)} strings are hard to read:", *hard])


def sentences_of(words: str) -> list[str]:
    return [sentence for sentence in re.split(r"(?<=[.!?])[”’]?\s+", words) if sentence]


def long_sentences(words: str) -> list[int]:
    return [length for sentence in sentences_of(words) if (length := len(sentence.split())) > MOST_WORDS]


def mean_length(words: str) -> float:
    length = mean(len(sentence.split()) for sentence in sentences_of(words))
    return length if length > MOST_WORDS_ON_AVERAGE and len(sentences_of(words)) > 1 else 0


def grade(words: str) -> float:
    """Return the Flesch-Kincaid grade where it is too high, else 0."""
    if len(sentences_of(words)) < 2 and len(words.split()) < JUDGED_FROM_WORDS:
        return 0
    found = textstat.flesch_kincaid_grade(words)
    return found if found > HARDEST_GRADE else 0


def acronyms(words: str) -> list[str]:
    return [short for short in UNEXPLAINED if re.search(rf"\b{short}\b", words)]


def straight_quotes(words: str) -> list[str]:
    return re.findall(r"['\"]", words)


JUDGES: dict[str, Judge] = {
    "long_sentences": long_sentences,
    "mean_length": mean_length,
    "grade": grade,
    "acronyms": acronyms,
    "straight_quotes": straight_quotes,
}


def test_a_hard_sentence_is_caught() -> None:
    hard = "Eligibility for additional remuneration necessitates continuous verification of individual circumstances by authorities."

    assert grade(hard) > HARDEST_GRADE
    assert long_sentences(" ".join(["word"] * 21) + ".") == [21]
    assert mean_length("one two. " + " ".join(["word"] * 40) + ".") > MOST_WORDS_ON_AVERAGE
    assert acronyms("Ask about UC.") == ["UC"]
