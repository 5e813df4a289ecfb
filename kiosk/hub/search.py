"""Search what waits, what is handled and what is set aside: in memory, for this page. What was looked for is in no address,
table or log.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import TypeVar

import phonenumbers
from flask import redirect, request, url_for

from kiosk.callbacks.inside import Told
from kiosk.callbacks.model import CallbackRequest
from kiosk.hub.desk import Page
from kiosk.hub.lists import Handled, find_handled, list_page
from kiosk.hub.set_aside import read_mark
from kiosk.hub.set_aside_search import FoundAside, find_aside
from kiosk.hub.waiting import find_waiting, tell_requests
from kiosk.hub.wording import language_words

Asked = TypeVar("Asked", bound=Told | CallbackRequest)
LOOKED_FOR_LIMIT = 100  # characters
LEAST_DIGITS = 6
"""So many digits at least stand for the end of a number. Of ten thousand numbers hardly two then end alike, so that whoever
rings back is not greeted by another's name; and who would learn by trying how the number of somebody ends, who may not
be rung now, has a million tries to make, each of which the log of lists counts. Nothing is found by how a number begins:
that would tell it digit by digit.
"""
REGION = "GB"  # a number without its country is of this one


@dataclass(frozen=True)
class Digits:
    """Digits that were typed together, in as many `parts` as there were spaces, brackets and hyphens between them.

    `end` is all of them; `whole` the number in E.164, or empty if they are none. `repr` shows nothing of it.
    """

    parts: tuple[str, ...] = field(repr=False)
    end: str = field(repr=False)
    whole: str = field(repr=False)

    def are_of(self, phone: str) -> bool:
        """True if they are this E.164 number, or its end."""
        return phone == self.whole or (len(self.end) >= LEAST_DIGITS and phone.endswith(self.end))


def search() -> Page:
    """Show the part of the lists that was asked for. A POST, so that no history or log keeps a name."""
    words, centre = request.form.get("words", "")[:LOOKED_FOR_LIMIT], request.form.get("centre", "")
    waiting = find_waiting()
    lines, handled = [line for line in waiting.lines if centre in ("", line.centre)], list[Handled]()
    aside: FoundAside | None = None
    if _plain(words).strip():
        found = {str(one.id) for one in find(tell_requests(lines), words)}
        lines = [line for line in lines if line.id in found]
        # Whoever asks for what is held about them may have been rung already.
        closed = {one.request.id: one for one in find_handled() if centre in ("", one.request.centre)}
        handled = [closed[one.id] for one in find((one.request for one in closed.values()), words)]
        # Of which centre it really is nobody knows, so the one that was chosen hides none of it.
        aside = find_aside(waiting.broken, matching(words), read_mark(request.form.get("after", "")))
    looked_for = {"words": words, "centre": centre}
    return list_page(waiting, lines, request.form.get("page", ""), looked_for, handled, aside)


def leave_search() -> Page:
    """Lead whoever opens or reloads the address of a search to the whole list: what was looked for is not in it."""
    return redirect(url_for("requests"), 303)


def find(requests: Iterable[Asked], words: str) -> Iterator[Asked]:
    """Yield those that `words` match. The order stays."""
    return filter(matching(words), requests)


def matching(words: str) -> Callable[[Told | CallbackRequest], bool]:
    """Tell in whose name, topic, centre or language each of `words` begins a word; digits may also be those of the phone
    number, all of it or its end, however they are spaced.

    Case and accents do not matter, nor whether a number begins with 0, 0044 or +44.
    """
    wanted, numbers = list[str](), list[Digits]()
    for are_digits, parts in groupby(_plain(words).split(), str.isdecimal):
        if are_digits:
            numbers.append(_digits(tuple(parts)))
        else:
            wanted += parts
    return partial(_has, wanted=wanted, numbers=numbers)


def _digits(parts: tuple[str, ...]) -> Digits:
    end = phonenumbers.normalize_digits_only("".join(parts))  # of any script
    try:
        number = phonenumbers.parse(end, REGION)
    except phonenumbers.NumberParseException:
        return Digits(parts, end, "")
    return Digits(parts, end, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _has(asked: Told | CallbackRequest, wanted: list[str], numbers: list[Digits]) -> bool:
    others = [part for number in numbers if not number.are_of(asked.phone) for part in number.parts]
    if not (wanted or others):
        return True
    told = (asked.name, asked.topic, asked.centre, language_words(asked.language, asked.interpreter))
    said = " ".join(map(_plain, told)).split()
    return all(any(word.startswith(part) for word in said) for part in (*wanted, *others))


def _plain(words: str) -> str:
    """Return letters and digits in one case without their accents, and spaces for the rest."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    kept = (letter for letter in apart if not unicodedata.combining(letter))
    return "".join(letter if letter.isalnum() else " " for letter in kept)
