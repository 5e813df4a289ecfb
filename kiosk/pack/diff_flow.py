"""What a parent would notice in the flowcharts: led elsewhere, asked otherwise, told something else at the end."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.flow.model import Answer, Flow, Outcome, Question, Stage
from kiosk.pack.change import Change, Changes, Weight, both, reworded, said, step_changes
from kiosk.pack.model import Pack

Packs = tuple[Pack, Pack]


def flow_changes(old: Pack, new: Pack) -> Changes:
    """Yield what is different in the flows of two packs."""
    packs = old, new
    for gone in old.flows.keys() - new.flows.keys():
        yield Change(Weight.GONE, _flow(old.flows[gone], old), "It is gone.")
    for added in new.flows.keys() - old.flows.keys():
        yield Change(Weight.NEW, _flow(new.flows[added], new), "It is new.")
    for before, after in both(old.flows, new.flows):
        yield from _changes(before, after, packs)


def _changes(old: Flow, new: Flow, packs: Packs) -> Changes:
    screen = _flow(new, packs[1])
    if old.start != new.start and new.start in new.questions:
        says = f"It now begins with {said(new.questions[new.start].ask, packs[1])}."
        yield Change(Weight.LED_ELSEWHERE, screen, says)
    for says in reworded("Its title", old.title, new.title, packs):
        yield Change(Weight.WORDS, screen, says)
    yield from _nodes(old, new, packs)
    for before, after in both(old.questions, new.questions):
        yield from _question(before, after, old, new, packs)
    for was, now in both(old.outcomes, new.outcomes):
        yield from place_changes(f"The outcome {said(now.title, packs[1])}", was, now, packs)
    for stood, stands in both(old.stages, new.stages):
        yield from place_changes(f"The station {said(stands.title, packs[1])}", stood, stands, packs)
    if list(old.stages) != list(new.stages):
        says = f"The stations of the road are now: {', '.join(stage.label for stage in new.stages.values())}."
        yield Change(Weight.NEW, screen, says)


def _nodes(old: Flow, new: Flow, packs: Packs) -> Changes:
    for node_id, question in old.questions.items():
        if node_id not in new.questions:
            yield Change(Weight.GONE, f"The question {said(question.ask, packs[0])}", "It is not asked any more.")
    for node_id, question in new.questions.items():
        if node_id not in old.questions:
            answers = ", ".join(said(answer.say, packs[1]) for answer in question.answers)
            says = f"It is new. A parent can answer {answers}."
            yield Change(Weight.NEW, f"The question {said(question.ask, packs[1])}", says)
    for node_id, outcome in old.outcomes.items():
        if node_id not in new.outcomes:
            yield Change(Weight.GONE, f"The outcome {said(outcome.title, packs[0])}", "It is gone.")
    for node_id, outcome in new.outcomes.items():
        if node_id not in old.outcomes:
            yield Change(Weight.NEW, f"The outcome {said(outcome.title, packs[1])}", "It is new.")


def _question(old: Question, new: Question, before: Flow, after: Flow, packs: Packs) -> Changes:
    screen = f"The question {said(new.ask, packs[1])}"
    was, now = ({answer.id: answer for answer in question.answers} for question in (old, new))
    for answer_id, answer in now.items():
        if answer_id not in was:
            to = where_it_goes(answer, after, packs[1])
            yield Change(Weight.NEW, screen, f"The answer {said(answer.say, packs[1])} is new, and leads to {to}.")
    for answer_id, answer in was.items():
        if answer_id not in now:
            yield Change(Weight.GONE, screen, f"The answer {said(answer.say, packs[0])} is gone.")
    for one, other in both(was, now):
        if one.go != other.go:
            says = f"The answer {said(other.say, packs[1])} now leads to {where_it_goes(other, after, packs[1])}"
            yield Change(Weight.LED_ELSEWHERE, screen, f"{says} instead of {where_it_goes(one, before, packs[0])}.")
        yield from _words(screen, reworded("An answer", one.say, other.say, packs))
    yield from _words(screen, reworded("It", old.ask, new.ask, packs))
    yield from _words(screen, reworded("The hint", old.hint, new.hint, packs))
    if [each for each in was if each in now] != [each for each in now if each in was]:
        yield Change(Weight.WORDS, screen, "The answers stand in another order.")
    yield from _flags(screen, old, new)


def place_changes(screen: str, old: Stage | Outcome, new: Stage | Outcome, packs: Packs) -> Changes:
    """Yield what is different at a station of the road or at the end of a path."""
    yield from step_changes(screen, old.next, new.next, packs)
    yield from helper_changes(screen, old.helpers, new.helpers, packs)
    yield from _words(screen, reworded("Its title", old.title, new.title, packs))
    yield from _words(screen, reworded("Its text", old.say, new.say, packs))
    yield from _flags(screen, old, new)


def helper_changes(screen: str, old: tuple[str, ...], new: tuple[str, ...], packs: Packs) -> Changes:
    """Yield who is named as help, and is not any more, or was not before."""
    for helper in old:
        if helper not in new and helper in packs[0].helpers:
            yield Change(Weight.GONE, screen, f"{packs[0].helpers[helper].title} is not named as help any more.")
    for helper in new:
        if helper not in old and helper in packs[1].helpers:
            yield Change(Weight.NEW, screen, f"{packs[1].helpers[helper].title} is now named as help.")


def where_it_goes(answer: Answer, flow: Flow, pack: Pack) -> str:
    """Return the words of the question or outcome that an answer leads to."""
    if answer.go in flow.questions:
        return f"the question {said(flow.questions[answer.go].ask, pack)}"
    return said(flow.outcomes[answer.go].title, pack)


def _flags(screen: str, old: Question | Stage | Outcome, new: Question | Stage | Outcome) -> Changes:
    was, now = (node.money or node.private for node in (old, new))
    if was != now:
        says = 'It now has "Leave this page".' if now else 'It has no "Leave this page" any more.'
        yield Change(Weight.NEW if now else Weight.GONE, screen, says)
    if old.money != new.money:
        says = (
            'It now says "We do not give benefit advice".'
            if new.money
            else 'It does not say "We do not give benefit advice" any more.'
        )
        yield Change(Weight.WORDS, screen, says)


def _words(screen: str, sentences: Iterator[str]) -> Changes:
    return (Change(Weight.WORDS, screen, says) for says in sentences)


def _flow(flow: Flow, pack: Pack) -> str:
    return f"The path {said(flow.title, pack)}"
