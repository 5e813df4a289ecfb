"""What a station of the road leads to, for a parent who begins there instead of at the first question. Pure."""

from __future__ import annotations

from kiosk.flow.model import Flow, OpensKind


def first_question_at(flow: Flow, stage_id: str) -> str:
    """Return the id of the first question asked at this station, in reading order; empty where none is."""
    return next((question.id for question in flow.questions.values() if question.stage == stage_id), "")


def topic_at(flow: Flow, stage_id: str) -> str:
    """Return what a call asked for at this station is about: its own steps say so, else its first outcome with a topic."""
    calls = (step.opens for step in flow.stages[stage_id].next if step.opens)
    own = (opens.target for opens in calls if opens.kind is OpensKind.CALLBACK and opens.target)
    outcomes = (outcome.topic for outcome in flow.outcomes.values() if outcome.stage == stage_id and outcome.topic)
    return next(own, "") or next(outcomes, "")
