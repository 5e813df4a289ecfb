"""Every text that a parent reads, where it was written, and how much room its place has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from kiosk.flow.model import Flow, Outcome, Question, Stage
from kiosk.pack.draft import find_steps
from kiosk.pack.facts import FACT
from kiosk.pack.model import Checklist, Fact, Pack, Unit
from kiosk.pack.tree import Path

LIMITS: Mapping[str, int] = {
    "question": 90,
    "answer": 60,
    "label of a stage": 12,
    "title": 44,
    "text of an outcome or stage": 300,
    "step": 64,
    "hint of a step": 80,
    "name of a helper": 34,
    "text of a helper": 110,
    "paragraph": 320,
    "checklist item": 110,
    "second line of a checklist item": 140,
    "card": 30,
    "hint of a card": 64,
    "topic": 44,
    "title of a notice": 60,
    "text of a notice": 400,
    "place of a notice": 80,
}
"""Characters as shown, facts filled in, by place. A place that is not named here has all the room it needs."""

WIDER = 1.2
"""So much wider than plain English a text may run before its place, which was tried with that, has no room for it."""

Measure = Callable[[str], float]
"""How wide words are on the screen, in letters of plain English on average."""

_FIGURES = frozenset({Unit.PHONE, Unit.ADDRESS, Unit.DATE, Unit.POUNDS, Unit.PERCENT})

QUESTION_WORDS = 15
"""Words that a question may have (DOMAIN §3)."""


def is_wide(words: str, limit: int, measure: Measure) -> bool:
    """Return whether words that have few enough characters are still too wide for their place: capitals, say."""
    return len(words) <= limit and measure(words) > limit * WIDER


@dataclass(frozen=True)
class ShownText:
    """`place` is what kind of text it is; `money` says that it stands on a screen flagged as such."""

    path: Path
    words: str
    place: str = "text"
    money: bool = False

    @property
    def limit(self) -> int | None:
        return LIMITS.get(self.place)


def find_shown_texts(pack: Pack) -> Iterator[ShownText]:
    """Yield every text of the pack that is not empty, file by file."""
    return (text for text in _all(pack) if text.words)


def find_translatable(pack: Pack) -> Iterator[ShownText]:
    """Yield every text that a translation replaces: those on the screen, and the words that stand in them for facts."""
    # A text that is nothing but a fact is translated where the fact is.
    yield from (text for text in find_shown_texts(pack) if not FACT.fullmatch(text.words))
    yield from find_seasonal(pack)
    for fact in pack.facts.values():
        if is_worded(fact):
            yield ShownText(("facts.yaml", fact.id, "value"), fact.value, "words of a fact")
        yield ShownText(("facts.yaml", fact.id, "ask"), fact.ask, "words instead of a fact that is out of date")


def find_seasonal(pack: Pack) -> Iterator[ShownText]:
    """Yield the words of each season: those of today stand in the texts that name their fact."""
    for fact in pack.facts.values():
        for number, season in enumerate(fact.seasons):
            yield ShownText(("facts.yaml", fact.id, "seasons", number, "say"), season.say, "words of a season")


def is_worded(fact: Fact) -> bool:
    """Return whether a fact's value holds words, and no sum, number or address: `three and four year olds`."""
    return fact.unit not in _FIGURES and any(sign.isalpha() for sign in fact.value)


def context_of(path: Path) -> str:
    """Return what a catalogue calls a place: `flows/work.yaml:questions.today.ask`."""
    file, *deeper = path
    return f"{file}:{'.'.join(str(step) for step in deeper)}"


def _all(pack: Pack) -> Iterator[ShownText]:
    yield from _home(pack)
    yield from _callback(pack)
    yield from _helpers(pack)
    for flow in pack.flows.values():
        yield from _flow(flow)
    yield from _pages(pack)
    for checklist in pack.checklists.values():
        yield from _checklist(checklist)
    yield from _steps(pack)
    yield from _notices(pack)


def _home(pack: Pack) -> Iterator[ShownText]:
    yield ShownText(("home.yaml", "welcome"), pack.home.welcome)
    yield ShownText(("home.yaml", "ask"), pack.home.ask)
    yield ShownText(("home.yaml", "hint"), pack.home.hint)
    for number, card in enumerate(pack.home.cards):
        yield ShownText(("home.yaml", "cards", number, "title"), card.title, "card")
        yield ShownText(("home.yaml", "cards", number, "hint"), card.hint, "hint of a card")


def _callback(pack: Pack) -> Iterator[ShownText]:
    words = pack.callback
    for topic in words.topics.values():
        yield ShownText(("callback.yaml", "topics", topic.id, "say"), topic.say, "topic")
    for part in words.parts.values():
        yield ShownText(("callback.yaml", "parts", part.id, "say"), part.say)
    yield ShownText(("callback.yaml", "privacy_short"), words.privacy_short)
    for number, paragraph in enumerate(words.privacy):
        yield ShownText(("callback.yaml", "privacy", number), paragraph)
    yield ShownText(("callback.yaml", "expect"), words.expect)
    yield ShownText(("pack.yaml", "centre", "reception"), pack.centre.reception)


def _helpers(pack: Pack) -> Iterator[ShownText]:
    for helper in pack.helpers.values():
        path = ("helpers.yaml", helper.id)
        yield ShownText((*path, "title"), helper.title, "name of a helper")
        yield ShownText((*path, "does"), helper.does, "text of a helper")
        yield ShownText((*path, "where"), helper.where)
        yield ShownText((*path, "when"), helper.when)


def _notices(pack: Pack) -> Iterator[ShownText]:
    for notice in pack.notices.values():
        path = (notice.file, notice.id)
        yield ShownText((*path, "title"), notice.title, "title of a notice")
        yield ShownText((*path, "say"), notice.say, "text of a notice")
        yield ShownText((*path, "where"), notice.where, "place of a notice")


def _flow(flow: Flow) -> Iterator[ShownText]:
    file = f"flows/{flow.id}.yaml"
    yield ShownText((file, "title"), flow.title)
    for stage in flow.stages.values():
        yield ShownText((file, "stages", stage.id, "label"), stage.label, "label of a stage", stage.money)
        yield from _place((file, "stages", stage.id), stage)
    for question in flow.questions.values():
        yield from _question((file, "questions", question.id), question)
    for outcome in flow.outcomes.values():
        yield from _place((file, "outcomes", outcome.id), outcome)


def _place(path: Path, place: Stage | Outcome) -> Iterator[ShownText]:
    yield ShownText((*path, "title"), place.title, "title", place.money)
    yield ShownText((*path, "say"), place.say, "text of an outcome or stage", place.money)


def _question(path: Path, question: Question) -> Iterator[ShownText]:
    yield ShownText((*path, "ask"), question.ask, "question", question.money)
    yield ShownText((*path, "hint"), question.hint, "text", question.money)
    for answer in question.answers:
        yield ShownText((*path, "answers", answer.id, "say"), answer.say, "answer", question.money)


def _pages(pack: Pack) -> Iterator[ShownText]:
    for page in pack.pages.values():
        file = f"pages/{page.id}.yaml"
        yield ShownText((file, "title"), page.title, "title", page.money)
        for number, paragraph in enumerate(page.say):
            yield ShownText((file, "say", number), paragraph, "paragraph", page.money)


def _checklist(checklist: Checklist) -> Iterator[ShownText]:
    file = f"checklists/{checklist.id}.yaml"
    yield ShownText((file, "title"), checklist.title)
    yield ShownText((file, "say"), checklist.say)
    yield ShownText((file, "staff"), checklist.staff)
    for number, part in enumerate(checklist.parts):
        yield ShownText((file, "parts", number, "title"), part.title)
        for place, item in enumerate(part.items):
            path = (file, "parts", number, "items", place)
            yield ShownText((*path, "say"), item.say, "checklist item")
            yield ShownText((*path, "more"), item.more, "second line of a checklist item")
            yield ShownText((*path, "staff"), item.staff)


def _steps(pack: Pack) -> Iterator[ShownText]:
    for path, step, money in find_steps(pack):
        yield ShownText((*path, "say"), step.say, "step", money)
        yield ShownText((*path, "hint"), step.hint, "hint of a step", money)
