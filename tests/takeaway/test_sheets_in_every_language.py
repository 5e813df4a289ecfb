"""Every sheet in every language: whole, in order, and in letters that can be read."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from kiosk.takeaway.note import plain
from kiosk.takeaway.press import FORMS, fitting
from kiosk.takeaway.sheets import Kind, Size
from kiosk.takeaway.typeset import set_in_type
from tests.content.packs import pack
from tests.takeaway.test_sheets import SHEETS, made, missing_on, printed, texts_of

INCH = 72  # points
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


@pytest.mark.parametrize("language", ["en", "pl", "pt", "ro"])
def test_each_road_of_the_leaflet_begins_on_top_of_a_panel_of_its_own(language):
    kind, sheet = made("leaflet", language)
    words = where_words_are(printed(kind, sheet, Size.A4, "-bbox"), page=2)

    begins = [first_of(plain(road.title).split(), words) for road in sheet.roads]

    assert [y < 2 * INCH for _, y in begins] == [True, True]
    assert [int(x // (3.9 * INCH)) for x, _ in begins] == [0, 2]


def test_more_roads_than_panels_share_them():
    kind, sheet = made("leaflet")
    short = [
        replace(road, title=f"Road {k}", stations=sheet.roads[0].stations[:2]) for k, road in enumerate(sheet.roads * 2)
    ]
    words = where_words_are(printed(kind, replace(sheet, roads=tuple(short)), Size.A4, "-bbox"), page=2)

    panels = [int(first_of(["Road", str(k)], words)[0] // (3.9 * INCH)) for k in range(4)]

    assert panels == sorted(panels) and len(set(panels)) > 1


def where_words_are(xml: str, page: int) -> list[tuple[str, float, float]]:
    """Return the words of a page, each with the points from the left and from the top at which it begins."""
    every = [each for each in ElementTree.fromstring(xml).iter() if each.tag.endswith("}page")][page - 1]
    return [(each.text or "", float(each.attrib["xMin"]), float(each.attrib["yMin"])) for each in every]


def first_of(title: list[str], words: list[tuple[str, float, float]]) -> tuple[float, float]:
    said = [word for word, _, _ in words]
    [at] = [k for k in range(len(said)) if said[k : k + len(title)] == title]
    return words[at][1:]


@pytest.mark.parametrize(("name", "size"), EVERY)
@pytest.mark.parametrize("language", pack("oxfordshire").offered)
def test_it_keeps_to_its_pages_in_letters_that_can_be_read(name, size, language):
    kind, sheet = made(name, language)

    inputs = fitting(kind, sheet, size)

    assert len(set_in_type(FORMS[kind].template, inputs, "png", 20)) == FORMS[kind].pages[size]
    assert float(inputs["size"]) >= (11 if kind is Kind.POSTER else 9)
