"""What a translation must hold to: the same placeholders as its English, bold that ends, the room its place has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import polib

from kiosk.errors import Fault
from kiosk.pack.catalogue import line_of
from kiosk.pack.facts import fill_by, shown
from kiosk.pack.model import Fact
from kiosk.pack.texts import Measure, is_wide
from kiosk.pack.tree import quoted

if TYPE_CHECKING:
    from kiosk.pack.words import English

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_STRAY = re.compile(r"[{}]")


def find_faults(file: str, catalogue: Sequence[polib.POEntry]) -> Iterator[Fault]:
    """Yield what keeps a translation from being shown. `file` is what faults call it."""
    for entry in catalogue:
        if entry.msgstr and not entry.obsolete:
            for says, remedy in _broken(entry.msgid, entry.msgstr):
                yield Fault(file, line_of(entry), says, remedy)


def is_whole(english: str, translation: str) -> bool:
    """Return whether a translation can be shown in place of its English."""
    return next(_broken(english, translation), None) is None


def _broken(english: str, translation: str) -> Iterator[tuple[str, str]]:
    wanted, given = set(_PLACEHOLDER.findall(english)), set(_PLACEHOLDER.findall(translation))
    if lost := sorted(wanted - given):
        yield f"{quoted(translation)} has lost {', '.join(lost)}.", "Put it back, just as the English has it."
    if strange := sorted(given - wanted):
        yield f"{quoted(translation)} holds {', '.join(strange)}, which its English does not.", "Copy it from there."
    if _STRAY.search(_PLACEHOLDER.sub("", translation)):
        yield f"{quoted(translation)} has a curly bracket without its pair.", "Copy the brackets from the English."
    if translation.count("**") % 2:
        yield f"{quoted(translation)} has a ** without its pair.", "Put ** before and after bold words."


def find_too_long(
    file: str,
    catalogue: Sequence[polib.POEntry],
    english: Sequence[English],
    facts: Mapping[str, Fact],
    measure: Measure | None = None,
) -> Iterator[Fault]:
    """Yield every translation that is longer than the room of its place, facts filled in, or wider by the screen's `measure`."""
    limits = {(each.context, each.words): each.limit for each in english}
    for entry in catalogue:
        limit = limits.get((entry.msgctxt or "", entry.msgid))
        if limit and not entry.obsolete:
            words = _as_shown(entry.msgstr, facts)
            if len(words) > limit:
                says = f"{quoted(entry.msgstr)} is {len(words)} characters long; there is room for {limit}."
                yield Fault(file, line_of(entry), says, f"Shorten it by {len(words) - limit}.")
            elif measure and is_wide(words, limit, measure):
                says = f"{quoted(entry.msgstr)} is as wide as {measure(words):.0f} letters; there is room for {limit}."
                yield Fault(file, line_of(entry), says, "Shorten it.")


def _as_shown(words: str, facts: Mapping[str, Fact]) -> str:
    return fill_by(words, lambda id: shown(facts[id]) if id in facts else "").replace("**", "")
