"""One spelling for texts that are compared: no case, no accents, no punctuation."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = str.maketrans("", "", "'’‘`")
_WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """Return `text` as plain words with single spaces: "Mama Bear's Crèche, OXFORD" is "mama bears creche oxford"."""
    if not text.isascii():
        text = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    return " ".join(_WORD.findall(text.casefold().translate(_APOSTROPHES)))


def squash(text: str) -> str:
    """Return `text` folded and without any space, for names of columns, kinds and authorities."""
    return fold(text).replace(" ", "")
