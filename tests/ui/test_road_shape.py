"""The road's geometry, in pixels."""

from __future__ import annotations

from itertools import pairwise
from math import dist

import pytest

from kiosk.ui.widgets.road_shape import CALM, Shape, draw_land

WAVE = Shape(1080, 400, 7, top=96, foot=68)
CLIMB = Shape(690, 806, 7, top=96, foot=24, swing=0.16)


@pytest.mark.parametrize("shape", [WAVE, CLIMB], ids=["wave", "climb"])
def test_the_way_passes_through_every_station(shape):
    for index, station in enumerate(shape.stations()):
        assert dist(shape.point_at(index), station) < 0.01


@pytest.mark.parametrize("shape", [WAVE, CLIMB], ids=["wave", "climb"])
def test_the_way_has_no_gap(shape):
    assert max(dist(a, b) for a, b in pairwise(shape.way())) < 40


@pytest.mark.parametrize("shape", [WAVE, CLIMB], ids=["wave", "climb"])
def test_stations_do_not_touch_each_other_or_the_edge(shape):
    radius = shape.station_radius
    assert all(
        radius <= x <= shape.width - radius and radius <= y <= shape.height - radius for x, y in shape.stations()
    )
    assert all(dist(a, b) > 2 * radius for a, b in pairwise(shape.stations()))


def test_a_wide_road_goes_in_reading_direction():
    assert [x for x, _ in WAVE.stations()] == sorted(x for x, _ in WAVE.stations())


def test_a_mirrored_road_goes_from_right_to_left():
    mirrored = Shape(1080, 400, 7, mirrored=True, top=96, foot=68)

    assert [x for x, _ in mirrored.stations()] == [1080 - x for x, _ in WAVE.stations()]


def test_a_tall_road_climbs_from_the_foot_to_the_top():
    heights = [y for _, y in CLIMB.stations()]

    assert heights == sorted(heights, reverse=True)


def test_beyond_the_last_station_is_the_last_station():
    assert WAVE.point_at(99) == WAVE.stations()[-1] and WAVE.point_at(-1) == WAVE.stations()[0]


@pytest.mark.parametrize("count", [2, 3, 12])
def test_a_road_of_any_number_of_stations_can_be_drawn(count):
    assert draw_land(Shape(800, 300, count), CALM).startswith("<svg")
