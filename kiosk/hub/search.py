"""Search the list: in memory, over what is open for this page. What was looked for is in no address, table or log."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from flask import request

from kiosk.hub.desk import Page
from kiosk.hub.lists import find_waiting, list_page
from kiosk.hub.wording import language_words
from kiosk.hub.worklist import OpenCase

LOOKED_FOR_LIMIT = 100  # characters


def search() -> Page:
    """Show the part of the list that was asked for. A POST, so that no history or log keeps a name."""
    words, centre = request.form.get("words", "")[:LOOKED_FOR_LIMIT], request.form.get("centre", "")
    waiting, broken = find_waiting()
    return list_page(waiting, broken, find(waiting, words, centre), {"words": words, "centre": centre})


def find(waiting: Iterable[OpenCase], words: str, centre: str = "") -> list[OpenCase]:
    """Return those in whose name, topic, centre or language each of `words` begins a word; of one centre if one is given.

    Case and accents do not matter. The order stays.
    """
    wanted = _plain(words).split()
    return [one for one in waiting if centre in ("", one.request.centre) and _has(one, wanted)]


def _has(one: OpenCase, wanted: list[str]) -> bool:
    asked = one.request
    told = (asked.name, asked.topic, asked.centre, language_words(asked.language, asked.interpreter))
    said = " ".join(map(_plain, told)).split()
    return all(any(word.startswith(part) for word in said) for part in wanted)


def _plain(words: str) -> str:
    """Return letters and digits in one case without their accents, and spaces for the rest."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    kept = (letter for letter in apart if not unicodedata.combining(letter))
    return "".join(letter if letter.isalnum() else " " for letter in kept)
