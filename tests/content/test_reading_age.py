"""R21: a reading age of nine, in every shipped string, by the rule that `kiosk pack check` has: with the figures of today
and with the words that stand in for stale ones."""

from __future__ import annotations

import re
from datetime import date

import pytest

from kiosk.pack.rules_reading import HARDEST_GRADE, UNEXPLAINED, can_grade, grade, hard_words
from kiosk.pack.texts import ShownText
from tests.content.packs import LONG_AFTER, NAMES, WRITTEN, pack, strings, texts


@pytest.mark.parametrize("name", NAMES)
def test_every_string_can_be_read_at_the_age_of_nine(name: str) -> None:
    facts = pack(name).facts
    hard = [f"{' '.join(map(str, path))}: {says}" for text in texts(name) for path, says, _ in hard_words(text, facts)]

    assert can_grade()
    assert not hard, "\n".join([f"{len(hard)} remarks on strings that are hard to read:", *hard])


@pytest.mark.parametrize("today", [WRITTEN, LONG_AFTER], ids=["current", "stale"])
@pytest.mark.parametrize("name", NAMES)
def test_quotation_marks_are_those_of_print(name: str, today: date) -> None:
    assert [f"{where}: {words}" for where, words in strings(name, today) if re.search(r"['\"]", words)] == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (" ".join(["word"] * 21) + ".", "has 21 words"),
        ("one two. " + " ".join(["word"] * 20) + ". " + " ".join(["word"] * 20) + ". " + "a b c d e f g h i j k l m n o p q r s t.", "words on average"),
        ("Ask about UC.", 'says "UC"'),
        ("Eligibility for additional remuneration necessitates continuous verification of individual circumstances by authorities.", "is hard to read"),
    ],
)  # fmt: skip
def test_what_is_hard_is_caught(words: str, says: str) -> None:
    text = ShownText(("pages/a.yaml", "say"), words, "text")

    assert any(says in said for _, said, _ in hard_words(text, {}))


def test_the_rule_is_the_one_of_the_project() -> None:
    assert HARDEST_GRADE == 6
    assert {"UC", "FIS", "DWP"} <= set(UNEXPLAINED)
    assert grade("Come in and play.") == 0
