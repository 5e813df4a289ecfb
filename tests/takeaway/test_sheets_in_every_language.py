"""Every sheet in every language: whole, in order, and in letters that can be read."""

from __future__ import annotations

import re

import pytest

from kiosk.takeaway.press import FORMS, fitting
from kiosk.takeaway.sheets import Kind
from kiosk.takeaway.typeset import set_in_type
from tests.content.packs import pack
from tests.takeaway.test_sheets import SHEETS, made, missing_on, printed, texts_of

EVERY = [(name, size) for name, (kind, _) in SHEETS.items() for size in FORMS[kind].pages]


@pytest.mark.parametrize(("name", "size"), EVERY)
@pytest.mark.parametrize("language", ["en", "pl", "pt", "ro"])
def test_every_word_of_the_pack_is_text_in_the_pdf(name, size, language):
    assert missing_on(name, size, language) == set()


@pytest.mark.parametrize("name", SHEETS)
def test_numbers_and_addresses_keep_their_order_in_arabic(name):
    kind, sheet = made(name, "ar")
    wanted = {
        text for words in texts_of(sheet) for text in re.findall(r"www[\w./-]+|£[\d.,]*\d|\d{5} \d{3} \d{3}", words)
    }
    size = next(iter(FORMS[kind].pages))
    text = printed(kind, sheet, size).replace("\u00a0", " ")

    assert [each for each in wanted if each not in text] == []


@pytest.mark.parametrize(("name", "size"), EVERY)
@pytest.mark.parametrize("language", pack("oxfordshire").offered)
def test_it_keeps_to_its_pages_in_letters_that_can_be_read(name, size, language):
    kind, sheet = made(name, language)

    inputs = fitting(kind, sheet, size)

    assert len(set_in_type(FORMS[kind].template, inputs, "png", 20)) == FORMS[kind].pages[size]
    assert float(inputs["size"]) >= (11 if kind is Kind.POSTER else 9)
