from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import AnswersAstray
from kiosk.flow.model import Flow, Outcome, Question
from kiosk.flow.walk import Answers, back, change, stage_index, stages_passed, trail, where
from tests.flow.made_flows import WORK, flows_and_paths

LOOKING: Answers = (("today", "looking"), ("cv", "yes"), ("search", "not_started"))


def test_before_any_answer_a_parent_stands_at_the_first_question():
    assert where(WORK, ()).id == "today"


def test_the_answers_lead_to_the_outcome():
    assert where(WORK, LOOKING) == WORK.outcomes["ready-to-look"]


def test_the_walk_can_begin_at_another_question():
    assert where(WORK, (), start="cv") == WORK.questions["cv"]
    assert where(WORK, (("cv", "no"),), start="cv") == WORK.outcomes["cv-first"]


def test_the_trail_is_the_questions_answered_in_order():
    assert [question.id for question in trail(WORK, LOOKING)] == ["today", "cv", "search"]
    assert [question.id for question in trail(WORK, (("cv", "no"),), start="cv")] == ["cv"]
    assert trail(WORK, ()) == ()


def test_back_at_the_first_question_stays_there():
    assert back(()) == ()


def test_a_changed_answer_drops_what_followed():
    assert change(WORK, LOOKING, "cv", "no") == (("today", "looking"), ("cv", "no"))


def test_an_answer_can_be_changed_where_the_walk_began_elsewhere():
    assert change(WORK, (("cv", "yes"), ("search", "nothing_fits")), "cv", "no") == (("cv", "no"),)


@pytest.mark.parametrize(
    ("answers", "start"),
    [
        ((("cv", "yes"),), None),
        ((("today", "maybe"),), None),
        ((("today", "not_yet"), ("cv", "yes")), None),
        ((("today", "looking"), ("today", "looking")), None),
        ((), "nowhere"),
    ],
    ids=["not asked yet", "not on offer", "after the end", "twice", "from nowhere"],
)
def test_answers_that_do_not_belong_are_refused(answers: Answers, start: str | None):
    with pytest.raises(AnswersAstray):
        where(WORK, answers, start)


@pytest.mark.parametrize(("question", "answer"), [("first-costs", "yes"), ("cv", "maybe")])
def test_only_a_question_that_was_answered_can_be_changed_to_an_answer_it_has(question: str, answer: str):
    with pytest.raises(AnswersAstray):
        change(WORK, LOOKING, question, answer)


def test_the_stations_behind_an_outcome_are_passed():
    in_work = WORK.outcomes["in-work"]

    assert stage_index(WORK, in_work) == 2
    assert stages_passed(WORK, in_work) == ("thinking", "looking")


def test_at_the_first_station_none_is_passed():
    assert stages_passed(WORK, WORK.questions["today"]) == ()


@given(flows_and_paths())
def test_back_undoes_the_last_answer(walked: tuple[Flow, Answers]):
    flow, answers = walked
    for answer in flow.questions.get(where(flow, answers).id, Question("", "", "", ())).answers:
        assert back((*answers, (where(flow, answers).id, answer.id))) == answers


@given(flows_and_paths(), st.data())
def test_a_change_keeps_what_came_before_and_nothing_after(walked: tuple[Flow, Answers], data: st.DataObject):
    flow, answers = walked
    if not answers:
        return
    at = data.draw(st.integers(0, len(answers) - 1))
    new = data.draw(st.sampled_from(flow.questions[answers[at][0]].answers))

    changed = change(flow, answers, answers[at][0], new.id)

    assert changed == (*answers[:at], (answers[at][0], new.id))
    assert where(flow, changed).id == new.go


@given(flows_and_paths())
def test_the_trail_asks_what_was_answered(walked: tuple[Flow, Answers]):
    flow, answers = walked

    assert [question.id for question in trail(flow, answers)] == [question for question, _ in answers]
    assert isinstance(where(flow, answers), Question | Outcome)
