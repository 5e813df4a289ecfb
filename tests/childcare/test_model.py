from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.childcare.model import Found, Postcode
from kiosk.childcare.words import fold
from kiosk.errors import PostcodeFaulty
from tests.childcare.registers import provider


@pytest.mark.parametrize("typed", ["ox44uy", " OX4 4UY ", "Ox4  4uY", "OX4\t4UY"])
def test_a_postcode_is_read_however_it_is_typed(typed):
    assert str(Postcode.parse(typed)) == "OX4 4UY"
    assert (Postcode.parse(typed).outward, Postcode.parse(typed).inward) == ("OX4", "4UY")


@pytest.mark.parametrize("typed", ["OX4", "w1", "EC1A", "sw1a "])
def test_the_first_part_of_a_postcode_is_enough(typed):
    assert Postcode.parse(typed).inward == ""
    assert str(Postcode.parse(typed)) == typed.strip().upper()


@pytest.mark.parametrize("typed", ["", "OX", "4UY", "OX4 4U", "OXFORD", "12345", "OX4 4UY 1", "ŌX4 4UY", "OX４ 4UY"])
def test_what_is_no_postcode_is_refused_in_words_that_do_not_repeat_it(typed):
    with pytest.raises(PostcodeFaulty) as refusal:
        Postcode.parse(typed)

    assert refusal.value.remedy == "A postcode looks like OX4 4UY. The first part, OX4, is enough."
    assert refusal.value.fact == "That is not a postcode."


@given(st.text(max_size=12))
def test_any_text_is_a_postcode_or_a_refusal_and_a_postcode_reads_back_as_itself(typed):
    try:
        postcode = Postcode.parse(typed)
    except PostcodeFaulty:
        return
    assert Postcode.parse(str(postcode)) == Postcode.parse(postcode.compact) == postcode


def test_a_mile_is_1609_metres():
    assert round(Found(provider(1), 1609).miles, 3) == 1.0
    assert Found(provider(1)).miles is None


def test_texts_are_compared_without_case_accents_and_punctuation():
    assert fold("Mama Bear’s CRÈCHE & Pre-School, Łódź") == "mama bears creche pre school łodz"


@given(st.text())
def test_a_folded_text_is_words_with_single_spaces_and_folds_to_itself(text):
    folded = fold(text)

    assert fold(folded) == folded
    assert folded == " ".join(folded.split())
    assert all(character.isalnum() or character == " " for character in folded)
