"""The whole flowchart as a map: rows, lines and tracks, without a pixel."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given

from kiosk.errors import AnswersAstray
from kiosk.flow.chart import PORT, Chart, Line, Way, draw_chart, route_of
from kiosk.flow.model import Flow
from kiosk.flow.stations import first_question_at, topic_at
from kiosk.flow.walk import Answers
from tests.flow.made_flows import WORK, acyclic_flows, flow_of, flows_and_paths, outcome, question


def test_the_rows_of_a_small_flow():
    chart = draw_chart(WORK)

    assert chart.bands == {"thinking": range(0, 1), "looking": range(1, 3), "working": range(3, 4)}
    assert chart.rows == {
        "today": 0, "cv": 1, "search": 2, "first-costs": 3,
        "not-now": 0, "cv-first": 1, "ready-to-look": 2, "in-work": 3,
    }  # fmt: skip


def test_the_next_question_is_straight_ahead_and_a_later_one_beside():
    ways = {(line.source, line.target): line.way for line in draw_chart(WORK).lines}

    assert ways["today", "cv"] is Way.AHEAD
    assert ways["today", "first-costs"] is Way.BESIDE
    assert ways["cv", "cv-first"] is Way.BETWEEN


def test_answers_to_one_place_are_one_line():
    flow = flow_of(question("a", yes="end", unsure="end"), outcome("end"))

    assert draw_chart(flow).lines == (Line("a", "end", Way.BETWEEN),)


def test_a_station_with_neither_question_nor_outcome_has_a_row():
    flow = flow_of(question("a", yes="end", no="end"), outcome("end"))

    assert draw_chart(flow).bands["working"] == range(2, 3)


def test_the_way_of_the_answers_is_lit():
    route = route_of(WORK, (("today", "looking"), ("cv", "yes")))

    assert route.here == "search"
    assert route.lines == {("today", "cv"), ("cv", "search")}
    assert route.answers == {"today": "looking", "cv": "yes"}


def test_before_any_answer_nothing_is_lit_but_the_first_question():
    assert route_of(WORK, ()).lines == frozenset() and route_of(WORK, ()).here == "today"


def test_answers_that_do_not_belong_light_nothing():
    with pytest.raises(AnswersAstray):
        route_of(WORK, (("cv", "yes"),))


def test_the_questions_of_a_station_begin_with_its_first():
    assert first_question_at(WORK, "looking") == "cv"
    assert first_question_at(flow_of(question("a", x="end", y="end"), outcome("end")), "working") == ""


def test_a_station_without_a_topic_asks_for_a_call_about_nothing():
    assert topic_at(WORK, "looking") == ""


@given(acyclic_flows())
def test_no_two_nodes_share_a_place(flow: Flow):
    rows = draw_chart(flow).rows

    assert set(rows) == {*flow.questions, *flow.outcomes}
    for lane in (flow.questions, flow.outcomes):
        assert len({rows[node_id] for node_id in lane}) == len(lane)


@given(acyclic_flows())
def test_every_node_stands_in_its_station(flow: Flow):
    chart = draw_chart(flow)
    for node in (*flow.questions.values(), *flow.outcomes.values()):
        assert chart.rows[node.id] in chart.bands[node.stage]


@given(acyclic_flows())
def test_every_answer_has_a_line(flow: Flow):
    lines = {(line.source, line.target) for line in draw_chart(flow).lines}

    assert lines == {(question.id, answer.go) for question in flow.questions.values() for answer in question.answers}


@given(acyclic_flows())
def test_between_a_question_and_the_one_straight_ahead_stands_no_other(flow: Flow):
    chart = draw_chart(flow)
    taken = {chart.rows[question_id] for question_id in flow.questions}
    for line in chart.lines:
        if line.way is Way.AHEAD:
            first, last = chart.rows[line.source], chart.rows[line.target]
            assert first < last and not taken & set(range(first + 1, last))


@given(acyclic_flows())
def test_lines_to_different_places_never_lie_on_each_other(flow: Flow):
    chart = draw_chart(flow)
    for way in (Way.BESIDE, Way.BETWEEN):
        lines = [line for line in chart.lines if line.way is way]
        assert all(line.track < chart.tracks[way] for line in lines)
        for one, other in combinations(lines, 2):
            if one.target != other.target and one.track == other.track:
                (low, high), (from_, to) = _span(chart, one), _span(chart, other)
                assert high < from_ or to < low


def _span(chart: Chart, line: Line) -> tuple[float, float]:
    ends = chart.rows[line.source] + PORT, chart.rows[line.target] - PORT
    return min(ends), max(ends)


@given(flows_and_paths())
def test_the_lit_way_is_part_of_the_chart(walked: tuple[Flow, Answers]):
    flow, answers = walked

    assert route_of(flow, answers).lines <= {(line.source, line.target) for line in draw_chart(flow).lines}
