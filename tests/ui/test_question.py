"""The question screen: its cards are used again, and the next words are drawn while the parent reads."""

from __future__ import annotations

from kiosk.ui.visit import Place, Visit


def ask(kiosk, *answers) -> None:
    kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("flow", "work", answers=answers)))
    kiosk.settle()


def test_the_cards_of_one_question_carry_the_answers_of_the_next(kiosk):
    ask(kiosk)
    screen = kiosk.app.root.screen("question")
    cards = list(screen.ids.pages.blocks)
    kiosk.touch("I am looking for work")

    assert screen.ids.pages.blocks == cards[:3]
    assert [card.title for card in cards[:3]] == ["Yes", "I do not need any", "No, not yet"]


def test_a_card_that_is_used_again_gives_the_answer_it_shows(kiosk):
    ask(kiosk)
    kiosk.touch("I am looking for work")
    kiosk.touch("No, not yet")

    assert kiosk.app.navigation.place.answers == (("today", "looking"), ("childcare", "not-yet"))


def test_the_words_of_the_next_question_are_drawn_before_it_is_asked(kiosk):
    from kiosk.ui import text

    ask(kiosk)
    kiosk.wait_until(lambda: not kiosk.app.root.screen("question")._ahead)
    drawn = {key[0] for key in text._paragraphs._held}

    assert {"Is anything worrying you first?", "I need a quiet talk", "Do you have childcare you can rely on?"} <= drawn


def test_nothing_is_drawn_ahead_for_a_parent_who_has_gone(kiosk):
    ask(kiosk)
    kiosk.app.navigation.finish()

    assert kiosk.app.root.screen("question")._ahead == []


def test_the_walker_goes_on_without_the_road_being_drawn_anew(kiosk):
    ask(kiosk)
    road = kiosk.app.root.screen("question").ids.road
    labels, discs = list(road._labels), list(road._discs)
    kiosk.touch("I am looking for work")
    kiosk.settle()

    assert road.here == 4 and road._labels == labels and road._discs == discs
    assert [label.bold for label in labels] == [False] * 4 + [True] + [False] * 2


def test_with_reduced_motion_the_walker_is_there_at_once(kiosk):
    ask(kiosk)
    kiosk.app.navigation.set(still=True)
    kiosk.touch("I am starting to think about it")
    kiosk.touch("No, I am ready to look ahead")

    assert kiosk.app.root.screen("question").ids.road.along == 1
