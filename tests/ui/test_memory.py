"""What a screen takes is given back, and the soak's judgement of that is one that can fail."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace

import pytest

from kiosk.ui.frame import ALWAYS_KEPT, MOST_KEPT
from kiosk.ui.memory import holds_much, release_shader_compiler, tidy
from kiosk.ui.visit import Draft, Place, Visit
from tests.soak.gauges import Gauges, grown, quarters

WELCOME = Place("welcome")
MANY = [
    *("home", "helpers", "languages", "access", "postcode", "privacy", "call-name", "call-phone"),
    *("call-times", "call-message", "call-language", "call-topic"),
]
FLAT = Gauges(memory=300.0, textures=600, buffers=200, handles=15, threads=12, widgets=500)


def show(kiosk, *places: Place, **reading) -> None:
    kiosk.app.navigation.visit = Visit(places=(WELCOME, *places), draft=Draft(), **reading)
    kiosk.lay_out()


def test_the_screens_shown_last_are_kept_and_those_on_everybodys_way(kiosk):
    for name in MANY:
        show(kiosk, Place(name))

    kept = list(kiosk.app.root._screens)
    assert len(kept) == MOST_KEPT
    assert kept[-1] == MANY[-1] and "helpers" not in kept
    assert {"welcome", "home"} <= set(kept) & ALWAYS_KEPT


def test_a_road_that_is_gone_leaves_nothing_at_the_theme(kiosk):
    counted = []
    for _ in range(3):
        # Another language is another set of screens.
        for language in ("ar", "en"):
            show(kiosk, Place("flow", "work"), language=language)
        gc.collect()
        counted.append(len(kiosk.app.theme.get_property_observers("unit")))

    assert counted[1] == counted[2]


def test_a_visit_without_a_pause_does_not_gather_the_screens_it_let_go_of(kiosk):
    tidy()
    let_go = []
    for turn in range(100):
        if holds_much():
            break
        # Another language is another set of screens.
        show(kiosk, Place("flow", "work"), language=("ar", "en")[turn % 2])
        let_go.append(weakref.ref(kiosk.app.root.screen("question")))
    shown = len([screen for screen in let_go if screen()])
    show(kiosk, Place("home"))

    kiosk.wait_until(lambda: not holds_much())
    assert len([screen for screen in let_go if screen()]) <= 1 < shown


def test_an_advising_screen_uses_its_widgets_again_and_forgets_what_they_said(kiosk):
    pages = list(kiosk.app.pack.pages)[:2]
    show(kiosk, Place("page", pages[0]))
    screen = kiosk.app.root.screen("page")
    first = {id(block) for block in screen.ids.pages.blocks}
    show(kiosk, Place("page", pages[1]))
    again = {id(block) for block in screen.ids.pages.blocks}
    title = screen.ids.head.children[-1]

    assert first & again
    assert title.text == kiosk.app.filled(kiosk.app.pack.pages[pages[1]].title)
    kiosk.app.navigation.finish()
    kiosk.lay_out()
    assert title.text == "" and not screen.ids.pages.blocks


def test_a_shader_that_comes_after_the_compiler_was_let_go_of_is_compiled_all_the_same(kiosk):
    from kivy.graphics.shader import Shader

    release_shader_compiler()

    assert Shader(fs="$HEADER$\nvoid main(void) { gl_FragColor = frag_color; }").success
    assert not Shader(fs="$HEADER$\nvoid main(void) { gl_FragColor = nothing; }").success


def test_medians_that_only_waver_are_flat():
    readings = [replace(FLAT, memory=300 + number % 3, widgets=300 + 200 * (number % 4)) for number in range(40)]

    assert grown(readings) == {}


def test_what_warms_up_in_the_first_quarter_is_flat():
    readings = [replace(FLAT, memory=min(300, 200 + 10 * number)) for number in range(40)]

    assert [each.memory for each in quarters(readings)] == [245, 300, 300, 300]
    assert grown(readings) == {}


@pytest.mark.parametrize("gauge, each", [("memory", 0.5), ("textures", 20), ("handles", 1), ("widgets", 40)])
def test_what_grows_from_reading_to_reading_is_not(gauge: str, each: float):
    readings = [replace(FLAT, **{gauge: getattr(FLAT, gauge) + number * each}) for number in range(40)]

    assert list(grown(readings)) == [gauge]
