"""Poster, leaflet, aide-memoire and training sheet: what is on them, in which order, and that it fits and can be read."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from kiosk.errors import TooMuchToPrint
from kiosk.pack.facts import fill
from kiosk.pack.sources import PROGRAMME, words_file
from kiosk.pack.translate import ENGLISH, load_translation
from kiosk.takeaway.note import plain
from kiosk.takeaway.press import FORMS, to_pdf
from kiosk.takeaway.sheet_words import Sheets, sheets_in
from kiosk.takeaway.sheets import Kind, Leaflet, ListSheet, Poster, Sheet, Size
from tests.content.packs import CONTENT, LONG_AFTER, WRITTEN, pack

SHEETS = {
    "poster-work": (Kind.POSTER, lambda made: made.poster("work")),
    "poster-training": (Kind.POSTER, lambda made: made.poster("training")),
    "leaflet": (Kind.LEAFLET, Sheets.leaflet),
    "aide-memoire": (Kind.AIDE_MEMOIRE, lambda made: made.aide_memoire("job-search")),
    "training-sheet": (Kind.TRAINING_SHEET, lambda made: made.training_sheet("job-search")),
}


@cache
def sheets(language: str = "en", today: date = WRITTEN) -> Sheets:
    files = [words_file(folder, language) for folder in (PROGRAMME, CONTENT / "england", CONTENT / "oxfordshire")]
    words = ENGLISH if language == "en" else load_translation(language, files, with_unchecked=True)
    return sheets_in(pack("oxfordshire"), words, today)


def made(name: str, language: str = "en") -> tuple[Kind, Sheet]:
    kind, make = SHEETS[name]
    return kind, make(sheets(language))


def words_on(name: str, size: Size, language: str) -> set[str]:
    return set(words_in(printed(*made(name, language), size)))


def printed(kind: Kind, sheet: Sheet, size: Size, *how: str) -> str:
    """Return the text of the PDF, as pdftotext gives it."""
    if shutil.which("pdftotext") is None:
        pytest.skip("THERE IS NO pdftotext HERE: as root: apt-get install poppler-utils")
    pdf = to_pdf(kind, sheet, size)
    return subprocess.run(["pdftotext", *how, "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def words_in(text: str) -> list[str]:
    """Return the words without marks, vowel signs and forms of letters, which a PDF may spell in its own way."""
    bare = unicodedata.normalize("NFKD", plain(text))
    return re.findall(
        r"[^\W_]+", "".join(sign for sign in bare if unicodedata.category(sign) not in ("Mn", "Mc", "Cf"))
    )


def missing_on(name: str, size: Size, language: str) -> set[str]:
    """Return the words that the sheet should say and its PDF does not."""
    return {word for text in texts_of(made(name, language)[1]) for word in words_in(text)} - words_on(
        name, size, language
    )


def texts_of(sheet: Sheet) -> list[str]:
    """Return all that a sheet has to say."""
    match sheet:
        case Poster():
            return [sheet.head.title, sheet.how, sheet.invite, *_of_road(sheet.road)]
        case Leaflet():
            roads = [text for road in sheet.roads for text in _of_road(without_questions(road))]
            who = [text for each in sheet.who for text in (each.title, each.does, *each.find)]
            return [sheet.head.title, sheet.hint, *roads, *who, *sheet.call]
        case ListSheet():
            items = [item for section in sheet.sections for item in section.items]
            lines = [text for item in items for text in (item.say, *item.more, *item.find)]
            return [sheet.head.title, sheet.say, *(section.title for section in sheet.sections), *lines]


def _of_road(road) -> list[str]:
    texts = []
    for station in road.stations:
        texts.append(station.title)
        texts += [text for asked in station.asked for text in (asked.ask, *(each.say for each in asked.answers))]
        texts += [text for ending in station.endings for text in (ending.title, *ending.who)]
    return texts


def without_questions(road):
    return replace(road, stations=tuple(replace(station, asked=()) for station in road.stations))


@pytest.mark.parametrize(("name", "size"), [("poster-work", Size.A3), ("leaflet", Size.A4)])
def test_every_word_of_the_pack_is_text_in_the_pdf(name, size):
    assert missing_on(name, size, "en") == set()


@pytest.mark.parametrize(("name", "language"), [*((name, "en") for name in SHEETS), ("aide-memoire", "ar")])
def test_a_screen_reader_follows_it(name, language):
    """PDF/UA-1: it says so of itself, is tagged, and has a title, shown in place of the file's name, and a language."""
    kind, sheet = made(name, language)
    pdf = to_pdf(kind, sheet, next(iter(FORMS[kind].pages)))

    assert b"/StructTreeRoot" in pdf
    assert b"pdfuaid:part" in pdf
    assert re.search(rb"/Marked +true", pdf)
    assert re.search(rb"/DisplayDocTitle +true", pdf)
    assert re.search(rb"/Lang *\(" + language.encode() + rb"\)", pdf)
    assert re.search(rb"<dc:title>.*?</dc:title>", pdf, re.DOTALL)[0].decode().count(plain(sheet.head.title)) == 1


@pytest.mark.parametrize("flow_id", ["work", "training"])
def test_the_poster_is_the_whole_flowchart_and_can_be_walked(flow_id):
    flow, road = pack("oxfordshire").flows[flow_id], sheets().poster(flow_id).road
    asked = {each.ask: each for station in road.stations for each in station.asked}
    signs = {each.letter: each.ask for each in asked.values()}
    signs |= {ending.number: ending.title for station in road.stations for ending in station.endings}
    facts = pack("oxfordshire").facts
    places = {question.id: question.ask for question in flow.questions.values()}
    places |= {outcome.id: fill(outcome.title, facts, WRITTEN) for outcome in flow.outcomes.values()}

    assert len(signs) == len(places)
    for question in flow.questions.values():
        leads = [signs[answer.to] for answer in asked[question.ask].answers]
        assert leads == [places[answer.go] for answer in question.answers]


def test_signs_follow_one_another_along_the_road():
    road = sheets().poster("work").road
    letters = [asked.letter for station in road.stations for asked in station.asked]
    numbers = [int(ending.number) for station in road.stations for ending in station.endings]

    assert letters == sorted(letters)
    assert numbers == list(range(1, 15))


def test_a_figure_that_is_out_of_date_is_not_printed():
    then = sheets(today=LONG_AFTER)
    told = " ".join(texts_of(then.aide_memoire("job-search")) + texts_of(then.leaflet()))

    assert "£12.71" in " ".join(texts_of(sheets().aide_memoire("job-search")))
    assert "£" not in told
    assert "01632" not in told


def test_no_heading_of_the_leaflet_names_what_a_family_gets_owes_or_fears():
    leaflet = sheets().leaflet()
    titles = [leaflet.head.title, leaflet.who_title, leaflet.call_title]
    titles += [station.title for road in leaflet.roads for station in road.stations]
    titles += [ending.title for road in leaflet.roads for station in road.stations for ending in station.endings]

    assert [title for title in titles if re.search(r"(?i)benefit|credit|debt|abuse|violen|unsafe", title)] == []


def test_words_that_no_speaker_has_checked_say_so_on_paper():
    assert sheets("ar").leaflet().head.unchecked
    assert sheets("en").leaflet().head.unchecked == ""


def test_a_flow_with_one_stage_has_its_poster():
    poster = sheets().poster("work")
    short = replace(poster, road=replace(poster.road, stations=poster.road.stations[:1]))

    assert set(words_in(" ".join(_of_road(short.road)))) <= set(words_in(printed(Kind.POSTER, short, Size.A3)))


def test_a_flow_with_too_many_words_is_refused_with_the_remedy():
    poster = sheets().poster("work")
    wordy = tuple(replace(station, asked=station.asked * 6) for station in poster.road.stations)

    with pytest.raises(TooMuchToPrint, match=r"do not fit on A3.*shorter"):
        to_pdf(Kind.POSTER, replace(poster, road=replace(poster.road, stations=wordy)), Size.A3)
