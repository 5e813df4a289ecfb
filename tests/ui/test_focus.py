"""A real keyboard: the ring, what Tab, arrows, Enter and Esc do, and typing without a trace."""

from __future__ import annotations

import pytest

from kiosk.ui.spots import Spot, beside
from kiosk.ui.visit import Draft, Place, Visit

TAB, ENTER, ESC, SPACE, BACKSPACE = 9, 13, 27, 32, 8
UP, DOWN, RIGHT, LEFT = 273, 274, 275, 276


def press(kiosk, *keys: int, modifiers=()) -> None:
    """Press and let go of keys, one after another, as SDL reports them."""
    for key in keys:
        kiosk.app.attention._acted_at = float("-inf")
        kiosk.window.dispatch("on_key_down", key, 0, "", list(modifiers))
        kiosk.window.dispatch("on_keyboard", key, 0, "", list(modifiers))
        kiosk.step()
        kiosk.window.dispatch("on_key_up", key, 0)
        kiosk.step(2)


def type_in(kiosk, words: str) -> None:
    for character in words:
        kiosk.window.dispatch("on_keyboard", ord(character.lower()), 0, character, [])
        kiosk.window.dispatch("on_textinput", character)
        kiosk.window.dispatch("on_key_up", ord(character.lower()), 0)
    kiosk.step(2)


def go(kiosk, *places: Place, **visit) -> None:
    kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("home"), *places), **visit)
    kiosk.settle()


def focused(kiosk):
    """Return the widget in the ring, None where there is no ring."""
    spot = kiosk.app.keys.focus.spot
    ring = kiosk.app.keys.focus.ring
    assert (ring.box is None) == (spot is None)
    return spot.owner if spot else None


def spot(part: str, x: float, y: float, width: float = 10, height: float = 10) -> Spot:
    return Spot("screen", part, (x, y, width, height), lambda: None)


def test_an_arrow_goes_to_what_lies_in_line_not_to_what_is_a_little_nearer():
    here, in_line, nearer = spot("here", 0, 0), spot("in line", 0, -60), spot("nearer", 40, -40)

    assert beside([here, nearer, in_line], here, 0, -1) is in_line
    assert beside([here, nearer, in_line], here, 1, 0) is nearer


def test_an_arrow_at_the_edge_stays():
    here = spot("here", 0, 0)

    assert beside([here, spot("left", -20, 0)], here, 1, 0) is here


def test_no_ring_is_there_until_a_key_is_used_and_a_touch_takes_it_away(kiosk):
    go(kiosk)
    assert focused(kiosk) is None

    press(kiosk, TAB)
    assert focused(kiosk).title == kiosk.app.filled(kiosk.app.pack.home.cards[0].title)

    kiosk.window.dispatch("on_mouse_down", 3, 900, "left", [])
    kiosk.step(2)
    assert focused(kiosk) is None
    kiosk.window.dispatch("on_mouse_up", 3, 900, "left", [])


def test_tab_goes_through_everything_and_comes_round(kiosk):
    go(kiosk, Place("flow", "work"))
    everything = [each.owner for each in kiosk.app.root.spots()]
    seen = []
    for _ in everything:
        press(kiosk, TAB)
        seen.append((kiosk.app.keys.focus.spot.owner, kiosk.app.keys.focus.spot.part))
    press(kiosk, TAB)

    assert len(set(seen)) == len(everything)
    assert (kiosk.app.keys.focus.spot.owner, kiosk.app.keys.focus.spot.part) == seen[0]
    press(kiosk, TAB, modifiers=["shift"])
    assert (kiosk.app.keys.focus.spot.owner, kiosk.app.keys.focus.spot.part) == seen[-1]


def test_enter_answers_and_the_ring_begins_at_the_next_question(kiosk):
    go(kiosk, Place("flow", "work"))
    first = kiosk.app.navigation.node
    press(kiosk, TAB, DOWN, ENTER)

    assert kiosk.app.navigation.place.answers == ((first.id, first.answers[1].id),)
    assert focused(kiosk).answer_id == kiosk.app.navigation.node.answers[0].id


def test_space_presses_where_nothing_is_typed(kiosk):
    go(kiosk)
    press(kiosk, TAB, SPACE)

    assert kiosk.app.navigation.place == Place("flow", "work")


def test_a_station_of_the_road_and_a_place_of_the_map_can_be_pressed(kiosk):
    flow = kiosk.app.pack.flows["work"]
    go(kiosk, Place("flow", "work"))
    press(kiosk, TAB, UP, UP, ENTER)
    assert kiosk.app.navigation.screen == "stage"

    go(kiosk, Place("map", "work"))
    note = kiosk.app.root.screen("map").ids.note
    node = next(each for each in kiosk.app.root.spots() if each.part == flow.start)
    kiosk.app.keys.focus.show(node)
    press(kiosk, ENTER)
    assert note.title == kiosk.app.filled(flow.questions[flow.start].ask)


def test_a_key_that_is_held_presses_once(kiosk):
    go(kiosk, Place("flow", "work"))
    press(kiosk, TAB)
    for _ in range(3):
        kiosk.app.attention._acted_at = float("-inf")
        kiosk.window.dispatch("on_keyboard", ENTER, 0, "", [])
        kiosk.step(2)

    assert len(kiosk.app.navigation.place.answers) == 1
    kiosk.window.dispatch("on_key_up", ENTER, 0)


@pytest.mark.promise(41)
def test_esc_is_back_and_closes_nothing(kiosk):
    go(kiosk, Place("helpers"))
    press(kiosk, ESC)
    assert kiosk.app.navigation.screen == "home"

    press(kiosk, ESC, ESC, ESC)
    assert kiosk.app.navigation.visit == Visit()
    assert not kiosk.loop.quit and kiosk.loop.status == "started"


def test_the_ring_goes_with_the_visit(kiosk):
    go(kiosk)
    press(kiosk, TAB)
    kiosk.app.navigation.finish()
    kiosk.step(3)

    assert focused(kiosk) is None


def test_the_welcome_starts_with_two_keys(kiosk):
    press(kiosk, TAB, ENTER)

    assert kiosk.app.navigation.screen == "home"


def test_under_the_warning_only_its_own_buttons_can_be_pressed(kiosk):
    go(kiosk)
    kiosk.app.idle.seconds_left, kiosk.app.idle.warning = 20, True
    kiosk.settle()
    press(kiosk, TAB)
    assert focused(kiosk).text == "I’m still here"

    press(kiosk, ENTER)
    assert not kiosk.app.idle.warning and kiosk.app.navigation.screen == "home"


def test_in_arabic_tab_goes_from_right_to_left(kiosk):
    go(kiosk, language="ar")
    bar = [each.box[0] for each in kiosk.app.root.spots() if each.area is kiosk.app.root.ids.bottom.__self__]

    assert bar == sorted(bar, reverse=True) and len(bar) == 4


def test_a_name_is_typed_on_a_real_keyboard_and_enter_goes_on(kiosk):
    go(kiosk, Place("call-name"), draft=Draft())
    type_in(kiosk, "anne-marie o'neill")
    assert kiosk.app.navigation.visit.draft.name == "Anne-Marie O’Neill"

    press(kiosk, BACKSPACE)
    type_in(kiosk, "ł1")
    assert kiosk.app.navigation.visit.draft.name == "Anne-Marie O’Neilł"

    press(kiosk, ENTER)
    assert kiosk.app.navigation.screen == "call-phone"


def test_only_digits_are_a_number(kiosk):
    go(kiosk, Place("call-phone"), draft=Draft(name="Ada"))
    type_in(kiosk, "07a9 11")

    assert kiosk.app.navigation.visit.draft.phone == "07911"


@pytest.mark.promise(41)
def test_nothing_typed_comes_back_with_ctrl_z(kiosk):
    go(kiosk, Place("call-name"), draft=Draft())
    type_in(kiosk, "ada")
    press(kiosk, BACKSPACE, BACKSPACE, BACKSPACE)
    press(kiosk, ord("z"), ord("v"), modifiers=["ctrl"])

    assert kiosk.app.navigation.visit.draft.name == ""


def test_the_ring_is_seen_on_every_ground(kiosk):
    """3:1 (R14): its two bands against each other, and one of them against whatever it stands on."""
    from kiosk.ui.theme import CALM, HIGH_CONTRAST

    for palette in (CALM, HIGH_CONTRAST):
        bands = palette["focus"], palette["focus_gap"]
        assert contrast(*bands) >= 3
        for name in ("paper", "surface", "path", "hope", "care", "leaf", "mist"):
            assert max(contrast(band, palette[name]) for band in bands) >= 3, name


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's contrast ratio of two colours, #RRGGBB."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
