"""The map as a drawing: bands, road, lines and the grounds of the nodes, without a word. Pixels; y grows downwards, as in SVG."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from kiosk.flow.chart import Line, Route
from kiosk.ui.widgets.map_shape import MapShape, Point


@dataclass(frozen=True)
class Paint:
    """`bands` by turns; `line` is a way not taken, `lit` and `rim` the parent's own. A node is (ground, edge, words)."""

    bands: tuple[str, str]
    road: tuple[str, str, str]
    line: str
    lit: str
    rim: str
    question: tuple[str, str, str]
    outcome: tuple[str, str, str]
    passed: tuple[str, str, str]
    here: tuple[str, str, str]


CALM = Paint(
    bands=("#F3EFE2", "#DCE8DD"),
    road=("#FFFFFF", "#D8E4E5", "#0A4F5C"),
    line="#8FA9AC",
    lit="#F4B23C",
    rim="#0A4F5C",
    question=("#FFFFFF", "#B9CBCD", "#17252F"),
    outcome=("#FFFAF2", "#CFC5A8", "#17252F"),
    passed=("#265C32", "#265C32", "#FFFFFF"),
    here=("#0A4F5C", "#F4B23C", "#FFFFFF"),
)
HIGH_CONTRAST = Paint(
    bands=("#000000", "#000000"),
    road=("#FFFFFF", "#000000", "#FFE14D"),
    line="#9A9A9A",
    lit="#FFE14D",
    rim="#000000",
    question=("#000000", "#FFFFFF", "#FFFFFF"),
    outcome=("#000000", "#FFFFFF", "#FFFFFF"),
    passed=("#FFFFFF", "#FFFFFF", "#000000"),
    here=("#FFE14D", "#FFE14D", "#000000"),
)


def node_paint(paint: Paint, node_id: str, outcome: bool, route: Route) -> tuple[str, str, str]:
    """Return ground, edge and words of a node: where one is, has been, or may yet come."""
    if node_id == route.here:
        return paint.here
    if node_id in route.answers:
        return paint.passed
    return paint.outcome if outcome else paint.question


def draw_map(shape: MapShape, outcomes: Iterable[str], route: Route, paint: Paint) -> str:
    """Return what is inside the map's <svg>. `outcomes` are the ids of the nodes at which a path ends."""
    lines = sorted(shape.chart.lines, key=lambda line: (line.source, line.target) in route.lines)
    ends = set(outcomes)
    return "".join(
        [
            *(_band(shape, stage, paint.bands[k % 2]) for k, stage in enumerate(shape.chart.bands)),
            _road(shape, paint),
            *(_line(shape, line, (line.source, line.target) in route.lines, paint) for line in lines),
            *(
                _node(shape, node_id, node_id in ends, node_paint(paint, node_id, node_id in ends, route))
                for node_id in shape.chart.rows
            ),
        ]
    )


def cut_out(drawing: str, x: float, y: float, width: int, height: int) -> str:
    """Return the SVG of a part of the drawing: a whole one may be larger than a texture can be."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="{x:.0f} {y:.0f} {width} {height}">{drawing}</svg>'
    )


def _band(shape: MapShape, stage_id: str, colour: str) -> str:
    box = shape.band(stage_id)
    return (
        f'<rect x="{box.x:.0f}" y="{box.y:.0f}" width="{math.ceil(box.width)}" height="{math.ceil(box.height)}" '
        f'fill="{colour}"/>'
    )


def _road(shape: MapShape, paint: Paint) -> str:
    stations = [shape.station(stage) for stage in shape.chart.bands]
    way = f"M{_at(stations[0])}" + "".join(
        _bend(a, b, shape, 1 if k % 2 else -1) for k, (a, b) in enumerate(pairwise(stations))
    )
    rim, ground, dashes = paint.road
    unit = shape.unit
    return (
        _stroke(way, rim, 54 * unit)
        + _stroke(way, ground, 42 * unit)
        + _stroke(way, dashes, 3.5 * unit, f'stroke-dasharray="{15 * unit:.1f} {14 * unit:.1f}"')
    )


def _bend(start: Point, end: Point, shape: MapShape, side: int) -> str:
    """A stretch of road that swings a little to one side between two stations."""
    (xa, ya), (xb, yb) = start, end
    swing = side * 34 * shape.unit
    dx, dy = (swing, 0.0) if shape.tall else (0.0, swing)
    ax, ay = xa + (xb - xa) * 0.35 + dx, ya + (yb - ya) * 0.35 + dy
    bx, by = xa + (xb - xa) * 0.65 + dx, ya + (yb - ya) * 0.65 + dy
    return f" C{_at((ax, ay))} {_at((bx, by))} {_at(end)}"


def _line(shape: MapShape, line: Line, lit: bool, paint: Paint) -> str:
    corners, unit = shape.way(line), shape.unit
    way = _rounded(corners, 16 * unit)
    if lit:
        return _stroke(way, paint.rim, 15 * unit) + _stroke(way, paint.lit, 9 * unit)
    return _stroke(way, paint.line, 3 * unit) + _arrow(corners, paint.line, 9 * unit)


def _rounded(corners: list[Point], radius: float) -> str:
    """Return the path through the corners, each turned in a curve of at most `radius`."""
    way = f"M{_at(corners[0])}"
    for before, corner, after in zip(corners, corners[1:], corners[2:], strict=False):
        reach = min(radius, math.dist(before, corner) / 2, math.dist(corner, after) / 2)
        way += f" L{_at(_towards(corner, before, reach))} Q{_at(corner)} {_at(_towards(corner, after, reach))}"
    return way + f" L{_at(corners[-1])}"


def _towards(start: Point, end: Point, reach: float) -> Point:
    share = reach / (math.dist(start, end) or 1.0)
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _arrow(corners: list[Point], colour: str, size: float) -> str:
    """Return the head of a line, its point at the target's edge."""
    tip, behind = corners[-1], _towards(corners[-1], corners[-2], size * 1.5)
    dx, dy = (tip[1] - behind[1]) / 1.5 * 0.8, (behind[0] - tip[0]) / 1.5 * 0.8
    left, right = (behind[0] + dx, behind[1] + dy), (behind[0] - dx, behind[1] - dy)
    return f'<path d="M{_at(tip)} L{_at(left)} L{_at(right)}Z" fill="{colour}"/>'


def _node(shape: MapShape, node_id: str, outcome: bool, look: tuple[str, str, str]) -> str:
    box, unit = shape.box(node_id), shape.unit
    ground, edge, _words = look
    stroke = 3 * unit if edge != look[0] else 0
    radius = min(box.height / 2, 46 * unit) if outcome else 20 * unit
    return (
        f'<rect x="{box.x + stroke / 2:.1f}" y="{box.y + stroke / 2:.1f}" width="{box.width - stroke:.1f}" '
        f'height="{box.height - stroke:.1f}" rx="{radius:.1f}" fill="{ground}" stroke="{edge}" stroke-width="{stroke:.1f}"/>'
    )


def _stroke(way: str, colour: str, width: float, more: str = "") -> str:
    return (
        f'<path d="{way}" fill="none" stroke="{colour}" stroke-width="{width:.1f}" stroke-linecap="round" '
        f'stroke-linejoin="round" {more}/>'
    )


def _at(point: Point) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"
