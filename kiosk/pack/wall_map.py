"""A flow on one sheet for staff: each question with its answers, and a line from every answer to where it leads.

Rows, bands and tracks are those of kiosk.flow.chart. The questions stand in one lane and the outcomes in another; a line
leaves beside its answer, runs in a track of its own target, and ends at the target's first words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate

from kiosk.flow.chart import Chart, Line, Way, draw_chart
from kiosk.flow.model import Answer, Flow, Outcome, Question
from kiosk.pack.model import Pack
from kiosk.pack.rules_text import as_shown

Point = tuple[float, float]
Measure = Callable[[str], float]
"""How wide words are, in heights of their letters (em)."""

# Drawing units; a letter's height is LETTER. The whole is scaled to its paper afterwards.
LETTER = 13.0
LINE = 17.0
PAD = 10.0
GAP = 18.0  # between two rows
TRACK = 13.0  # between two lines
STATIONS = 128.0
TITLE = 64.0
EDGE = 16.0
BOLD = 1.09  # as much wider than plain letters
BLANK = 0.27  # em
OTHER_FONTS = 1.1  # a drawing is looked at on machines that do not have ours

PAPERS = ((297.0, 420.0), (420.0, 297.0))
"""A3 in millimetres, upright and lying."""


def rough_width(words: str) -> float:
    """Return about how wide words are, where nothing can measure them: rather too wide than too narrow."""
    return 0.58 * len(words)


@dataclass(frozen=True)
class Card:
    """What stands in one node: the lines of its first words, then those of each answer, or of who helps."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def height(self) -> float:
        return 2 * PAD + LINE * len(self.head) + sum(6 + LINE * len(row) for row in self.rows)

    def row_middle(self, number: int) -> float:
        """Return how far below the card's top the middle of a row is."""
        before = sum(6 + LINE * len(row) for row in self.rows[:number])
        return PAD + LINE * len(self.head) + before + 6 + LINE * len(self.rows[number]) / 2


class WallMap:
    """A flow laid out with cards `width` wide. Lengths are drawing units, y grows downwards."""

    def __init__(self, flow: Flow, pack: Pack, width: float, measure: Measure = rough_width) -> None:
        self.flow, self.pack, self.width = flow, pack, width
        self.chart: Chart = draw_chart(flow)
        self._measure = measure
        # The innermost track beside the questions is for the next one below.
        self.beside = (self.chart.tracks[Way.BESIDE] + 2) * TRACK
        self.between = (self.chart.tracks[Way.BETWEEN] + 2) * TRACK

    @cached_property
    def cards(self) -> dict[str, Card]:
        questions = {node.id: self._question(node) for node in self.flow.questions.values()}
        return questions | {node.id: self._outcome(node) for node in self.flow.outcomes.values()}

    @property
    def questions_at(self) -> float:
        return EDGE + STATIONS + self.beside

    @property
    def outcomes_at(self) -> float:
        return self.questions_at + self.width + self.between

    @cached_property
    def row_tops(self) -> list[float]:
        """Where each row begins, and where the last one ends."""
        heights = [LINE * 3] * self.chart.row_count
        for node_id, row in self.chart.rows.items():
            heights[row] = max(heights[row], self.cards[node_id].height)
        return list(accumulate((height + GAP for height in heights), initial=TITLE + GAP / 2))

    @property
    def size(self) -> Point:
        return self.outcomes_at + self.width + EDGE, self.row_tops[-1] + EDGE

    def top_left(self, node_id: str) -> Point:
        """Return where a card begins."""
        x = self.outcomes_at if node_id in self.flow.outcomes else self.questions_at
        return x, self.row_tops[self.chart.rows[node_id]] + GAP / 2

    def way(self, question: Question, number: int) -> list[Point]:
        """Return the corners of the line from an answer to where it leads."""
        answer = question.answers[number]
        left, top = self.top_left(question.id)
        start = top + self.cards[question.id].row_middle(number)
        to_x, to_top = self.top_left(answer.go)
        end = to_top + PAD + LINE / 2
        line = self.line(question, answer)
        if line.way is Way.BETWEEN:
            track = self.outcomes_at - (line.track + 1.5) * TRACK
            return [(left + self.width, start), (track, start), (track, end), (to_x, end)]
        track = left - (1 if line.way is Way.AHEAD else line.track + 2) * TRACK
        return [(left, start), (track, start), (track, end), (to_x, end)]

    def line(self, question: Question, answer: Answer) -> Line:
        """Return the chart's line for an answer. Answers that lead to one place share it."""
        return next(each for each in self.chart.lines if (each.source, each.target) == (question.id, answer.go))

    def lines_of(self, words: str, room: float, bold: bool = False) -> tuple[str, ...]:
        """Return the words as lines that are no wider than `room`; a longer word has a line of its own."""
        lines: list[str] = []
        for word in as_shown(words, self.pack.facts).split():
            if lines and self._width(f"{lines[-1]} {word}") * (BOLD if bold else 1) <= room:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        return tuple(lines)

    def _width(self, line: str) -> float:
        """Word by word, for each is measured once however often the map is tried."""
        words = line.split()
        return (sum(map(self._measure, words)) + BLANK * (len(words) - 1)) * LETTER * OTHER_FONTS

    def _question(self, question: Question) -> Card:
        room = self.width - 2 * PAD
        answers = (self.lines_of(answer.say, room - 8) for answer in question.answers)
        return Card(self.lines_of(question.ask, room, bold=True), tuple(answers))

    def _outcome(self, outcome: Outcome) -> Card:
        room = self.width - 2 * PAD
        names = ", ".join(self.pack.helpers[each].title for each in outcome.helpers if each in self.pack.helpers)
        return Card(self.lines_of(outcome.title, room, bold=True), (self.lines_of(names, room),) if names else ())


def fitted(flow: Flow, pack: Pack, measure: Measure = rough_width) -> tuple[WallMap, Point]:
    """Return the map with the cards and the A3 paper, upright or lying, on which its letters are largest."""
    measure = cache(measure)
    tried = [WallMap(flow, pack, float(width), measure) for width in range(160, 440, 20)]
    return max(((drawn, paper) for drawn in tried for paper in PAPERS), key=lambda pair: letter_size(*pair))


def letter_size(drawn: WallMap, paper: Point) -> float:
    """Return how high letters are on the paper, in points."""
    scale = min(paper[0] / drawn.size[0], paper[1] / drawn.size[1])
    return LETTER * scale / 25.4 * 72


def answers_of(flow: Flow) -> Iterator[tuple[Question, int, Answer]]:
    """Yield each question with each of its answers and that one's number."""
    for question in flow.questions.values():
        for number, answer in enumerate(question.answers):
            yield question, number, answer
