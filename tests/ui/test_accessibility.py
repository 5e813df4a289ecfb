"""The page of how to read and touch: one tap away, seen at once, gone with the visit."""

from __future__ import annotations

import pytest

from kiosk.ui.visit import Place, Visit
from tests.ui.test_fits import misfits

WINDOWS = [(1080, 1920), (1366, 768)]


def go(kiosk, *places: Place, **visit) -> None:
    kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("home"), *places), **visit)
    kiosk.settle()


def sign(kiosk):
    return next(w for w in kiosk.window.children[0].walk() if getattr(w, "icon", "") == "accessibility")


def test_it_is_one_tap_from_every_screen_and_back_is_where_one_was(kiosk):
    go(kiosk, Place("helpers"))
    kiosk.tap_widget(sign(kiosk))
    assert kiosk.app.navigation.screen == "access"
    kiosk.tap_widget(sign(kiosk))
    kiosk.touch("Back")

    assert kiosk.app.navigation.screen == "helpers"


def test_it_is_one_tap_from_the_welcome_and_leads_on_to_the_first_page(kiosk):
    kiosk.tap_widget(sign(kiosk))
    assert kiosk.app.navigation.screen == "access"
    kiosk.touch("Back")

    assert kiosk.app.navigation.screen == "home"


def test_each_size_is_one_tap_and_shows_at_once(kiosk):
    go(kiosk, Place("access"))
    for words, scale in (("Largest", 2.0), ("Large", 1.5), ("Normal", 1.0)):
        kiosk.touch(words)
        assert kiosk.app.theme.text_scale == scale
        assert kiosk.find(words).tail == "check"


def test_a_choice_says_in_words_what_it_is(kiosk):
    go(kiosk, Place("access"))
    for words in ("Bright words on black", "Nothing moves"):
        assert kiosk.find(words).hint == "Off"
        kiosk.touch(words)
        assert kiosk.find(words).hint == "On"

    assert kiosk.app.theme.contrast and kiosk.app.theme.still


def test_switches_go_from_off_to_two_to_one(kiosk):
    go(kiosk, Place("access"))
    said = []
    for _ in range(3):
        kiosk.touch("Choose with switches")
        said.append(kiosk.find("Choose with switches").hint)

    assert said == ["On: two switches", "On: one switch", "Off"]


def test_all_of_it_is_gone_with_the_visit(kiosk):
    go(kiosk, Place("access"))
    for words in ("Largest", "Bright words on black", "Nothing moves", "Choose with switches"):
        kiosk.tap_widget(kiosk.find(words))
    kiosk.touch("Finish")

    assert kiosk.app.navigation.visit == Visit()
    assert (kiosk.app.theme.text_scale, kiosk.app.theme.contrast, kiosk.app.theme.still) == (1.0, False, False)


@pytest.mark.parametrize("language", ("en", "ar"))
@pytest.mark.parametrize("size", WINDOWS, ids=lambda size: "{}x{}".format(*size))
def test_it_fits_in_the_largest_words(kiosk, size, language):
    from kiosk.ui.widgets.pages import Pages

    kiosk.resize(*size)
    go(kiosk, Place("access"), text_size=2, language=language)
    pages = next(w for w in kiosk.window.children[0].walk() if isinstance(w, Pages))
    for page in range(int(pages.page_count)):
        pages.page = page
        kiosk.lay_out()
        assert not misfits(kiosk)


def test_what_is_kept_can_be_read_before_anything_is_asked(kiosk):
    go(kiosk)
    kiosk.touch("Your privacy")

    assert "How we look after what you tell us" in kiosk.words()
    assert any(str(kiosk.app.services.keep_days) in words for words in kiosk.words())
