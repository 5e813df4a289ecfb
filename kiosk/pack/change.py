"""One thing that a parent would notice, and the sentences for words, steps and where they lead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

from kiosk.flow.model import Opens, OpensKind, Step
from kiosk.pack.facts import shown
from kiosk.pack.model import Pack
from kiosk.pack.rules_text import as_shown
from kiosk.pack.tree import quoted

T = TypeVar("T")
LONGEST = 200
"""Characters of a text that a sentence quotes."""


class Weight(IntEnum):
    """How much it matters to a parent, heaviest first."""

    LED_ELSEWHERE = 0
    GONE = 1
    FIGURE = 2
    NEW = 3
    WORDS = 4


@dataclass(frozen=True)
class Change:
    """One thing a parent would notice. `screen` says where: 'The question "Is your CV ready?"'."""

    weight: Weight
    screen: str
    says: str


Changes = Iterator[Change]


def both(old: Mapping[str, T], new: Mapping[str, T]) -> Iterator[tuple[T, T]]:
    """Yield what is in both, and is not the same."""
    return ((old[key], new[key]) for key in old if key in new and old[key] != new[key])


def said(words: str, pack: Pack) -> str:
    """Return words in quotes as a parent reads them while the facts hold."""
    return quoted(as_shown(words, pack.facts), LONGEST)


def reworded(what: str, old: str, new: str, packs: tuple[Pack, Pack]) -> Iterator[str]:
    """Yield a sentence where the words themselves differ. That a figure in them does is said of the figure, once."""
    if old != new:
        if not new:
            yield f"{what} is gone: {said(old, packs[0])}."
        elif not old:
            yield f"{what} is new: {said(new, packs[1])}."
        else:
            yield f"{what} read {said(old, packs[0])} and now reads {said(new, packs[1])}."


def where_to(opens: Opens | None, pack: Pack) -> str:
    """Return in words what a touch opens."""
    if opens is None:
        return "nothing"
    match opens.kind:
        case OpensKind.PAGE if opens.target in pack.pages:
            return f"the page {said(pack.pages[opens.target].title, pack)}"
        case OpensKind.CHECKLIST if opens.target in pack.checklists:
            return f"the list {said(pack.checklists[opens.target].title, pack)}"
        case OpensKind.FLOW if opens.target in pack.flows:
            flow = pack.flows[opens.target]
            at = f" at the question {said(flow.questions[opens.at].ask, pack)}" if opens.at in flow.questions else ""
            return f"{said(flow.title, pack)}{at}"
        case OpensKind.CALLBACK:
            topic = pack.callback.topics.get(opens.target)
            return "the call back" + (f" about {said(topic.say, pack)}" if topic else "")
        case OpensKind.WEB if opens.target in pack.facts:
            return shown(pack.facts[opens.target])
        case OpensKind.CHILDCARE:
            return "childcare near here"
        case OpensKind.HELPERS:
            return "the people who can help"
        case _:
            return f'"{opens.kind}/{opens.target}"'


def step_changes(screen: str, old: Sequence[Step], new: Sequence[Step], packs: tuple[Pack, Pack]) -> Changes:
    """Yield what is different in the steps of a screen. A step keeps its name by its words, or else by what it opens."""
    pairs = _paired(old, new, lambda step: step.say, lambda step: step.opens)
    for before, after in pairs:
        if before is None and after:
            to = f", which opens {where_to(after.opens, packs[1])}" if after.opens else ""
            yield Change(Weight.NEW, screen, f"The step {said(after.say, packs[1])} is new{to}.")
        elif after is None and before:
            yield Change(Weight.GONE, screen, f"The step {said(before.say, packs[0])} is gone.")
        elif before and after and before != after:
            yield from _step_change(screen, before, after, packs)
    kept = [after for before, after in pairs if before and after]
    if kept != sorted(kept, key=list(new).index):
        yield Change(Weight.WORDS, screen, "The steps stand in another order.")


def _step_change(screen: str, before: Step, after: Step, packs: tuple[Pack, Pack]) -> Changes:
    if before.opens != after.opens:
        old, new = where_to(before.opens, packs[0]), where_to(after.opens, packs[1])
        says = f"The step {said(after.say, packs[1])} now opens {new} instead of {old}."
        yield Change(Weight.LED_ELSEWHERE, screen, says)
    for says in reworded("A step", before.say, after.say, packs):
        yield Change(Weight.WORDS, screen, says)
    for says in reworded(f"Under {said(after.say, packs[1])}, the hint", before.hint, after.hint, packs):
        yield Change(Weight.WORDS, screen, says)


def _paired(
    old: Sequence[T], new: Sequence[T], first: Callable[[T], object], then: Callable[[T], object]
) -> list[tuple[T | None, T | None]]:
    """Return what belongs together: by `first`, then by `then`; None where a thing has no other half."""
    left = list(new)
    pairs: list[tuple[int, T, T | None]] = []
    waiting: list[tuple[int, T]] = []
    for place, before in enumerate(old):
        same = next((each for each in left if first(each) == first(before)), None)
        if same is None:
            waiting.append((place, before))
        else:
            left.remove(same)
            pairs.append((place, before, same))
    for place, before in waiting:
        same = next((each for each in left if then(each) is not None and then(each) == then(before)), None)
        if same is not None:
            left.remove(same)
        pairs.append((place, before, same))
    pairs.sort(key=lambda pair: pair[0])
    return [*((before, after) for _, before, after in pairs), *((None, after) for after in left)]
