"""Where do these answers lead? A place is never stored: it is the answers folded over the flow, each time anew."""

from __future__ import annotations

from itertools import takewhile

from kiosk.errors import AnswersAstray
from kiosk.flow.model import Flow, Outcome, Question

Answers = tuple[tuple[str, str], ...]
"""Question id and answer id, in the order they were given."""

Place = Question | Outcome


def where(flow: Flow, answers: Answers, start: str | None = None) -> Place:
    """Follow the answers from the first question and return where they lead.

    `start` is the question to begin at instead of the flow's own (`flow/work@cv`). Raises AnswersAstray for an answer
    that was not on offer at the place it was given.
    """
    return _places(flow, answers, start)[-1]


def trail(flow: Flow, answers: Answers, start: str | None = None) -> tuple[Question, ...]:
    """Return the questions that were answered, in order. Raises AnswersAstray as `where` does."""
    return tuple(place for place in _places(flow, answers, start)[:-1] if isinstance(place, Question))


def back(answers: Answers) -> Answers:
    """Take back the last answer. At the first question there is nothing to take back."""
    return answers[:-1]


def change(flow: Flow, answers: Answers, question_id: str, answer_id: str) -> Answers:
    """Answer an earlier question anew. What followed it is dropped, for it may no longer be asked.

    Raises AnswersAstray when the question was not answered before, or has no such answer.
    """
    if question_id not in dict(answers):
        raise AnswersAstray(f'"{question_id}" is not among the questions answered in the flow "{flow.id}".')
    _follow(flow, find_place(flow, question_id), question_id, answer_id)
    before = takewhile(lambda answered: answered[0] != question_id, answers)
    return (*before, (question_id, answer_id))


def find_place(flow: Flow, node_id: str) -> Place:
    """Return the question or outcome of this id. Raises AnswersAstray when the flow has neither."""
    place = flow.questions.get(node_id) or flow.outcomes.get(node_id)
    if place is None:
        raise AnswersAstray(f'The flow "{flow.id}" has no question or outcome "{node_id}".')
    return place


def stage_index(flow: Flow, place: Place) -> int:
    """Return which station of the road the place stands at, from 0."""
    return list(flow.stages).index(place.stage)


def stages_passed(flow: Flow, place: Place) -> tuple[str, ...]:
    """Return the ids of the stations that lie behind the place on the road, asked about or not."""
    return tuple(flow.stages)[: stage_index(flow, place)]


def _places(flow: Flow, answers: Answers, start: str | None) -> list[Place]:
    places = [find_place(flow, start or flow.start)]
    for question_id, answer_id in answers:
        places.append(_follow(flow, places[-1], question_id, answer_id))
    return places


def _follow(flow: Flow, place: Place, question_id: str, answer_id: str) -> Place:
    if not isinstance(place, Question) or place.id != question_id:
        raise AnswersAstray(
            f'"{question_id}" was answered in the flow "{flow.id}", but the path stands at "{place.id}".'
        )
    for answer in place.answers:
        if answer.id == answer_id:
            return find_place(flow, answer.go)
    raise AnswersAstray(f'The question "{question_id}" of the flow "{flow.id}" has no answer "{answer_id}".')
