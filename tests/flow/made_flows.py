"""Flows for the tests: one that reads like the path to work, and any acyclic one."""

from __future__ import annotations

from hypothesis import strategies as st

from kiosk.flow.model import Answer, Flow, Outcome, Question, Stage, Step


def question(id: str, stage: str = "thinking", **answers: str) -> Question:
    """Return a question whose answers, by id, lead to the node named."""
    return Question(id, stage, f"{id}?", tuple(Answer(answer, answer, go) for answer, go in answers.items()))


def outcome(id: str, stage: str = "thinking") -> Outcome:
    return Outcome(id, stage, id, id, (Step("Ask for a call"),), ())


def flow_of(*nodes: Question | Outcome) -> Flow:
    """Return a flow that starts at the first question."""
    questions = {node.id: node for node in nodes if isinstance(node, Question)}
    return Flow(
        id="work",
        title="The path to work",
        start=next(iter(questions)),
        icon="footprints",
        stages={id: Stage(id, id, id, "sprout", id) for id in ("thinking", "looking", "working")},
        questions=questions,
        outcomes={node.id: node for node in nodes if isinstance(node, Outcome)},
    )


WORK = flow_of(
    question("today", not_yet="not-now", looking="cv", offer="first-costs"),
    question("cv", "looking", no="cv-first", yes="search"),
    question("search", "looking", nothing_fits="cv-first", not_started="ready-to-look"),
    question("first-costs", "working", yes="cv-first", no="in-work"),
    outcome("not-now"),
    outcome("cv-first", "looking"),
    outcome("ready-to-look", "looking"),
    outcome("in-work", "working"),
)


@st.composite
def acyclic_flows(draw: st.DrawFn) -> Flow:
    """Draw a flow of up to eight questions; each answer leads to a later question or to an outcome."""
    ids = [f"q{number}" for number in range(draw(st.integers(1, 8)))]
    outcomes = [outcome(f"o{number}", draw(st.sampled_from(["thinking", "working"]))) for number in range(3)]
    ends = [node.id for node in outcomes]
    questions = []
    for number, id in enumerate(ids):
        targets = draw(st.lists(st.sampled_from(ids[number + 1 :] + ends), min_size=2, max_size=4))
        questions.append(question(id, **{f"a{at}": go for at, go in enumerate(targets)}))
    return flow_of(*questions, *outcomes)


@st.composite
def flows_and_paths(draw: st.DrawFn) -> tuple[Flow, tuple[tuple[str, str], ...]]:
    """Draw a flow and the answers of a parent who goes some way along it."""
    flow = draw(acyclic_flows())
    answers: list[tuple[str, str]] = []
    place = flow.start
    while place in flow.questions and draw(st.integers(0, 9)):
        chosen = draw(st.sampled_from(flow.questions[place].answers))
        answers.append((place, chosen.id))
        place = chosen.go
    return flow, tuple(answers)
