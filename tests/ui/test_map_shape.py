"""The map's geometry in pixels: no line runs through a node, whichever the flow, the window and the language."""

from __future__ import annotations

from itertools import combinations, pairwise
from pathlib import Path

import pytest

from kiosk.flow.chart import draw_chart, route_of
from kiosk.pack.read import read_pack
from kiosk.ui.widgets.map_picture import CALM, cut_out, draw_map
from kiosk.ui.widgets.map_shape import Box, MapShape, room_for_words

FLOWS = read_pack(Path(__file__).resolve().parents[2] / "content" / "oxfordshire").flows
KINDS = [(flow, tall, mirrored) for flow in FLOWS for tall in (True, False) for mirrored in (False, True)]


@pytest.fixture(params=KINDS, ids=lambda kind: "-".join([kind[0], *("tall",) * kind[1], *("mirrored",) * kind[2]]))
def shape(request) -> MapShape:
    flow_id, tall, mirrored = request.param
    chart = draw_chart(FLOWS[flow_id])
    # Nodes of all heights, as words in different languages need them.
    needs = {node_id: 60.0 + 37 * (k % 5) for k, node_id in enumerate(chart.rows)}
    return MapShape(chart, needs, room_for_words(chart, 1080, 1.0), 1.0, tall, mirrored)


def crosses(box: Box, start, end) -> bool:
    """Whether an upright or level stretch goes through the inside of a box."""
    low_x, high_x = sorted((start[0], end[0]))
    low_y, high_y = sorted((start[1], end[1]))
    return (
        high_x > box.x + 1 and low_x < box.x + box.width - 1 and high_y > box.y + 1 and low_y < box.y + box.height - 1
    )


def test_no_line_runs_through_a_node(shape):
    boxes = [shape.box(node_id) for node_id in shape.chart.rows]
    for line in shape.chart.lines:
        for start, end in pairwise(shape.way(line)):
            assert not any(crosses(box, start, end) for box in boxes), line


def test_every_stretch_of_a_line_is_upright_or_level(shape):
    for line in shape.chart.lines:
        for (xa, ya), (xb, yb) in pairwise(shape.way(line)):
            assert abs(xa - xb) < 0.01 or abs(ya - yb) < 0.01


def test_a_line_begins_at_its_question_and_ends_at_its_target(shape):
    for line in shape.chart.lines:
        way = shape.way(line)
        for node_id, (x, y) in ((line.source, way[0]), (line.target, way[-1])):
            box = shape.box(node_id)
            assert Box(box.x - 1, box.y - 1, box.width + 2, box.height + 2).holds(x, y)
            assert not Box(box.x + 1, box.y + 1, box.width - 2, box.height - 2).holds(x, y)


def test_nodes_do_not_touch_each_other_or_leave_the_map(shape):
    boxes = [shape.box(node_id) for node_id in shape.chart.rows]
    width, height = shape.size
    assert all(b.x >= 0 and b.y >= 0 and b.x + b.width <= width and b.y + b.height <= height for b in boxes)
    for a, b in combinations(boxes, 2):
        apart = a.x + a.width < b.x or b.x + b.width < a.x or a.y + a.height < b.y or b.y + b.height < a.y
        assert apart


def test_stations_stand_in_their_bands_and_beside_the_nodes(shape):
    for stage_id in shape.chart.bands:
        x, y = shape.station(stage_id)
        assert shape.band(stage_id).holds(x, y)
        assert not any(shape.box(node_id).holds(x, y) for node_id in shape.chart.rows)


def test_a_tall_map_fills_the_width_that_it_was_given():
    chart = draw_chart(FLOWS["work"])
    shape = MapShape(chart, dict.fromkeys(chart.rows, 100.0), room_for_words(chart, 1080, 1.0), 1.0, tall=True)

    assert round(shape.size[0]) == 1080


def test_from_right_to_left_the_map_is_its_own_mirror():
    chart = draw_chart(FLOWS["work"])
    plain, mirrored = (MapShape(chart, dict.fromkeys(chart.rows, 90.0), 300, 1.0, False, m) for m in (False, True))

    for node_id in chart.rows:
        left, right = plain.box(node_id), mirrored.box(node_id)
        assert (left.x + right.x + left.width, left.y) == (pytest.approx(plain.size[0]), right.y)


def test_the_lit_way_is_drawn_over_all_others():
    flow, chart = FLOWS["work"], draw_chart(FLOWS["work"])
    shape = MapShape(chart, dict.fromkeys(chart.rows, 90.0), 300, 1.0, tall=True)
    drawing = draw_map(shape, flow.outcomes, route_of(flow, (("today", "offer"),)), CALM)

    assert drawing.count(CALM.lit) == 2  # the one line taken, and the edge of where it led
    assert drawing.rindex(f'stroke="{CALM.line}"') < drawing.index(CALM.lit)
    assert cut_out(drawing, 0, 512, 512, 100).startswith("<svg")
