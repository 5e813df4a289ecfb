"""The screen in other languages: chosen by its own name, in place, marked where it is not what it should be."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import replace
from functools import cache

import polib
import pytest

from kiosk.childcare.hours import read_hours
from kiosk.pack.programme import find_programme_english
from kiosk.pack.sources import PROGRAMME
from kiosk.pack.texts import context_of, find_translatable
from kiosk.pack.translate import ENGLISH, IN_ENGLISH, Translation, in_english
from kiosk.settings import content_folder
from kiosk.ui.languages import GREETINGS, OWN_NAMES, greeting, own_name
from kiosk.ui.proof.scenes import answers_to
from kiosk.ui.screens.childcare_words import say_open
from kiosk.ui.visit import Draft, Place, Visit
from tests.ui.test_childcare import given

SEVEN = ("en", "ar", "bn", "pl", "pt", "ro", "ur")


programme_english = cache(find_programme_english)


def whole(language: str, pack, said: str = "⟦{}⟧") -> Translation:
    """A whole translation of programme and pack, in which every text stands in brackets of its own."""
    texts = [("", each.words) for each in programme_english()]
    texts += [(context_of(text.path), text.words) for text in find_translatable(pack)]
    return Translation(language, {key: said.replace("{}", key[1]) for key in texts}, unchecked=1)


@pytest.fixture
def services(services):
    """Seven languages are on offer, their translations complete."""
    services.pack = replace(services.pack, offered=SEVEN)
    speak(services, lambda code: whole(code, services.pack))
    return services


def speak(services, translation) -> None:
    made = cache(translation)
    services.translation = lambda code: ENGLISH if code == "en" else made(code)


def read_in(kiosk, code: str, *places: Place, **visit) -> None:
    kiosk.app.navigation.visit = Visit(places=(Place("welcome"), *places), language=code, **visit)
    kiosk.lay_out()


class TestChoosing:
    def test_the_welcome_greets_in_every_language_and_a_greeting_starts_in_it(self, kiosk):
        assert {greeting(code) for code in SEVEN} <= set(kiosk.words())

        kiosk.touch(greeting("ar"))

        assert (kiosk.app.navigation.visit.language, kiosk.app.theme.mirrored) == ("ar", True)
        assert "⟦What brings you here today?⟧" in kiosk.words()

    def test_a_touch_beside_the_greetings_starts_in_english(self, kiosk):
        kiosk.tap(540, 700)

        assert "What brings you here today?" in kiosk.words()

    def test_a_language_is_chosen_by_its_own_name_and_the_place_stays(self, kiosk):
        flow = kiosk.app.pack.flows["work"]
        answers = answers_to(flow, "not-now")
        read_in(kiosk, "en", Place("home"), Place("flow", "work", answers=answers))
        before = kiosk.app.navigation.visit

        kiosk.touch(own_name("en"))
        assert {own_name(code) for code in SEVEN} <= set(kiosk.words())
        kiosk.touch(own_name("pl"))

        assert kiosk.app.navigation.visit == replace(before, language="pl")
        assert f"⟦{flow.outcomes['not-now'].title}⟧" in kiosk.words()

    def test_a_fact_inside_a_text_is_in_the_language_too(self, kiosk):
        read_in(kiosk, "pl", Place("home"), Place("page", "free-hours"))

        assert any("⟦three and four year olds⟧ can have 15 free hours" in words for words in kiosk.words())

    def test_what_was_given_in_the_form_is_kept(self, kiosk):
        draft = Draft(name="Amina", days=frozenset({0}), parts=frozenset({"morning"}))
        read_in(kiosk, "en", Place("home"), Place("call-times"), draft=draft)

        kiosk.touch(own_name("en"))
        kiosk.touch(own_name("ur"))

        chosen = [w.text for w in kiosk.window.children[0].walk() if getattr(w, "chosen", False)]
        assert chosen == ["⟦Monday⟧", f"⟦{kiosk.app.services.pack.callback.parts['morning'].say}⟧"]
        assert kiosk.app.navigation.visit.draft == draft

    def test_the_language_ends_with_the_visit(self, kiosk):
        read_in(kiosk, "ar", Place("home"))

        kiosk.app.navigation.finish()
        kiosk.settle()

        assert "Touch to start" in kiosk.words()
        assert (kiosk.app.theme.mirrored, kiosk.app.words, kiosk.app.pack) == (False, ENGLISH, kiosk.app.services.pack)

    def test_a_call_asked_for_in_arabic_has_its_topic_in_english_for_the_desk(self, kiosk):
        sent = []
        kiosk.app.services.send = sent.append
        times = {"days": frozenset({0}), "parts": frozenset({"morning"})}
        draft = Draft(name="Amina", phone="02079460123", may_leave_message=False, topic="cv", **times)
        read_in(kiosk, "ar", Place("home"), Place("call-review"), draft=draft)

        kiosk.touch("⟦Send⟧")
        kiosk.wait_until(lambda: sent)

        assert (sent[0].topic, sent[0].language) == ("My CV", "ar")


class TestMarks:
    def test_a_note_says_that_no_speaker_has_checked_the_words(self, kiosk):
        read_in(kiosk, "pl", Place("home"))
        assert "⟦No speaker has checked this translation yet.⟧" in kiosk.words()

        read_in(kiosk, "en", Place("home"))
        assert not any("speaker" in words for words in kiosk.words())

    def test_a_checked_translation_has_no_note(self, kiosk, services):
        checked = replace(services.translation("pl"), unchecked=0)
        speak(services, lambda _: checked)

        read_in(kiosk, "pl", Place("home"))

        assert not any("speaker" in words for words in kiosk.words())

    def test_a_missing_text_is_english_with_a_mark_that_is_seen(self, kiosk, services):
        speak(services, Translation)
        read_in(kiosk, "pl", Place("home"))

        asked = next(words for words in kiosk.words() if "What brings you" in words)

        assert asked == in_english("What brings you here today?")
        assert opacity(asked).shape[1] > opacity(asked.replace(IN_ENGLISH, "")).shape[1]


PROGRAMME_SCREENS = ("access", "postcode", "privacy", "sent", "languages", "neutral", "home", "helpers")
CALL = ("call-name", "call-phone", "call-times", "call-message", "call-language", "call-topic", "call-review")


def one_place_of_each_screen(pack):
    flow = pack.flows["work"]
    yield from (Place(name) for name in (*PROGRAMME_SCREENS, *CALL))
    for node in ("today", "not-now"):
        yield Place("flow", "work", answers=answers_to(flow, node))
    yield from (Place("stage", "work/money"), Place("road", "work"), Place("map", "work"))
    yield from (Place("page", "free-hours"), Place("checklist", "job-search"), Place("web", "find-a-job"))
    yield Place("childcare", "OX4 4UY")
    yield from (Place("notices", "whats-on"), Place("notice", "maths-for-family-life"))
    yield Place("notice-web", "maths-for-family-life")
    yield Place("take")


def bare(words: str) -> str:
    """Return what of a text stands outside all brackets, without signs that are not seen."""
    depth, outside = 0, []
    for sign in words:
        depth += (sign == "⟦") - (sign == "⟧")
        outside.append("" if depth or sign == "⟧" or unicodedata.category(sign) == "Cf" else sign)
    return "".join(outside)


def test_every_word_on_every_screen_is_translated(kiosk):
    from kiosk.ui.navigation import SCREENS

    services = kiosk.app.services
    draft = Draft(name="Amina", phone="02079460123", days=frozenset({0, 1, 2}), parts=frozenset({"morning"}))
    listed = (services.settings.pack / services.pack.childcare_examples).read_text(encoding="utf-8")
    known = {cell for row in csv.reader(listed.splitlines()) for cell in row}
    # Hours that are understood are said in the parent's language, from no catalogue.
    polish = Translation("pl")
    known |= {bare(say_open(given(week=read_hours(cell).week), polish)) for cell in tuple(known)}
    known |= {services.pack.centre.name, "Amina", "OX4 4UY", *OWN_NAMES.values()}
    known |= {fact.value for fact in services.pack.facts.values()}
    known |= {notice.address for notice in services.pack.notices.values()}
    seen, found = set(), {}
    for place in one_place_of_each_screen(services.pack):
        before = Place("checklist", "job-search") if place.screen == "take" else Place("home")
        read_in(kiosk, "pl", before, place, draft=draft if place.screen.startswith("call") else None)
        seen.add(kiosk.app.navigation.screen)
        outside = [bare(words) for words in kiosk.words()]
        said = [words for words in outside if words not in known and re.search(r"[^\W\d_]{2}", words)]
        if said:
            found[place.screen] = said

    assert found == {}
    staff = {name for name in SCREENS if name.startswith("staff")}
    assert set(SCREENS) - seen - staff == {"welcome", "provider"}


def opacity(text: str, mirrored: bool = False):
    """Return the ink of a line as rows of numbers."""
    import numpy

    from kiosk.ui.text import lay_out

    image = lay_out(text, 40, 1200, mirrored=mirrored).image
    return numpy.ndarray(buffer=image[3].write_to_memory(), dtype=numpy.uint8, shape=(image.height, image.width))


def unlike(part, whole) -> float:
    """Return how far the best place of `part` in `whole` is from being its very picture."""
    import numpy
    from numpy.lib.stride_tricks import sliding_window_view

    places = sliding_window_view(whole, part.shape).astype(numpy.int16)
    return float(numpy.abs(places - part).mean(axis=(2, 3)).min())


TURNED = {
    "020 7946 0123": "0123 7946 020",
    "9:30–11:45": "11:45–9:30",
    "www.gov.uk": "uk.gov.www",
    "£1,071.09": "1,071.09£",
    "OX4 4UY": "4UY OX4",
    "85%": "%85",
}


@pytest.mark.parametrize("kept", TURNED)
@pytest.mark.parametrize("sentence", ["اتصل {} الآن", "ابھی {} پر کال کریں"], ids=["Arabic", "Urdu"])
def test_a_figure_inside_right_to_left_text_is_drawn_as_on_its_own(window, kept: str, sentence: str):
    drawn = opacity(sentence.format(kept), mirrored=True)

    assert unlike(opacity(kept), drawn) < 0.6 * unlike(opacity(TURNED[kept]), drawn)


def test_each_greeting_is_one_of_a_language_with_a_name():
    assert GREETINGS.keys() <= OWN_NAMES.keys()


def test_every_letter_of_every_translation_is_in_one_of_our_fonts():
    from fontTools.ttLib import TTFont

    from kiosk.fonts import font_folders

    drawn: set[int] = set()
    for file in (file for folder in font_folders() for file in folder.glob("*.ttf")):
        with TTFont(file, lazy=True) as font:
            drawn |= font.getBestCmap().keys()
    catalogues = [*PROGRAMME.glob("words/*.po"), *content_folder().glob("*/words/*.po")]
    said = {sign for file in catalogues for entry in polib.pofile(str(file)) for sign in entry.msgstr}
    said |= {sign for code in SEVEN for sign in own_name(code) + greeting(code)}

    unseen = ("Cc", "Cf")
    missing = {sign for sign in said if ord(sign) not in drawn and unicodedata.category(sign) not in unseen}
    assert {sign: unicodedata.name(sign) for sign in missing} == {}
