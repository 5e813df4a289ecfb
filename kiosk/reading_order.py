"""Which way a line runs, and what keeps its own order inside a line that runs from right to left."""

from __future__ import annotations

import re

ISOLATE, AS_IT_RUNS, POP = "\u2066", "\u2068", "\u2069"
PAGE_RUNS = {False: "\u200e", True: "\u200f"}
# Phone numbers, times, amounts, postcodes and web addresses keep their order inside right-to-left text, and are not
# broken in two.
KEEP_TOGETHER = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}(?:/[\w./\u200b-]*)?"
    r"|£\d[\d,]*(?:\.\d+)?"
    r"|\b[A-Z]{1,2}\d[A-Z\d]?(?: ?\d[A-Z]{2})?\b"
    r"|\+?\d[\d ]{6,}\d"
    r"|\d+(?:[:.,]\d+)*(?:%|p\b)?(?: ?[–-] ?\d+(?:[:.,]\d+)*%?)?"
)
# From when to when: `9:30 to 11:30`, `1 to 3 pm`, `10:00–12:00`; a postcode; a phone number.
_WHOLE = re.compile(
    r"\b\d{1,2}(?:[:.]\d\d)?(?: [ap]m)?(?: to |–)\d{1,2}(?:[:.]\d\d)?(?: [ap]m)?\b"
    r"|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"
    r"|\+?\d[\d ]{6,}\d"
)
_MIRRORED = frozenset({"ar", "fa", "ps", "ur"})
RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufefc]")


def runs_right_to_left(text: str) -> bool:
    """Return whether there is a letter in the text that is written from right to left."""
    return RIGHT_TO_LEFT.search(text) is not None


def in_order(line: str, mirrored: bool = False) -> str:
    """Return the line so that it runs as its page does, `mirrored` from right to left, whatever script it begins with.

    Bidirectional controls (UAX #9) are put around what keeps its own order, and no-break spaces inside it.
    """
    other_way = runs_right_to_left(line)
    if other_way:
        line = KEEP_TOGETHER.sub(lambda found: f"{ISOLATE}{_unbroken(found[0])}{POP}", line)
    if not line or (other_way, mirrored) == (False, False):
        return line
    inner = line if other_way and mirrored else f"{AS_IT_RUNS}{line}{POP}"
    return PAGE_RUNS[mirrored] + inner


def hold_together(line: str) -> str:
    """Return the line so that no span of time, postcode or phone number in it is broken: `9:30 to 11:30` stands on one line.

    One with letters that run from right to left stays as it is: `in_order` does the same to it.
    """
    return line if runs_right_to_left(line) else _WHOLE.sub(lambda found: _unbroken(found[0]), line)


def _unbroken(part: str) -> str:
    """Return the part with no-break spaces, and its dash joined to both sides: `10:00–12:00` stays on one line."""
    return part.replace(" ", "\u00a0").replace("–", "\u2060–\u2060")


def is_mirrored(language: str) -> bool:
    """Return whether a language's pages run from right to left."""
    return language in _MIRRORED
