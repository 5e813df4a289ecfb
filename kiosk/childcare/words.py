"""One spelling for texts that are compared: no case, no accents, no punctuation."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_APOSTROPHES = "'’‘`"


class _Plain(dict[int, str]):
    """How each character is written plainly: itself in lower case, nothing for an apostrophe or accent, else a space."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if character in _APOSTROPHES or unicodedata.combining(character):
            plain = ""
        else:
            parts = unicodedata.normalize("NFKD", character).casefold()
            plain = "".join(part if part.isalnum() else "" if unicodedata.combining(part) else " " for part in parts)
        self[code] = plain
        return plain


_PLAIN = _Plain()


def fold(text: str) -> str:
    """Return `text` as plain words with single spaces: "Mama Bear's Crèche, OXFORD" is "mama bears creche oxford"."""
    return " ".join(text.translate(_PLAIN).split())


@lru_cache(4096)
def squash(text: str) -> str:
    """Return `text` folded and without any space, for names of columns, kinds and authorities."""
    return fold(text).replace(" ", "")
