"""Switches: two of them, or one and the clock; groups first, then what is in them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.ui.scan import AT_GROUP, Scan, begin, patience
from kiosk.ui.visit import Draft, Place, Visit
from tests.ui.test_focus import ENTER, ESC, SPACE, press

SIZES = [4, 5, 1]  # top bar, answers, one button


def go(kiosk, *places: Place, **visit) -> None:
    kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("home"), *places), **visit)
    kiosk.settle()


def offered(kiosk):
    """Return what is in the ring."""
    scanner = kiosk.app.keys.scanner
    group = scanner._groups()[scanner.scan.group]
    return [group[at].owner for at in scanner.scan.offered(scanner._sizes())]


def test_groups_are_offered_round_and_round():
    scan = begin(SIZES, 1)
    assert scan == Scan(1, AT_GROUP)
    assert scan.step(SIZES).step(SIZES) == Scan(0, AT_GROUP)


def test_a_chosen_group_offers_its_items_and_then_itself_as_the_way_out():
    scan, pressed = Scan(1).choose(SIZES)
    assert (scan, pressed) == (Scan(1, 0), False)
    for _ in range(SIZES[1]):
        scan = scan.step(SIZES)
    assert scan == Scan(1, AT_GROUP)


def test_a_group_of_one_is_pressed_at_once():
    assert Scan(2).choose(SIZES) == (Scan(2), True)


def test_a_single_group_is_not_chosen_first():
    assert begin([2]) == Scan(0, 0)
    assert begin([2]).step([2]).step([2]) == Scan(0, 0)


def test_a_scan_by_itself_gives_up_after_three_rounds():
    assert patience(SIZES) == 15


def test_two_switches_answer_a_question(kiosk):
    go(kiosk, Place("flow", "work"), scan="two")
    question = kiosk.app.navigation.node
    press(kiosk, SPACE)
    assert [card.answer_id for card in offered(kiosk)] == [answer.id for answer in question.answers]

    press(kiosk, ENTER, SPACE, ENTER)
    assert kiosk.app.navigation.place.answers == ((question.id, question.answers[1].id),)
    assert offered(kiosk)[0].answer_id == kiosk.app.navigation.node.answers[0].id


def test_two_switches_type_a_number_row_by_row(kiosk):
    go(kiosk, Place("call-phone"), draft=Draft(name="Ada"), scan="two")
    press(kiosk, SPACE)
    assert [key.gives for key in offered(kiosk)] == ["1", "2", "3"]

    press(kiosk, SPACE, ENTER, SPACE, ENTER)
    assert kiosk.app.navigation.visit.draft.phone == "5"


def test_a_switch_types_nothing_of_its_own(kiosk):
    go(kiosk, Place("call-name"), draft=Draft(name="Ada"), scan="two")
    press(kiosk, SPACE)
    kiosk.window.dispatch("on_textinput", " ")

    assert kiosk.app.navigation.visit.draft.name == "Ada"


def test_one_switch_starts_the_scan_and_chooses(kiosk):
    go(kiosk, Place("flow", "work"), scan="one")
    scanner = kiosk.app.keys.scanner
    assert scanner.scan is None
    press(kiosk, ENTER, ENTER)
    first = offered(kiosk)
    scanner._go_on(0)
    assert len(first) == 1 and offered(kiosk) != first

    answer = offered(kiosk)[0].answer_id
    press(kiosk, ENTER)
    assert kiosk.app.navigation.place.answers[0][1] == answer
    scanner.rest()


def test_a_scan_that_nobody_follows_ends_and_the_visit_may_run_out(kiosk):
    go(kiosk, scan="one")
    press(kiosk, SPACE)
    scanner = kiosk.app.keys.scanner
    for _ in range(scanner._left + 1):
        scanner._go_on(0)

    assert scanner.scan is None and scanner._timer is None and kiosk.app.keys.focus.ring.box is None


def test_the_warning_is_answered_with_one_press_of_each_switch(kiosk):
    go(kiosk, scan="two")
    kiosk.app.idle.seconds_left, kiosk.app.idle.warning = 20, True
    kiosk.settle()
    press(kiosk, SPACE, ENTER)

    assert not kiosk.app.idle.warning and kiosk.app.navigation.screen == "home"


def test_esc_is_still_back(kiosk):
    go(kiosk, Place("helpers"), scan="two")
    press(kiosk, ESC)

    assert kiosk.app.navigation.screen == "home"


def test_switches_chosen_on_the_page_are_gone_with_the_visit(kiosk):
    go(kiosk, Place("access"))
    kiosk.touch("Choose with switches")
    assert kiosk.app.scanning == "two"

    kiosk.app.navigation.finish()
    assert kiosk.app.scanning == "off"


@pytest.fixture
def switched(window, services):
    from tests.ui.driving import Kiosk

    services.settings = replace(services.settings, scan="two", scan_keys="f1 f2")
    driven = Kiosk(services)
    driven.resize(1080, 1920)
    yield driven
    driven.stop()


def test_a_kiosk_set_up_for_switches_begins_each_visit_with_them(switched):
    f1, f2 = 282, 283
    press(switched, SPACE, ENTER)
    assert switched.app.navigation.screen == "welcome" and switched.app.keys.scanner.scan is None

    press(switched, f1, f2)
    assert switched.app.navigation.screen == "home" or switched.app.keys.scanner.scan.item != AT_GROUP
    switched.app.navigation.finish()
    assert switched.app.scanning == "two"
