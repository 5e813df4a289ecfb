from __future__ import annotations

from hypothesis import given

from kiosk.flow.model import Flow, Outcome
from kiosk.flow.paths import count_paths, find_paths, find_paths_through, find_reachable, longest_path, nodes_of
from kiosk.flow.walk import where
from tests.flow.made_flows import WORK, acyclic_flows, flow_of, outcome, question


def test_every_path_of_a_small_flow_in_reading_order():
    assert [nodes_of(WORK, path) for path in find_paths(WORK)] == [
        ("today", "not-now"),
        ("today", "cv", "cv-first"),
        ("today", "cv", "search", "cv-first"),
        ("today", "cv", "search", "ready-to-look"),
        ("today", "first-costs", "cv-first"),
        ("today", "first-costs", "in-work"),
    ]


def test_the_paths_from_a_later_question_are_fewer():
    assert list(find_paths(WORK, start="search")) == [(("search", "nothing_fits"),), (("search", "not_started"),)]


def test_changing_a_question_touches_the_paths_that_ask_it():
    assert [nodes_of(WORK, path)[-1] for path in find_paths_through(WORK, "cv")] == [
        "cv-first",
        "cv-first",
        "ready-to-look",
    ]


def test_changing_an_outcome_touches_the_paths_that_end_there():
    assert len(list(find_paths_through(WORK, "cv-first"))) == 3


def test_what_nothing_leads_to_is_not_reached():
    flow = flow_of(question("a", x="end", y="end"), question("lost", x="end", y="end"), outcome("end"))

    assert find_reachable(flow, "a") == {"a", "end"}


def test_a_flow_of_a_thousand_questions_is_counted_without_walking_its_paths():
    steps = [question(f"q{n}", x=f"q{n + 1}", y=f"q{n + 1}") for n in range(999)]
    flow = flow_of(*steps, question("q999", x="end", y="end"), outcome("end"))

    assert count_paths(flow) == 2**1000
    assert longest_path(flow) == 1000


@given(acyclic_flows())
def test_every_path_ends_in_an_outcome_and_every_reachable_answer_is_on_one(flow: Flow):
    paths = list(find_paths(flow))

    assert all(isinstance(where(flow, path), Outcome) for path in paths)
    assert len(set(paths)) == len(paths) == count_paths(flow)
    assert max(len(path) for path in paths) == longest_path(flow)
    reached = find_reachable(flow, flow.start) & flow.questions.keys()
    on_offer = {(id, answer.id) for id in reached for answer in flow.questions[id].answers}
    assert {answered for path in paths for answered in path} == on_offer


@given(acyclic_flows())
def test_the_paths_through_a_node_are_those_that_hold_it(flow: Flow):
    for id in (*flow.questions, *flow.outcomes):
        touched = set(find_paths_through(flow, id))

        assert touched == {path for path in find_paths(flow) if id in nodes_of(flow, path)}
        assert bool(touched) == (id in find_reachable(flow, flow.start))
