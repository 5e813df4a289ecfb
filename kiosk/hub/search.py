"""Search the list: in memory, over what is open for this page. What was looked for is in no address, table or log."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import TypeVar

from flask import request

from kiosk.callbacks.model import CallbackRequest
from kiosk.callbacks.seal import Told
from kiosk.hub.desk import Page
from kiosk.hub.lists import list_page
from kiosk.hub.waiting import find_waiting, tell_requests
from kiosk.hub.wording import language_words

Asked = TypeVar("Asked", bound=Told | CallbackRequest)
LOOKED_FOR_LIMIT = 100  # characters


def search() -> Page:
    """Show the part of the list that was asked for. A POST, so that no history or log keeps a name."""
    words, centre = request.form.get("words", "")[:LOOKED_FOR_LIMIT], request.form.get("centre", "")
    waiting = find_waiting()
    lines = [line for line in waiting.lines if centre in ("", line.centre)]
    if _plain(words).strip():
        found = {str(one.id) for one in find(tell_requests(lines), words)}
        lines = [line for line in lines if line.id in found]
    return list_page(waiting, lines, request.form.get("page", ""), {"words": words, "centre": centre})


def find(requests: Iterable[Asked], words: str) -> Iterator[Asked]:
    """Yield those in whose name, topic, centre or language each of `words` begins a word.

    Case and accents do not matter. The order stays.
    """
    wanted = _plain(words).split()
    return (one for one in requests if _has(one, wanted))


def _has(asked: Told | CallbackRequest, wanted: list[str]) -> bool:
    told = (asked.name, asked.topic, asked.centre, language_words(asked.language, asked.interpreter))
    said = " ".join(map(_plain, told)).split()
    return all(any(word.startswith(part) for word in said) for part in wanted)


def _plain(words: str) -> str:
    """Return letters and digits in one case without their accents, and spaces for the rest."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    kept = (letter for letter in apart if not unicodedata.combining(letter))
    return "".join(letter if letter.isalnum() else " " for letter in kept)
