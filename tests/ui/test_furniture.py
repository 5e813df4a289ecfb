"""The bars, leaving, a keyboard that does nothing, and paint that comes at once."""

from __future__ import annotations

import time

import pytest

from kiosk.ui.visit import Place, Visit

# F1, F12, Ctrl+Z, Ctrl+E, Alt+F4, Ctrl+Q, Alt+Esc: promise 41. Esc alone is Back (R15): see test_focus.
KEYS = [(282, []), (293, []), (122, ["ctrl"]), (101, ["ctrl"]), (285, ["alt"]), (113, ["ctrl"]), (27, ["alt"])]


def go(kiosk, *places: Place) -> None:
    kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("home"), *places))
    kiosk.settle()


def test_a_touch_anywhere_on_the_welcome_starts(kiosk):
    kiosk.tap(100, 1500)

    assert kiosk.app.navigation.screen == "home"


def test_home_opens_what_its_cards_say(kiosk):
    go(kiosk)
    kiosk.touch(kiosk.app.filled(kiosk.app.pack.home.cards[0].title))

    assert kiosk.app.navigation.screen == "question"


def test_back_takes_the_last_answer_back(kiosk):
    go(kiosk, Place("flow", "work"))
    question = kiosk.app.navigation.node
    kiosk.touch(kiosk.app.filled(question.answers[1].say))
    assert kiosk.app.navigation.node is not question
    kiosk.touch("Back")

    assert kiosk.app.navigation.node is question


def test_a_station_of_the_road_can_be_looked_at(kiosk):
    flow = kiosk.app.pack.flows["work"]
    go(kiosk, Place("stage", f"work/{next(iter(flow.stages))}"))
    road = kiosk.app.root.screen("stage").ids.road
    x, y = road._shape.stations()[3]
    kiosk.tap(road.x + x, road.y + road.height - y)

    assert kiosk.app.navigation.place == Place("stage", f"work/{list(flow.stages)[3]}")


@pytest.mark.parametrize("screen", ["call-name", "call-phone", "privacy"])
def test_leave_this_page_shows_the_neutral_screen_within_a_second(kiosk, screen):
    kiosk.app.navigation.ask_for_call()
    go(kiosk, Place(screen))
    kiosk.app.navigation.ask_for_call()
    kiosk.settle()
    begun = time.process_time()  # a busy machine does not count
    kiosk.touch("Leave this page")

    assert kiosk.app.navigation.visit == Visit(places=(Place("neutral"),))
    assert "Welcome to" in kiosk.words() and "Back" not in kiosk.words()
    assert time.process_time() - begun < 1


def test_screens_about_money_and_private_talks_can_be_left(kiosk):
    flow = kiosk.app.pack.flows["work"]
    private = [o.id for o in flow.outcomes.values() if o.money or o.private]
    assert "private-talk" in private and "money-first" in private
    for page in (p for p in kiosk.app.pack.pages.values() if p.money or p.private):
        go(kiosk, Place("page", page.id))
        assert "Leave this page" in kiosk.words(), page.id


def test_the_neutral_screen_says_nothing_of_what_was_there(kiosk):
    go(kiosk, Place("page", "private-talk"))
    kiosk.touch("Leave this page")

    assert kiosk.words() == [
        "Welcome to",
        kiosk.app.pack.centre.name,
        kiosk.app.filled(kiosk.app.pack.centre.reception),
    ]


@pytest.mark.parametrize(("key", "modifiers"), KEYS)
@pytest.mark.promise(41)
def test_a_keyboard_does_nothing(kiosk, key, modifiers):
    go(kiosk, Place("helpers"))
    before = kiosk.app.navigation.visit
    kiosk.window.dispatch("on_key_down", key, 0, "", modifiers)
    kiosk.window.dispatch("on_keyboard", key, 0, "", modifiers)
    kiosk.step(2)

    assert kiosk.app.navigation.visit == before
    assert not kiosk.loop.quit and kiosk.loop.status == "started"


@pytest.mark.promise(41)
def test_the_window_does_not_close_when_asked(kiosk):
    assert kiosk.window.dispatch("on_request_close")


@pytest.mark.promise(5)
def test_without_a_key_to_seal_for_no_call_is_offered(window, services):
    from tests.ui.driving import Kiosk

    services.identity = None
    kiosk = Kiosk(services)
    try:
        go(kiosk)
        assert "Ask for a call" not in [getattr(w, "title", "") for w in kiosk.window.children[0].walk()]
        assert not kiosk.app.root.can_call
        for flow in kiosk.app.pack.flows.values():
            for stage in flow.stages:
                go(kiosk, Place("stage", f"{flow.id}/{stage}"))
                cards = [w for w in kiosk.window.children[0].walk() if getattr(w, "tail", "") == "phone"]
                assert not cards
    finally:
        kiosk.stop()


def test_what_is_pressed_is_painted_by_the_next_frame(kiosk):
    go(kiosk, Place("helpers"))
    kiosk.touch("Back")
    card = next(w for w in kiosk.window.children[0].walk() if getattr(w, "title", ""))
    before = pixel(kiosk, card)
    kiosk.window.dispatch("on_mouse_down", card.center_x, kiosk.window.height - card.center_y, "left", [])
    kiosk.step(1)

    assert pixel(kiosk, card) != before
    kiosk.window.dispatch("on_mouse_up", 2, 2, "left", [])


def test_a_finger_that_slides_off_presses_nothing(kiosk):
    go(kiosk)
    before = kiosk.app.navigation.visit
    card = next(w for w in kiosk.window.children[0].walk() if getattr(w, "title", ""))
    kiosk.window.dispatch("on_mouse_down", card.center_x, kiosk.window.height - card.center_y, "left", [])
    kiosk.step(2)
    kiosk.window.dispatch("on_mouse_move", 10, kiosk.window.height - 10, [])
    kiosk.window.dispatch("on_mouse_up", 10, kiosk.window.height - 10, "left", [])
    kiosk.step(3)

    assert kiosk.app.navigation.visit == before


def test_a_doubled_touch_does_not_press_what_came_under_it(kiosk):
    go(kiosk)
    card = kiosk.find(kiosk.app.filled(kiosk.app.pack.home.cards[0].title))
    x, y = card.center_x, kiosk.window.height - card.center_y
    for _ in range(2):
        kiosk.window.dispatch("on_mouse_down", x, y, "left", [])
        kiosk.step(1)
        kiosk.window.dispatch("on_mouse_up", x, y, "left", [])
        kiosk.step(1)

    assert kiosk.app.navigation.place == Place("flow", "work")


def test_letters_grow_and_colours_strengthen_at_a_touch_and_stay_for_the_visit(kiosk):
    go(kiosk)
    tools = [w for w in kiosk.window.children[0].walk() if getattr(w, "icon", "") in ("a-large-small", "contrast")]
    for tool in tools:
        kiosk.tap_widget(tool)
    kiosk.touch("Back")

    assert kiosk.app.navigation.visit.text_size == 1 and kiosk.app.navigation.visit.contrast
    assert kiosk.app.theme.text_scale == 1.5 and kiosk.app.theme.contrast


def pixel(kiosk, widget) -> tuple[int, ...]:
    from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels

    x, y = (int(n) for n in widget.to_window(widget.x + widget.width * 0.93, widget.y + widget.height * 0.2))
    return tuple(glReadPixels(x, y, 1, 1, GL_RGBA, GL_UNSIGNED_BYTE))
