"""What a parent would notice outside the flowcharts: first page, pages, lists, who helps, the call back, notices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from kiosk.pack.change import Change, Changes, Weight, both, reworded, said, step_changes, where_to
from kiosk.pack.diff_flow import helper_changes
from kiosk.pack.diff_notices import notice_changes
from kiosk.pack.facts import shown
from kiosk.pack.model import CallbackWords, Checklist, Helper, Notice, Pack, Page

Packs = tuple[Pack, Pack]
T = TypeVar("T", Page, Checklist, Helper, Notice)

HOME = "The first page"
CALL = "The call back"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def rest_changes(old: Pack, new: Pack) -> Changes:
    """Yield what is different in two packs outside their flows and figures."""
    packs = old, new
    yield from _home(packs)
    yield from _came_and_went("The page", old.pages, new.pages, packs)
    for was, now in both(old.pages, new.pages):
        yield from _page(was, now, packs)
    yield from _came_and_went("The list", old.checklists, new.checklists, packs)
    for before, after in both(old.checklists, new.checklists):
        yield from _checklist(before, after, packs)
    yield from _came_and_went("The helper", old.helpers, new.helpers, packs)
    for helper in new.helpers.values():
        if helper.id in old.helpers:
            yield from _helper(old.helpers[helper.id], helper, packs)
    yield from _callback(old.callback, new.callback, packs)
    yield from _came_and_went("The notice", old.notices, new.notices, packs)
    yield from notice_changes(packs)
    yield from _around(packs)


def _came_and_went(kind: str, old: Mapping[str, T], new: Mapping[str, T], packs: Packs) -> Changes:
    for each in old.values():
        if each.id not in new:
            yield Change(Weight.GONE, f"{kind} {said(each.title, packs[0])}", "It is gone.")
    for each in new.values():
        if each.id not in old:
            yield Change(Weight.NEW, f"{kind} {said(each.title, packs[1])}", "It is new.")


def _home(packs: Packs) -> Changes:
    old, new = (pack.home for pack in packs)
    was, now = ({card.title: card for card in home.cards} for home in (old, new))
    for title, card in now.items():
        if title not in was:
            says = f"The card {said(title, packs[1])} is new, and opens {where_to(card.opens, packs[1])}."
            yield Change(Weight.NEW, HOME, says)
    for title in was:
        if title not in now:
            yield Change(Weight.GONE, HOME, f"The card {said(title, packs[0])} is gone.")
    for before, after in both(was, now):
        if before.opens != after.opens:
            new_way, old_way = where_to(after.opens, packs[1]), where_to(before.opens, packs[0])
            says = f"The card {said(after.title, packs[1])} now opens {new_way} instead of {old_way}."
            yield Change(Weight.LED_ELSEWHERE, HOME, says)
        yield from _words(
            HOME, reworded(f"Under {said(after.title, packs[1])}, the hint", before.hint, after.hint, packs)
        )
    yield from _words("The welcome", reworded("It", old.welcome, new.welcome, packs))
    yield from _words(HOME, reworded("Its question", old.ask, new.ask, packs))
    yield from _words(HOME, reworded("Its hint", old.hint, new.hint, packs))


def _page(old: Page, new: Page, packs: Packs) -> Changes:
    screen = f"The page {said(new.title, packs[1])}"
    yield from step_changes(screen, old.next, new.next, packs)
    yield from helper_changes(screen, old.helpers, new.helpers, packs)
    yield from _words(screen, reworded("Its title", old.title, new.title, packs))
    yield from _listed(screen, "paragraph", old.say, new.say, packs)


def _checklist(old: Checklist, new: Checklist, packs: Packs) -> Changes:
    screen = f"The list {said(new.title, packs[1])}"
    yield from step_changes(screen, old.next, new.next, packs)
    yield from _words(screen, reworded("Its title", old.title, new.title, packs))
    yield from _words(screen, reworded("Its text", old.say, new.say, packs))
    was, now = ([item for part in each.parts for item in part.items] for each in (old, new))
    yield from _listed(screen, "line", [item.say for item in was], [item.say for item in now], packs)
    more = {item.say: item.more for item in was}
    for item in now:
        if item.say in more:
            yield from _words(
                screen, reworded(f"Under {said(item.say, packs[1])}, it", more[item.say], item.more, packs)
            )


def _helper(old: Helper, new: Helper, packs: Packs) -> Changes:
    screen = f"The helper {said(new.title, packs[1])}"
    was, now = (_phone(helper, pack) for helper, pack in zip((old, new), packs, strict=True))
    if was != now:
        says = f"The telephone was {was} and is now {now}." if was and now else f"The telephone {now} is new."
        yield Change(Weight.FIGURE if now else Weight.GONE, screen, says if now else f"The telephone {was} is gone.")
    for name in ("title", "does", "where", "when"):
        what = {"title": "The name", "does": "What they do", "where": "The place", "when": "The time"}[name]
        yield from _words(screen, reworded(what, getattr(old, name), getattr(new, name), packs))


def _phone(helper: Helper, pack: Pack) -> str:
    return shown(pack.facts[helper.phone]) if helper.phone in pack.facts else ""


def _callback(old: CallbackWords, new: CallbackWords, packs: Packs) -> Changes:
    for topic_id, topic in old.topics.items():
        if topic_id not in new.topics:
            yield Change(Weight.GONE, CALL, f"The topic {said(topic.say, packs[0])} cannot be chosen any more.")
    for topic_id, topic in new.topics.items():
        if topic_id not in old.topics:
            yield Change(Weight.NEW, CALL, f"The topic {said(topic.say, packs[1])} can be chosen.")
        else:
            yield from _words(CALL, reworded("A topic", old.topics[topic_id].say, topic.say, packs))
    if old.days != new.days:
        says = f"A call can be asked for on {', '.join(DAYS[day] for day in new.days)}."
        yield Change(Weight.FIGURE, CALL, says)
    if old.parts != new.parts:
        spans = (f"{part.say} ({part.start:%H:%M} to {part.end:%H:%M})" for part in new.parts.values())
        yield Change(Weight.FIGURE, CALL, f"The times of day are now: {'; '.join(spans)}.")
    if old.keep_days != new.keep_days:
        yield Change(Weight.FIGURE, CALL, f"A request is kept {new.keep_days} days, and was kept {old.keep_days}.")
    if old.languages != new.languages:
        yield Change(Weight.NEW, CALL, f"A call can be asked for in: {', '.join(new.languages)}.")
    yield from _words(CALL, reworded("The privacy notice", old.privacy_short, new.privacy_short, packs))
    yield from _listed(CALL, "paragraph about privacy", old.privacy, new.privacy, packs)
    yield from _words(CALL, reworded("What to expect", old.expect, new.expect, packs))


def _around(packs: Packs) -> Changes:
    old, new = packs
    for language in old.offered:
        if language not in new.offered:
            yield Change(Weight.GONE, "The languages", f'"{language}" is not offered any more.')
    for language in new.offered:
        if language not in old.offered:
            yield Change(Weight.NEW, "The languages", f'"{language}" is now offered.')
    for name, what in (("name", "The name"), ("postcode", "The postcode"), ("reception", "What stands in for help")):
        yield from _words("The centre", reworded(what, getattr(old.centre, name), getattr(new.centre, name), packs))
    if old.centre.districts != new.centre.districts:
        yield Change(Weight.FIGURE, "The centre", "Childcare is listed for other districts.")


def _listed(screen: str, what: str, old: Sequence[str], new: Sequence[str], packs: Packs) -> Changes:
    """Yield what was taken from a list of texts and put into it; a text changed in its place is one change."""
    gone, come = [each for each in old if each not in new], [each for each in new if each not in old]
    if len(old) == len(new):
        for before, after in zip(gone, come, strict=False):
            yield from _words(screen, reworded(f"A {what}", before, after, packs))
        return
    for words in gone:
        yield Change(Weight.GONE, screen, f"A {what} is gone: {said(words, packs[0])}.")
    for words in come:
        yield Change(Weight.NEW, screen, f"A {what} is new: {said(words, packs[1])}.")


def _words(screen: str, sentences: Iterator[str]) -> Changes:
    return (Change(Weight.WORDS, screen, says) for says in sentences)
