"""Both flowcharts are those of the domain's tables: a changed question, answer, target, place or helper fails here."""

from __future__ import annotations

import pytest

from kiosk.flow.model import Flow, OpensKind
from kiosk.flow.paths import find_reachable
from tests.content.packs import NAMES, pack

Edges = dict[str, dict[str, str]]

WORK: Edges = {
    "today": {
        "not-yet": "not-now",
        "starting": "worries",
        "looking": "childcare",
        "offer": "first-costs",
        "in-work": "in-work",
    },
    "worries": {
        "money": "money-first",
        "talk": "private-talk",
        "confidence": "confidence",
        "nothing": "better-off",
    },
    "better-off": {"no-idea": "checking-pay", "not-sure": "checking-pay", "sure": "kind-of-work"},
    "kind-of-work": {"no-idea": "direction", "not-sure": "direction", "sure": "skills"},
    "skills": {"need-to-learn": "learn-first", "not-sure": "confidence", "have-them": "childcare"},
    "childcare": {"have-it": "cv", "not-needed": "cv", "not-yet": "childcare-hard"},
    "childcare-hard": {"cost": "paying-for-childcare", "no-place": "finding-childcare", "not-sure": "confidence"},
    "cv": {"not-ready": "writing-cv", "ready": "search"},
    "search": {"not-started": "ready-to-look", "hours": "hours-that-fit", "no-answer": "no-luck-yet"},
    "first-costs": {"costs": "paying-for-childcare", "payments": "checking-pay", "no-help": "in-work"},
}

TRAINING: Edges = {
    "today": {"curious": "want", "have-course": "universal-credit", "hard": "keeping-going", "finished": "use-it"},
    "want": {
        "work": "which-course",
        "english-maths": "english-maths",
        "speak-english": "learn-english",
        "try": "first-try",
    },
    "which-course": {"no-idea": "choose-course", "not-sure": "choose-course", "sure": "gcse"},
    "gcse": {"not-yet": "english-maths", "not-sure": "choose-course", "have-them": "universal-credit"},
    "universal-credit": {"gets-it": "asked-coach", "does-not": "age", "not-sure": "age"},
    "asked-coach": {"not-yet": "ask-first", "asked": "age"},
    "age": {"under": "care-to-learn", "over": "kind-of-course"},
    "kind-of-course": {"short": "short-course", "college": "need-childcare", "higher": "higher"},
    "need-childcare": {"needed": "when-start", "not-needed": "paying-for-course"},
    "when-start": {"later": "fund-early", "sooner": "fund-low"},
}

WORK_HELPERS = {
    "not-now": ("support-worker",),
    "money-first": ("citizens-advice", "council", "support-worker"),
    "private-talk": ("support-worker",),
    "confidence": ("support-worker", "careers", "gingerbread"),
    "checking-pay": ("work-coach", "citizens-advice", "gingerbread"),
    "direction": ("careers", "support-worker"),
    "learn-first": ("college", "careers"),
    "paying-for-childcare": ("work-coach", "family-information"),
    "finding-childcare": ("family-information", "support-worker"),
    "writing-cv": ("support-worker", "careers"),
    "ready-to-look": ("support-worker", "work-coach"),
    "hours-that-fit": ("working-families", "work-coach", "support-worker"),
    "in-work": ("work-coach", "working-families", "gingerbread"),
    "no-luck-yet": ("work-coach", "support-worker", "careers"),
}

TRAINING_HELPERS = {
    "first-try": ("support-worker", "college"),
    "english-maths": ("college", "support-worker"),
    "learn-english": ("college", "support-worker"),
    "choose-course": ("careers",),
    "ask-first": ("work-coach", "citizens-advice"),
    "care-to-learn": ("college",),
    "fund-early": ("college", "support-worker"),
    "short-course": ("work-coach", "college"),
    "higher": ("student-finance", "careers"),
    "fund-low": ("college", "family-information", "support-worker"),
    "paying-for-course": ("college", "careers"),
    "keeping-going": ("college", "support-worker"),
    "use-it": ("support-worker", "work-coach"),
}

FORBIDDEN = ("abuse", "debt", "benefit", "violen", "universal credit")
"""No title or print-out may hold these words (R11); questions may ask about Universal Credit, titles may not name it."""


def edges(flow: Flow) -> Edges:
    return {question.id: {answer.id: answer.go for answer in question.answers} for question in flow.questions.values()}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("flow", "expected"), [("work", WORK), ("training", TRAINING)])
def test_every_answer_leads_where_the_table_says(name: str, flow: str, expected: Edges) -> None:
    assert edges(pack(name).flows[flow]) == expected


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("flow", "expected"), [("work", WORK_HELPERS), ("training", TRAINING_HELPERS)])
def test_every_outcome_names_who_helps(name: str, flow: str, expected: dict[str, tuple[str, ...]]) -> None:
    outcomes = pack(name).flows[flow].outcomes.values()

    assert {outcome.id: outcome.helpers for outcome in outcomes} == expected


def test_no_outcome_is_out_of_reach() -> None:
    for flow in pack("england").flows.values():
        assert find_reachable(flow, flow.start) == flow.questions.keys() | flow.outcomes.keys()


def test_ready_to_learn_opens_the_training_chart_and_a_finished_course_the_cv_question() -> None:
    flows = pack("england").flows
    learn = flows["work"].outcomes["learn-first"].next[0].opens
    use = flows["training"].outcomes["use-it"].next[0].opens

    assert learn and (learn.kind, learn.target, learn.at) == (OpensKind.FLOW, "training", "")
    assert use and (use.kind, use.target, use.at) == (OpensKind.FLOW, "work", "cv")


def test_the_road_to_work_has_the_seven_stations_of_the_leaflet() -> None:
    labels = [stage.label for stage in pack("england").flows["work"].stages.values()]

    assert labels == ["Thinking", "Money", "Direction", "Skills", "Childcare", "Applying", "Working"]


def test_no_question_leads_back_along_the_road() -> None:
    for flow in pack("england").flows.values():
        order = list(flow.stages)
        for question in flow.questions.values():
            onward = [flow.questions[answer.go] for answer in question.answers if answer.go in flow.questions]
            assert all(order.index(each.stage) >= order.index(question.stage) for each in onward), question.id


def test_every_outcome_has_a_topic_and_mostly_steps_that_open_something() -> None:
    for flow in pack("england").flows.values():
        for outcome in flow.outcomes.values():
            opening = [step for step in outcome.next if step.opens]
            assert outcome.topic, outcome.id
            assert len(opening) * 2 > len(outcome.next), outcome.id


def test_questions_and_places_about_money_or_a_private_talk_can_be_left_at_once() -> None:
    flow = pack("england").flows["work"]

    assert flow.questions["worries"].private
    assert flow.questions["worries"].money
    assert flow.outcomes["private-talk"].private
    assert pack("england").pages["private-talk"].private
    for id in ("money-first", "checking-pay", "paying-for-childcare"):
        assert flow.outcomes[id].money, id


def test_the_training_chart_says_that_study_alone_brings_neither_childcare_money_nor_the_thirty_hours() -> None:
    outcomes = pack("england").flows["training"].outcomes
    for id in ("ask-first", "fund-early", "short-course", "higher"):
        assert "If you only study, you get no childcare money from Universal Credit." in outcomes[id].say
        assert "You do not get the {fact:working-hours-free} free hours either." in outcomes[id].say
    assert "need **paid work**. Study alone does not count." in outcomes["fund-low"].say


@pytest.mark.parametrize("name", NAMES)
def test_no_title_names_abuse_debt_or_benefits(name: str) -> None:
    read = pack(name)
    titles = [page.title for page in read.pages.values()]
    titles += [helper.title for helper in read.helpers.values()]
    titles += [topic.say for topic in read.callback.topics.values()]
    titles += [card.title for card in read.home.cards]
    for flow in read.flows.values():
        titles += [flow.title, *(stage.title for stage in flow.stages.values())]
        titles += [outcome.title for outcome in flow.outcomes.values()]
    for checklist in read.checklists.values():
        titles += [checklist.title, *(part.title for part in checklist.parts)]

    assert not [title for title in titles for word in FORBIDDEN if word in title.lower()]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_that_is_printed_names_abuse_debt_or_benefits(name: str) -> None:
    printed = [
        words
        for flow in pack(name).flows.values()
        for place in (*flow.stages.values(), *flow.outcomes.values())
        for words in (place.say, *(f"{step.say} {step.hint}" for step in place.next))
    ]

    assert not [words for words in printed for word in FORBIDDEN[:4] if word in words.lower()]
