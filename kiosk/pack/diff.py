"""What a parent would notice between two packs, in sentences: where they are led elsewhere before how it is worded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from kiosk.flow.model import Opens, OpensKind
from kiosk.pack.change import Change, Changes, Weight, both
from kiosk.pack.diff_flow import flow_changes
from kiosk.pack.diff_rest import rest_changes
from kiosk.pack.facts import find_facts_in, shown
from kiosk.pack.model import Fact, Pack, Unit
from kiosk.pack.texts import find_shown_texts


def find_changes(old: Pack, new: Pack) -> list[Change]:
    """Return what is different, each once: screens together, those with the heaviest change first."""
    found = list(dict.fromkeys((*flow_changes(old, new), *fact_changes(old, new), *rest_changes(old, new))))
    heaviest: dict[str, Weight] = {}
    for change in found:
        heaviest[change.screen] = min(change.weight, heaviest.get(change.screen, change.weight))
    order = list(heaviest)
    return sorted(found, key=lambda each: (heaviest[each.screen], order.index(each.screen), each.weight))


def by_screen(changes: Sequence[Change]) -> Iterator[tuple[str, list[Change]]]:
    """Yield each screen with its changes, in the order of `find_changes`."""
    for screen, group in groupby(changes, key=lambda change: change.screen):
        yield screen, list(group)


def fact_changes(old: Pack, new: Pack) -> Changes:
    """Yield each figure that a parent reads and that is another one now. A telephone is said of its helper."""
    for before, after in both(old.facts, new.facts):
        if _value(before) != _value(after) and (count := _uses(new, after.id)):
            screen = f'The {"address" if after.unit is Unit.ADDRESS else "figure"} "{after.id}"'
            times = f"It stands in {count} {'text' if count == 1 else 'texts'}."
            yield Change(Weight.FIGURE, screen, f"It was {_value(before)} and is now {_value(after)}. {times}")
        elif before.ask != after.ask and _uses(new, after.id):
            says = f'Once out of date it reads "{after.ask}" instead of "{before.ask}".'
            yield Change(Weight.WORDS, f'The figure "{after.id}"', says)


def _value(fact: Fact) -> str:
    return "; ".join(season.say for season in fact.seasons) if fact.seasons else shown(fact)


def _uses(pack: Pack, fact_id: str) -> int:
    texts = sum(fact_id in find_facts_in(text.words) for text in find_shown_texts(pack))
    steps = (step.opens for flow in pack.flows.values() for outcome in flow.outcomes.values() for step in outcome.next)
    return texts + sum(opens == Opens(OpensKind.WEB, fact_id) for opens in steps)
