"""Where a touch leads, walked on the Oxfordshire pack without a window."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.flow.model import Opens, OpensKind
from kiosk.flow.paths import find_paths
from kiosk.ui.visit import Draft, Place, Visit


@pytest.fixture
def navigation(services):
    from kiosk.ui.navigation import Navigation

    return Navigation(services.pack)


def test_a_flow_opens_at_its_first_question(navigation):
    navigation.open(Opens(OpensKind.FLOW, "work"))

    assert navigation.screen == "question"
    assert navigation.node.id == navigation.pack.flows["work"].start


def test_a_flow_can_open_at_a_later_question(navigation):
    navigation.open(Opens(OpensKind.FLOW, "work", at="cv"))

    assert navigation.node.id == "cv"


@pytest.mark.parametrize("flow_id", ["work", "training"])
def test_every_path_walked_by_touches_ends_at_an_outcome(navigation, flow_id):
    flow = navigation.pack.flows[flow_id]
    seen = set()
    for path in find_paths(flow):
        navigation.finish()
        navigation.open(Opens(OpensKind.FLOW, flow_id))
        for question_id, answer_id in path:
            assert navigation.screen == "question"
            navigation.answer(question_id, answer_id)
        assert navigation.screen == "outcome"
        seen.add(navigation.node.id)
    assert seen == set(flow.outcomes)


def test_a_call_carries_the_topic_of_where_it_was_asked_for(navigation):
    topic = next(iter(navigation.pack.callback.topics))
    navigation.ask_for_call(topic)

    assert navigation.visit.draft.topic == topic and navigation.screen == "call-name"


def test_a_topic_that_the_pack_does_not_have_is_not_made_up(navigation):
    navigation.ask_for_call("no-such-topic")

    assert navigation.visit.draft.topic == ""


def test_a_draft_that_was_begun_is_kept(navigation):
    navigation.ask_for_call()
    begun = replace(navigation.visit.draft, name="Amina")
    navigation.set(draft=begun)
    navigation.ask_for_call()

    assert navigation.visit.draft.name == "Amina" and navigation.visit.draft.id == begun.id


def test_a_part_changed_from_the_review_goes_back_to_the_review(navigation):
    navigation.visit = Visit(places=(Place("welcome"), Place("call-review"), Place("call-phone")), draft=Draft())
    navigation.next_call_step(replace(navigation.visit.draft, phone="+447700900123"))

    assert navigation.screen == "call-review"


def test_after_sending_back_cannot_reach_the_form(navigation):
    navigation.ask_for_call()
    navigation.sent()
    navigation.back()

    assert navigation.screen == "home" and navigation.visit.draft is None


@pytest.mark.parametrize("verb", ["finish", "leave", "home"])
def test_leaving_forgets_the_draft(navigation, verb):
    navigation.ask_for_call()
    getattr(navigation, verb)()

    assert navigation.visit.draft is None


def test_leaving_shows_the_neutral_screen_and_nothing_behind_it(navigation):
    navigation.ask_for_call()
    navigation.leave()

    assert navigation.visit == Visit(places=(Place("neutral"),))
