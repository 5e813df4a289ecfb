"""Paragraphs by Pango, measured."""

from __future__ import annotations

import pytest

import tests.ui.conftest  # noqa: F401  chooses the offscreen driver before Kivy is imported


@pytest.fixture(scope="module", autouse=True)
def fonts(window):
    """Our fonts only, as the kiosk has them."""


def lay_out(*args, **kwargs):
    from kiosk.ui.text import lay_out

    return lay_out(*args, **kwargs)


def test_two_lines_are_twice_as_high_as_one():
    assert lay_out("one\ntwo", 30, 500).height == 2 * lay_out("one", 30, 500).height - 1


def test_a_line_without_descenders_is_as_high_as_one_with():
    assert lay_out("xxx", 30, 500).height == lay_out("Ágj", 30, 500).height


def test_a_long_text_is_broken_into_lines_that_fit():
    paragraph = lay_out("Do you have childcare you can rely on? " * 3, 30, 400)

    assert paragraph.fits and paragraph.height > 100


def test_a_word_wider_than_its_place_is_said_not_to_fit():
    assert not lay_out("Unbreakablewordwithoutanyspace", 30, 200).fits


def test_what_looks_like_markup_is_shown_as_it_is():
    from kiosk.ui.text import to_markup

    assert to_markup("<b>Fish & chips</b> **now**") == "&lt;b&gt;Fish &amp; chips&lt;/b&gt; <b>now</b>"


def test_a_phone_number_in_arabic_text_keeps_its_order_and_stays_together():
    from kiosk.ui.text import to_markup

    assert "\u2066020\u00a07946\u00a00123\u2069" in to_markup("اتصل 020 7946 0123")


@pytest.mark.parametrize("words", ["مرحبا بكم", "বাংলা", "Zażółć gęślą", "Română: ș ț", "اردو"])
def test_every_script_of_the_kiosk_has_its_glyphs(words):
    """A missing glyph is drawn as a box with its code: every box of a size looks the same, letters do not."""
    missing = lay_out("\U00010f70" * len(words), 40, 2000)
    drawn = lay_out(words, 40, 2000)

    assert drawn.image.write_to_memory() != missing.image.write_to_memory()
    assert drawn.ink_width < missing.ink_width * 1.5


@pytest.mark.promise(6)
def test_what_was_typed_is_dropped_with_the_visit(window):
    from kiosk.ui import text

    text.draw("Zebedee Canary", 40, 500, False, "low")
    text.forget_all()

    assert "Canary" not in repr(list(text._paragraphs._held))


@pytest.mark.parametrize(
    "whole", ["9:30 to 11:30", "10 to 12", "9 am to 1 pm", "9:30–11:30", "OX4 4UY", "01632 960 102"]
)
def test_times_postcodes_and_phone_numbers_stand_on_one_line(whole):
    from kiosk.ui.text import to_markup

    said = to_markup(f"On Friday 27 November, {whole}")

    assert said.startswith("On Friday 27 November, ")
    assert said.split(", ")[1].replace("\u00a0", " ").replace("\u2060", "") == whole
    assert " " not in said.split(", ")[1]


def test_a_span_of_times_that_does_not_fit_the_line_begins_the_next_one():
    """Before, the last time alone did."""
    said = "Here next: Friday 27 November, 9:30 to 11:30"
    room = lay_out(said.removesuffix("11:30") + "11", 30, 2000).ink_width

    broken = lay_out(said, 30, room)
    assert broken.fits and broken.ink_width <= lay_out("Here next: Friday 27 November,", 30, 2000).ink_width + 2
