"""A visit is made anew with each touch; leaving and finishing forget it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.ui.visit import Draft, Place, Visit

HOME = Visit().home()


def test_back_returns_to_the_place_before():
    assert HOME.at(Place("helpers")).back() == HOME


def test_back_at_the_welcome_stays_there():
    assert Visit().back() == Visit()


def test_instead_is_skipped_by_back():
    assert HOME.at(Place("stage", "work/money")).instead(Place("stage", "work/skills")).back() == HOME


def test_each_answer_is_one_step_back():
    first, second = (("today", "starting"),), (("today", "starting"), ("worries", "no"))
    walked = (
        HOME.at(Place("flow", "work"))
        .at(Place("flow", "work", answers=first))
        .at(Place("flow", "work", answers=second))
    )

    assert walked.back().place.answers == first
    assert walked.back().back().place.answers == ()


@pytest.mark.promise(6)
def test_what_was_typed_is_not_in_the_repr():
    """A traceback in a log must not hold a parent's name."""
    draft = replace(Draft(), name="Zebedee Canary", phone="07700900123")

    assert "Canary" not in repr(draft) and "07700900123" not in repr(Visit(draft=draft))


def test_answers_changed_before_sending_stay_one_request():
    draft = Draft()

    assert draft.with_answer(name="Amina").with_answer(name="Amira").id == draft.id


def test_answers_changed_after_a_try_are_another_request():
    """The first may have reached the disk although we were told it did not: its number must not pass for the new one."""
    tried = replace(Draft(name="Amina", phone="07911123456"), sent=True)

    assert tried.with_answer(phone="07911123457").id != tried.id
    assert tried.with_answer(phone="07911123456").id == tried.id
