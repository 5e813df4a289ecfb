"""The map's geometry, without a window: where each node stands and how each line bends. Pixels; y grows downwards, as in SVG.

Along is the way that the stations follow each other, across is from the stations over the questions to the outcomes. A tall
map runs down, a wide one in reading direction.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from kiosk.flow.chart import PORT, Chart, Line, Way

Point = tuple[float, float]
# Design pixels
GAP = 34  # between two nodes of a lane
TRACK = 22  # between two tracks
EDGE = 24  # around the whole map
STATIONS = {True: 150, False: 122}  # across the lane of the stations, of a tall and of a wide map
LEAST = 132  # along a row: a station and its word
REACH = 66  # from a station's middle, as far as a finger counts


@dataclass(frozen=True)
class Box:
    """A rectangle, by its top left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    def holds(self, x: float, y: float) -> bool:
        return self.x <= x <= self.x + self.width and self.y <= y <= self.y + self.height


@dataclass(frozen=True)
class Lanes:
    """How far across each lane begins and ends."""

    stations: tuple[float, float]
    questions: tuple[float, float]
    outcomes: tuple[float, float]
    whole: float


def room_for_words(chart: Chart, width: float, unit: float) -> float:
    """Return how wide each node of a tall map is where the map is `width` pixels across."""
    tracks = sum(chart.tracks.values()) + 1.8
    return (width - (2 * EDGE + STATIONS[True] + tracks * TRACK) * unit) / 2


class MapShape:
    """A chart in pixels: every node is `box_width` wide and as high as `needs` says, by its id.

    `tall` runs down; `mirrored` is for languages from right to left. What is touched is at least `finger` pixels large and
    `apart` from the next.
    """

    def __init__(
        self,
        chart: Chart,
        needs: dict[str, float],
        box_width: float,
        unit: float,
        tall: bool,
        mirrored: bool = False,
        finger: float = 0,
        apart: float = 0,
    ) -> None:
        self.chart, self.unit, self.tall, self.mirrored = chart, unit, tall, mirrored
        self.gap = max(GAP * unit, apart)
        self.reach = max(REACH * unit, finger / 2)
        self._needs = needs
        self._width = box_width

    @cached_property
    def lanes(self) -> Lanes:
        """Return the lanes, one beside the other, with room for the tracks between them."""
        unit, tracks = self.unit, self.chart.tracks
        stations = (EDGE * unit, (EDGE + STATIONS[self.tall]) * unit)
        questions_at = stations[1] + (tracks[Way.BESIDE] + 0.8) * TRACK * unit
        questions = (questions_at, questions_at + self._thickness(outcomes=False))
        outcomes_at = questions[1] + (tracks[Way.BETWEEN] + 1) * TRACK * unit
        outcomes = (outcomes_at, outcomes_at + self._thickness(outcomes=True))
        return Lanes(stations, questions, outcomes, outcomes[1] + EDGE * unit)

    def _thickness(self, outcomes: bool) -> float:
        """How far across the nodes of a lane reach: on a wide map as far as the highest of them needs."""
        needs = (need for node_id, need in self._needs.items() if self._is_outcome(node_id) is outcomes)
        return self._width if self.tall else max(needs, default=0.0)

    @cached_property
    def _row_ends(self) -> list[float]:
        """Where each row ends along the map; the first begins at the edge."""
        if self.tall:
            heights = [max(LEAST * self.unit, 2 * self.reach)] * self.chart.row_count
            for node_id, row in self.chart.rows.items():
                heights[row] = max(heights[row], self._needs[node_id])
            lengths = [height + self.gap for height in heights]
        else:
            lengths = [self._width + self.gap] * self.chart.row_count
        return list(accumulate(lengths))

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the whole map."""
        along = self._row_ends[-1]
        return (self.lanes.whole, along) if self.tall else (along, self.lanes.whole)

    def box(self, node_id: str) -> Box:
        """Return the rectangle of a question or an outcome."""
        lane = self.lanes.outcomes if self._is_outcome(node_id) else self.lanes.questions
        row = self.chart.rows[node_id]
        half = (self._needs[node_id] if self.tall else self._width) / 2
        middle = self._middle(row)
        return self._box(middle - half, lane[0], middle + half, lane[1])

    def band(self, stage_id: str) -> Box:
        """Return the strip of the map that belongs to a stage."""
        band = self.chart.bands[stage_id]
        start = self._row_ends[band.start - 1] if band.start else 0.0
        return self._box(start, 0.0, self._row_ends[band.stop - 1], self.lanes.whole)

    def station(self, stage_id: str) -> Point:
        """Return the middle of a station's disc, in the middle of its band's first row."""
        low, high = self.lanes.stations
        return self._point(self._middle(self.chart.bands[stage_id].start), low + (high - low) * 0.42)

    def way(self, line: Line) -> list[Point]:
        """Return the corners of a line, from the question's edge to the target's."""
        leaves, enters = self._port(line.source, PORT), self._port(line.target, -PORT)
        questions, outcomes = self.lanes.questions, self.lanes.outcomes
        if line.way is Way.AHEAD:
            across = sum(questions) / 2
            return [
                self._point(self._edge(line.source, 1), across),
                self._point(self._edge(line.target, -1), across),
            ]
        step = TRACK * self.unit
        if line.way is Way.BESIDE:
            ends, track = (questions[0], questions[0]), questions[0] - (line.track + 0.8) * step
        else:
            ends, track = (questions[1], outcomes[0]), outcomes[0] - (line.track + 1) * step
        return [
            self._point(leaves, ends[0]),
            self._point(leaves, track),
            self._point(enters, track),
            self._point(enters, ends[1]),
        ]

    def _port(self, node_id: str, offset: float) -> float:
        """Where along the map a line leaves or enters a node's side."""
        length = self._needs[node_id] if self.tall else self._width
        return self._middle(self.chart.rows[node_id]) + offset * min(length, 150 * self.unit)

    def _edge(self, node_id: str, side: int) -> float:
        length = self._needs[node_id] if self.tall else self._width
        return self._middle(self.chart.rows[node_id]) + side * length / 2

    def _middle(self, row: int) -> float:
        start = self._row_ends[row - 1] if row else 0.0
        return (start + self._row_ends[row]) / 2

    def _is_outcome(self, node_id: str) -> bool:
        return node_id not in self._question_ids

    @cached_property
    def _question_ids(self) -> frozenset[str]:
        return frozenset(line.source for line in self.chart.lines)

    def _point(self, along: float, across: float) -> Point:
        x, y = (across, along) if self.tall else (along, across)
        return (self.size[0] - x if self.mirrored else x), y

    def _box(self, start: float, low: float, end: float, high: float) -> Box:
        (xa, ya), (xb, yb) = self._point(start, low), self._point(end, high)
        return Box(min(xa, xb), min(ya, yb), abs(xb - xa), abs(yb - ya))
