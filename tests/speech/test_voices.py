"""The real synthesiser: a voice for each of the first languages, and sound in memory."""

from __future__ import annotations

from array import array

import pytest

from kiosk.speech import espeak
from kiosk.speech.espeak import RATE, find_synthesiser, load_synthesiser
from kiosk.speech.voices import Voice, find_voice

SEVEN = {
    "ar": "لديك مكان هنا",
    "bn": "আপনাকে স্বাগতম",
    "en": "You are here",
    "pl": "Jesteś tutaj",
    "pt": "Está aqui",
    "ro": "Sunteți aici",
    "ur": "آپ یہاں ہیں",
}


@pytest.mark.parametrize("language", sorted(SEVEN))
def test_each_of_the_seven_languages_is_heard(language):
    synthesiser = load_synthesiser()
    voice = find_voice(synthesiser.voices, language)
    samples = array("h", synthesiser.say(SEVEN[language], voice))

    assert 0.4 < len(samples) / RATE < 4
    assert max(samples) > 3000


def test_english_is_that_of_great_britain_and_portuguese_that_of_portugal():
    voices = load_synthesiser().voices

    assert (find_voice(voices, "en").name, find_voice(voices, "pt").name) == ("gmw/en", "roa/pt")


def test_a_language_that_no_voice_speaks_has_none():
    assert find_voice(load_synthesiser().voices, "so") is None
    assert find_voice([Voice("x/so", ((5, "so-dj"),))], "so").name == "x/so"


def test_two_sentences_at_once_do_not_mix():
    from concurrent.futures import ThreadPoolExecutor

    synthesiser = load_synthesiser()
    english, polish = (find_voice(synthesiser.voices, code) for code in ("en", "pl"))
    short, long = len(synthesiser.say("You", english)), len(synthesiser.say("Jesteś tutaj na swojej drodze", polish))
    with ThreadPoolExecutor(2) as pool:
        first = [pool.submit(synthesiser.say, "You", english) for _ in range(20)]
        second = [pool.submit(synthesiser.say, "Jesteś tutaj na swojej drodze", polish) for _ in range(20)]

    # A voice is never twice the same to the last sample.
    assert [len(each.result()) for each in first] == [pytest.approx(short, rel=0.05)] * 20
    assert [len(each.result()) for each in second] == [pytest.approx(long, rel=0.05)] * 20


def test_without_the_package_there_is_no_synthesiser(monkeypatch):
    monkeypatch.setattr(espeak, "PACKAGE", "no_such_package")
    load_synthesiser.cache_clear()
    try:
        assert find_synthesiser() is None
    finally:
        load_synthesiser.cache_clear()
