"""Pages slide in reading direction where a graphics card draws, and nothing waits for them."""

from __future__ import annotations

import pytest

from kiosk.ui.visit import Place, Visit


@pytest.fixture
def sliding(kiosk):
    """A kiosk that believes it has a graphics card, at home."""
    kiosk.app.root.slide.smooth = True
    kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("home")))
    kiosk.wait_until(lambda: kiosk.app.root.slide.aside == 0)
    return kiosk


def test_a_software_renderer_shows_the_next_page_in_its_place(kiosk):
    assert kiosk.app.quick_paint.is_software
    kiosk.app.navigation.go(Place("home"))

    assert kiosk.app.root.slide.aside == 0


@pytest.mark.parametrize(("language", "onward"), [("en", 1), ("ar", -1)])
def test_onward_comes_from_where_one_reads_to_and_back_from_the_other_side(sliding, language, onward):
    sliding.app.navigation.set(language=language)
    slide = sliding.app.root.slide
    sliding.app.navigation.go(Place("helpers"))
    assert slide.aside * onward > 0
    sliding.wait_until(lambda: slide.aside == 0)

    sliding.app.navigation.back()
    assert slide.aside * onward < 0


def test_with_reduced_motion_nothing_slides(sliding):
    sliding.app.navigation.set(still=True)
    sliding.app.navigation.go(Place("helpers"))

    assert sliding.app.root.slide.aside == 0


def test_a_tick_on_the_same_page_moves_nothing(sliding):
    sliding.app.navigation.set(ticked=frozenset({"job-search/1"}))

    assert sliding.app.root.slide.aside == 0


def test_a_touch_acts_while_the_page_still_slides(sliding):
    sliding.app.navigation.go(Place("flow", "work"))
    sliding.lay_out()
    sliding.touch("I have a job offer")

    assert sliding.app.navigation.node.id == "first-costs"
