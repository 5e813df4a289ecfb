"""Search what waits and what is handled: in memory, for this page. What was looked for is in no address, table or log."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import TypeVar

from flask import request

from kiosk.callbacks.model import CallbackRequest
from kiosk.callbacks.seal import Told
from kiosk.hub.desk import Page
from kiosk.hub.lists import Handled, find_handled, list_page
from kiosk.hub.waiting import find_waiting, tell_requests
from kiosk.hub.wording import language_words

Asked = TypeVar("Asked", bound=Told | CallbackRequest)
LOOKED_FOR_LIMIT = 100  # characters


def search() -> Page:
    """Show the part of the lists that was asked for. A POST, so that no history or log keeps a name."""
    words, centre = request.form.get("words", "")[:LOOKED_FOR_LIMIT], request.form.get("centre", "")
    waiting = find_waiting()
    lines, handled = [line for line in waiting.lines if centre in ("", line.centre)], list[Handled]()
    if _plain(words).strip():
        found = {str(one.id) for one in find(tell_requests(lines), words)}
        lines = [line for line in lines if line.id in found]
        # Whoever asks for what is held about them may have been rung already.
        closed = {one.request.id: one for one in find_handled() if centre in ("", one.request.centre)}
        handled = [closed[one.id] for one in find((one.request for one in closed.values()), words)]
    looked_for = {"words": words, "centre": centre}
    return list_page(waiting, lines, request.form.get("page", ""), looked_for, handled)


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
