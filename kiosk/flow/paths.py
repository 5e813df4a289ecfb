"""Every path through a flow, and what a change of one node touches. The flow must be without cycles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from graphlib import TopologicalSorter

from kiosk.flow.model import Flow
from kiosk.flow.walk import Answers


def find_paths(flow: Flow, start: str | None = None) -> Iterator[Answers]:
    """Yield the answers of every path from the first question (or `start`) to an outcome, in reading order.

    There may be very many: take what is needed, or count with `count_paths`.
    """
    ahead: list[tuple[str, Answers]] = [(start or flow.start, ())]
    while ahead:
        node_id, so_far = ahead.pop()
        if node_id in flow.outcomes:
            yield so_far
        else:
            answers = reversed(flow.questions[node_id].answers)
            ahead.extend((answer.go, (*so_far, (node_id, answer.id))) for answer in answers)


def find_paths_through(flow: Flow, node_id: str) -> Iterator[Answers]:
    """Yield the paths that ask this question or end at this outcome: what staff walk again after changing it."""
    return (path for path in find_paths(flow) if node_id in nodes_of(flow, path))


def nodes_of(flow: Flow, path: Answers) -> tuple[str, ...]:
    """Return the ids that a whole path goes through: its questions, then its outcome."""
    asked = [question_id for question_id, _ in path]
    return (*asked, _target(flow, *path[-1])) if path else (flow.start,)


def count_paths(flow: Flow) -> int:
    """Return how many paths `find_paths` would yield, without walking each."""
    return _fold(flow, at_outcome=1, join=sum)


def longest_path(flow: Flow) -> int:
    """Return the most questions that a parent can be asked before an outcome."""
    return _fold(flow, at_outcome=0, join=lambda ahead: 1 + max(ahead))


def find_reachable(flow: Flow, start: str) -> frozenset[str]:
    """Return the ids of all questions and outcomes that can be come to from `start`, itself among them."""
    seen: set[str] = set()
    ahead = [start]
    while ahead:
        node_id = ahead.pop()
        if node_id in seen:
            continue
        seen.add(node_id)
        if node_id in flow.questions:
            ahead.extend(answer.go for answer in flow.questions[node_id].answers)
    return frozenset(seen)


def _fold(flow: Flow, at_outcome: int, join: Callable[[list[int]], int]) -> int:
    onward = {question.id: [answer.go for answer in question.answers] for question in flow.questions.values()}
    value: dict[str, int] = {}
    for node_id in TopologicalSorter(onward).static_order():  # what lies ahead comes first
        value[node_id] = join([value[go] for go in onward[node_id]]) if node_id in onward else at_outcome
    return value[flow.start]


def _target(flow: Flow, question_id: str, answer_id: str) -> str:
    return next(answer.go for answer in flow.questions[question_id].answers if answer.id == answer_id)
