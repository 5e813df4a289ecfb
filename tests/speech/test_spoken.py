"""What a voice is given to say: numbers, sums and addresses as one would say them to somebody who writes them down."""

from __future__ import annotations

import pytest

from kiosk.pack.translate import in_english
from kiosk.speech.parts import Part, find_parts
from kiosk.speech.signs import SIGNS
from kiosk.speech.spoken import as_spoken


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("Ring **020 7946 0123**.", "Ring 0, 2, 0; 7, 9, 4, 6; 0, 1, 2, 3."),
        ("Ring \u206607700900123\u2069", "Ring 0, 7, 7, 0, 0; 9, 0, 0; 1, 2, 3"),
        ("£12.71 an hour", "12 pounds 71 an hour"),
        ("£1 or £100,000", "1 pound or 100000 pounds"),
        ("£5.05", "5 pounds 05"),
        ("85% of costs", "85 percent of costs"),
        ("near OX4 4UY", "near O, X, 4; 4, U, Y"),
        ("See www.gov.uk/find-a-job.", "See gov dot U, K slash find dash a dash job."),
        ("https://www.childcarechoices.gov.uk/", "childcarechoices dot gov dot U, K"),
        ("help@oxfordshire.gov.uk", "help at oxfordshire dot gov dot U, K"),
        ("9am–12, ages 3–4", "9am to 12, ages 3 to 4"),
        ("30 hours in 2026", "30 hours in 2026"),
    ],
)
def test_english_is_said_as_people_say_it(shown, said):
    assert as_spoken(shown, "en") == said


def test_sums_are_in_the_words_of_each_language():
    assert as_spoken("£12.71", "pl") == "12,71 funta szterlinga"
    assert as_spoken("£2,000", "ro") == "2000 de lire sterline"
    assert as_spoken("£5", "ar") == "5 جنيه إسترليني"


@pytest.mark.parametrize("language", sorted(SIGNS))
def test_no_sign_is_left_for_a_voice_to_swallow(language):
    said = as_spoken("www.gov.uk/free-hours 85% £7 9–12", language)

    assert not set(said) & set("./%£–-") and "gov" in said


def test_a_text_that_stayed_english_is_english_within_another_language():
    words = f"اتصل بنا \u2066020 7946\u2069 {in_english('Stay and play')} كل يوم"

    assert [(part.language, as_spoken(part.words, part.language)) for part in find_parts(words, "ar")] == [
        ("ar", "اتصل بنا 020 7946"),
        ("en", "Stay and play"),
        ("ar", "كل يوم"),
    ]


def test_an_address_inside_a_text_that_stayed_english_does_not_end_it():
    words = in_english("Look at \u2066www.gov.uk\u2069 first")

    assert [part.language for part in find_parts(words, "pl")] == ["en"]


def test_a_name_in_another_script_is_said_by_a_voice_that_knows_it():
    assert find_parts("We speak বাংলা and العربية", "en") == [
        Part("en", "We speak "),
        Part("bn", "বাংলা "),
        Part("en", "and "),
        Part("ar", "العربية"),
    ]
    assert [part.language for part in find_parts("اردو", "ur")] == ["ur"]


def test_each_line_is_said_by_itself_and_a_line_without_words_not_at_all():
    assert [part.words for part in find_parts("Monday\n–\nMorning", "en")] == ["Monday", "Morning"]
