"""Keys: what they give, how large they are, and that they hold nothing."""

from __future__ import annotations

import time

import pytest

from kiosk.ui.visit import Draft, Place, Visit
from kiosk.ui.widgets.key_layouts import boards_of, in_columns, widest

LEAST = 63  # design units: 15 mm and a hair less on the panel that 1080 units span (R12)
KEY_PATIENCE = 0.06  # seconds
WINDOWS = [(1080, 1920), (1366, 768), (1280, 800)]


def open_step(kiosk, screen: str, **draft) -> None:
    kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("home"), Place(screen)), draft=Draft(**draft))
    kiosk.settle()


def key(kiosk, gives: str):
    return next(each for each in keys(kiosk) if each.gives == gives)


def keys(kiosk) -> list:
    return [each for each in kiosk.window.children[0].walk() if hasattr(each, "gives")]


def field(kiosk):
    return next(
        each for each in kiosk.window.children[0].walk() if hasattr(each, "faulty") and hasattr(each, "largest_px")
    )


def test_letters_are_typed_one_by_one_and_taken_back(kiosk):
    open_step(kiosk, "call-name")

    for gives in ("A", "D", "A", "delete"):
        kiosk.tap_widget(key(kiosk, gives))

    assert field(kiosk).text == "Ad"
    assert kiosk.app.navigation.visit.draft.name == "Ad"


def test_one_key_takes_everything_back(kiosk):
    open_step(kiosk, "call-phone", phone="07911")

    kiosk.tap_widget(key(kiosk, "clear"))

    assert field(kiosk).text == ""


def test_an_accented_letter_is_one_key_away_and_plain_letters_come_back(kiosk):
    open_step(kiosk, "call-name")

    kiosk.tap_widget(key(kiosk, "accents"))
    kiosk.tap_widget(key(kiosk, "Ł"))
    kiosk.tap_widget(key(kiosk, "A"))

    assert field(kiosk).text == "Ła"


def press(kiosk, widget) -> None:
    """Press and release without the driver's rest between two touches."""
    x, y = widget.to_window(*widget.center)
    for event in ("on_mouse_down", "on_mouse_up"):
        kiosk.window.dispatch(event, x, kiosk.window.height - y, "left", [])
        kiosk.step()


def test_a_key_pressed_again_within_a_tenth_of_a_second_counts_twice(kiosk):
    open_step(kiosk, "call-phone")
    seven = key(kiosk, "7")

    press(kiosk, seven)
    time.sleep(KEY_PATIENCE + 0.01)
    press(kiosk, seven)

    assert field(kiosk).text == "77"


@pytest.mark.parametrize("size", WINDOWS, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("text_size", (2,))
def test_every_key_is_large_enough_for_a_finger(kiosk, size, text_size):
    kiosk.resize(*size)
    least = LEAST * kiosk.app.theme.unit
    for screen in ("call-name", "call-phone", "postcode"):
        open_step(kiosk, screen)
        kiosk.app.navigation.set(text_size=text_size)
        kiosk.settle()
        kiosk.find("Next" if screen != "postcode" else "Look near here").dispatch("on_touched")
        kiosk.settle()
        assert not [(screen, each.gives, each.size) for each in keys(kiosk) if min(each.size) < least]
    kiosk.app.root.screen("call-name").keypad.board = "accents"
    open_step(kiosk, "call-name")
    assert not [(each.gives, each.size) for each in keys(kiosk) if min(each.size) < least]


def test_a_name_of_full_length_is_not_cut(kiosk):
    open_step(kiosk, "call-name", name="W" * 40)

    ink = field(kiosk).ids.ink
    assert ink.natural_width <= field(kiosk).width - field(kiosk).padding[0]


def type_in(kiosk, *gives: str) -> None:
    for each in gives:
        kiosk.tap_widget(key(kiosk, each))


def read_in(kiosk, language: str, **draft) -> None:
    kiosk.app.navigation.visit = Visit(
        places=(Place("welcome"), Place("home"), Place("call-name")), language=language, draft=Draft(**draft)
    )
    kiosk.settle()


def test_an_arabic_name_is_typed_in_arabic_letters_and_runs_from_the_right(kiosk):
    read_in(kiosk, "ar")
    empty = caret(kiosk)

    type_in(kiosk, *"آمنة")

    assert kiosk.app.navigation.visit.draft.name == "آمنة"
    assert caret(kiosk) < empty
    assert empty > field(kiosk).center_x


def test_a_latin_name_can_be_typed_in_every_language_and_runs_from_the_left(kiosk):
    for language in ("ar", "ur", "bn"):
        read_in(kiosk, language)
        type_in(kiosk, "letters", *"AMNA")
        assert kiosk.app.navigation.visit.draft.name == "Amna"
        assert caret(kiosk) < field(kiosk).center_x
        type_in(kiosk, "own")


def caret(kiosk) -> float:
    """Where the next letter will stand."""
    return field(kiosk).children[1].x


def test_a_bengali_name_takes_signs_behind_letters_and_a_vowel_brings_the_letters_back(kiosk):
    read_in(kiosk, "bn")

    type_in(kiosk, "ি", "vowels", "আ", "ম", "ি", "ন", "া", "delete", "া")

    assert kiosk.app.navigation.visit.draft.name == "আমিনা"


def test_every_letter_of_an_alphabet_has_a_key():
    alphabets = {
        "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهويءأإآؤئةى",
        "ur": "اآبپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوؤہھءئیے",
        "bn": "অআইঈউঊঋএঐওঔকখগঘঙচছজঝঞটঠডঢণতথদধনপফবভমযরলশষসহ\u09dc\u09dd\u09dfৎংঃঁািীুূৃেৈোৌ্",
        "pl": "ĄĆĘŁŃÓŚŹŻABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "pt": "ÁÀÂÃÇÉÊÍÓÔÕÚ",
        "ro": "ĂÂÎȘȚ",
    }
    for language, alphabet in alphabets.items():
        boards = boards_of(language).values()
        assert set(alphabet) <= {gives for board in boards for row in board for gives, _ in row}


def test_the_accents_of_the_language_stand_first():
    assert [gives for gives, _ in boards_of("pl")["accents"][0]] == list("ĄĆĘŁŃÓŚŹŻ")
    assert [gives for gives, _ in boards_of("ro")["accents"][0]] == list("ĂÂÎȘȚ")


def test_keys_that_are_too_small_for_the_panel_stand_in_columns_with_nothing_lost():
    for language in ("ar", "ur", "bn", "pl"):
        for board in boards_of(language).values():
            narrow = in_columns(board, 6)
            assert {gives for row in narrow for gives, _ in row} >= {
                gives for row in board for gives, _ in row if gives
            }
            assert widest(narrow) <= 6


@pytest.mark.parametrize("language", ["ar", "ur", "bn", "pl"])
@pytest.mark.parametrize("size", WINDOWS[:2], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_keys_of_every_alphabet_are_large_enough_for_a_finger(kiosk, size, language):
    kiosk.resize(*size)
    least = LEAST * kiosk.app.theme.unit
    read_in(kiosk, language)
    for board in boards_of(language):
        kiosk.app.root.screen("call-name").keypad.board = board
        kiosk.settle()
        assert not [(board, each.gives, each.size) for each in keys(kiosk) if min(each.size) < least]
