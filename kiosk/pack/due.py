"""What a pack's facts come due for: each by the day on which it has to have been looked up again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kiosk.flow.model import OpensKind
from kiosk.pack.draft import find_opens
from kiosk.pack.facts import find_facts_in, is_stale, shown, shown_on
from kiosk.pack.model import Pack, Unit
from kiosk.pack.texts import context_of, find_shown_texts


@dataclass(frozen=True)
class Due:
    """A fact and how long it still holds. `days_left` counts from today, 0 is the last day; below 0 it is not shown."""

    id: str
    value: str
    used_in: tuple[str, ...]
    source: str
    review_by: date
    days_left: int
    stale: bool


def find_due(pack: Pack, today: date) -> list[Due]:
    """Return every fact in the order they come due, those that are not shown any more before all others."""
    used = _uses(pack)
    found = [
        Due(
            id=fact.id,
            value=shown_on(fact, min(max(today, fact.checked_on), fact.review_by))
            if fact.unit is Unit.SEASON
            else shown(fact),
            used_in=tuple(used.get(fact.id, ())),
            source=fact.source,
            review_by=fact.review_by,
            days_left=(fact.review_by - today).days,
            stale=is_stale(fact, today),
        )
        for fact in pack.facts.values()
    ]
    return sorted(found, key=lambda due: (not due.stale, due.review_by, due.id))


def _uses(pack: Pack) -> dict[str, dict[str, None]]:
    """Return by fact the places that show it, in the pack's order: its words, helpers' numbers, addresses."""
    used: dict[str, dict[str, None]] = {}
    for text in find_shown_texts(pack):
        for fact_id in find_facts_in(text.words):
            used.setdefault(fact_id, {})[context_of(text.path)] = None
    for helper in pack.helpers.values():
        if helper.phone:
            used.setdefault(helper.phone, {})[context_of(("helpers.yaml", helper.id, "phone"))] = None
    for path, _, opens in find_opens(pack):
        if opens.kind is OpensKind.WEB:
            used.setdefault(opens.target, {})[context_of(path)] = None
    return used
