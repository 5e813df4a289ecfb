"""The whole flowchart as a map: the row of every node, and the way of every line between them. Pure, and without pixels.

The stations follow each other in rows, the questions stand in one lane and the outcomes in another. A line runs straight
from a question to the next one below it, beside the questions to one further off, and between the two lanes to an outcome.
So none can run through a node, whatever the flow.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from graphlib import TopologicalSorter
from itertools import pairwise

from kiosk.flow.model import Flow, Outcome
from kiosk.flow.walk import Answers, find_place, where

PORT = 0.2  # rows: a line comes in this much before a row's middle and leaves as much behind it, so that none lies on another


class Way(StrEnum):
    """Straight ahead, beside the questions (between them and the stations), or between the questions and the outcomes."""

    AHEAD = "ahead"
    BESIDE = "beside"
    BETWEEN = "between"


@dataclass(frozen=True)
class Line:
    """From a question to where one or more of its answers lead. Lines to one target share its `track`, 0 next to the lane they serve."""

    source: str
    target: str
    way: Way
    track: int = 0


@dataclass(frozen=True)
class Chart:
    """`rows` holds the row of each question and outcome, `bands` the rows of each stage, `tracks` how many each way needs."""

    rows: dict[str, int]
    bands: dict[str, range]
    lines: tuple[Line, ...]
    tracks: dict[Way, int]

    @property
    def row_count(self) -> int:
        return max(band.stop for band in self.bands.values())


def draw_chart(flow: Flow) -> Chart:
    """Lay the flow out. The same flow always gives the same chart."""
    questions, bands = _question_rows(flow)
    rows = questions | _outcome_rows(flow, questions, bands)
    lines = _lines(flow, questions)
    packed = {way: _pack(lines, rows, way) for way in (Way.BESIDE, Way.BETWEEN)}
    return Chart(
        rows,
        bands,
        tuple(Line(source, target, way, packed.get(way, {}).get(target, 0)) for source, target, way in lines),
        {way: max(tracks.values(), default=-1) + 1 for way, tracks in packed.items()},
    )


@dataclass(frozen=True)
class Route:
    """A parent's own way: the answer given at each question, by id, the lines taken, and the place come to."""

    answers: dict[str, str]
    lines: frozenset[tuple[str, str]]
    here: str


def route_of(flow: Flow, answers: Answers, start: str | None = None) -> Route:
    """Return what the map lights for these answers. Raises AnswersAstray as `where` does."""
    here = where(flow, answers, start).id
    nodes = [*(question_id for question_id, _ in answers), here]
    return Route(dict(answers), frozenset(pairwise(nodes)), here)


def _question_rows(flow: Flow) -> tuple[dict[str, int], dict[str, range]]:
    """A band per stage, as many rows as the longer of its two lanes; one where it has neither question nor outcome."""
    rows: dict[str, int] = {}
    bands: dict[str, range] = {}
    order = _reading_order(flow)
    first = 0
    for stage in flow.stages:
        here = [question_id for question_id in order if flow.questions[question_id].stage == stage]
        ends = sum(outcome.stage == stage for outcome in flow.outcomes.values())
        rows |= {question_id: first + k for k, question_id in enumerate(here)}
        bands[stage] = range(first, first + max(1, len(here), ends))
        first = bands[stage].stop
    return rows, bands


def _reading_order(flow: Flow) -> list[str]:
    """Return the questions so that each stands before those it leads to, in the file's order where that leaves a choice."""
    before: dict[str, set[str]] = {question_id: set() for question_id in flow.questions}
    for question in flow.questions.values():
        for answer in question.answers:
            if answer.go in before:
                before[answer.go].add(question.id)
    sorter = TopologicalSorter(before)
    sorter.prepare()
    place = {question_id: k for k, question_id in enumerate(flow.questions)}
    order, ready = [], list(sorter.get_ready())
    while ready:
        ready.sort(key=place.__getitem__)
        order.append(ready.pop(0))
        sorter.done(order[-1])
        ready += sorter.get_ready()
    return order


def _outcome_rows(flow: Flow, questions: dict[str, int], bands: dict[str, range]) -> dict[str, int]:
    """In each band the outcomes stand in the order of the questions that lead to them: fewer lines cross."""
    sources: dict[str, list[int]] = {outcome_id: [] for outcome_id in flow.outcomes}
    for question in flow.questions.values():
        for answer in question.answers:
            if answer.go in sources:
                sources[answer.go].append(questions[question.id])
    rows: dict[str, int] = {}
    for stage, band in bands.items():
        here = [outcome_id for outcome_id, outcome in flow.outcomes.items() if outcome.stage == stage]
        here.sort(key=lambda outcome_id: sum(sources[outcome_id]) / max(1, len(sources[outcome_id])))
        rows |= dict(zip(here, band, strict=False))
    return rows


def _lines(flow: Flow, questions: dict[str, int]) -> list[tuple[str, str, Way]]:
    below = dict(pairwise(sorted(questions, key=questions.__getitem__)))
    lines = {}
    for question in flow.questions.values():
        for answer in question.answers:
            ends = isinstance(find_place(flow, answer.go), Outcome)
            ahead = below.get(question.id) == answer.go
            lines[question.id, answer.go] = Way.BETWEEN if ends else Way.AHEAD if ahead else Way.BESIDE
    return [(source, target, way) for (source, target), way in lines.items()]


def _pack(lines: list[tuple[str, str, Way]], rows: dict[str, int], way: Way) -> dict[str, int]:
    """Give each target a track of its own as far as it reaches: the shortest next to the lane that it serves."""
    spans: dict[str, tuple[float, float]] = {}
    for source, target, taken in lines:
        if taken is way:
            ends = (rows[source] + PORT, rows[target] - PORT)
            low, high = spans.get(target, ends)
            spans[target] = (min(low, high, *ends), max(low, high, *ends))
    tracks: dict[str, int] = {}
    for target, (low, high) in sorted(spans.items(), key=lambda span: (span[1][1] - span[1][0], span[1])):
        taken_by = {track for other, track in tracks.items() if spans[other][0] <= high and low <= spans[other][1]}
        tracks[target] = next(track for track in range(len(spans)) if track not in taken_by)
    return tracks
