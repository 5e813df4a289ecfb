"""A slip in type and as a note: what is on it, in which order, and how long it is."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace

import pytest
import zxingcpp

from kiosk.pack.translate import in_english
from kiosk.takeaway.model import Item, Mark, Paper, Section
from kiosk.takeaway.note import LIMIT, to_note
from kiosk.takeaway.typeset import to_pdf, to_pictures
from tests.takeaway.slips import ARABIC, ENGLISH


def words_of(pdf: bytes) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("THERE IS NO pdftotext HERE: as root: apt-get install poppler-utils")
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()


@pytest.mark.parametrize("paper", Paper)
def test_every_paper_carries_the_whole_slip(paper):
    printed = " ".join(words_of(to_pdf(ENGLISH, paper)).split())

    for words in ("My notes", "21 November 2026", "Ready to look", "www.gov.uk/find-a-job", "01632 960 150"):
        assert words in printed


def test_a_number_in_arabic_keeps_its_order():
    assert "020 7946 0123" in words_of(to_pdf(ARABIC, Paper.A6)).replace("\u00a0", " ")


def test_a_roll_is_as_long_as_the_words():
    short = to_pictures(ENGLISH, Paper.ROLL)
    long = to_pictures(replace(ENGLISH, say=ENGLISH.say * 30), Paper.ROLL)

    assert len(short) == len(long) == 1
    assert height(long[0]) > 2 * height(short[0])


def test_a_long_slip_goes_on_on_the_next_sheet():
    many = Section("Ready", tuple(Item(f"Line {number}") for number in range(60)), Mark.BOX)

    assert len(to_pictures(replace(ENGLISH, sections=(many,)), Paper.A6)) > 1


def height(png: bytes) -> int:
    return int.from_bytes(png[20:24])


def test_a_note_is_the_title_what_to_do_and_whom_to_ring():
    assert to_note(ENGLISH).splitlines() == [
        "Ready to look",
        "You are set to go.",
        "1. Search at Find a job",
        "www.gov.uk/find-a-job",
        "- Family support worker",
        "At this centre",
        "01632 960 150",
    ]


def test_a_note_that_is_too_long_first_loses_what_is_said_before_the_steps_then_whole_lines():
    wordy = replace(ENGLISH, say=("w" * LIMIT,))
    endless = replace(ENGLISH, sections=(Section("", tuple(Item("ا" * 30) for _ in range(30)), Mark.BOX),))

    assert to_note(wordy) == to_note(replace(ENGLISH, say=()))
    assert to_note(endless).endswith("\n…")
    assert len(to_note(endless).encode()) <= LIMIT


def test_a_note_holds_no_marks_that_only_the_screen_understands():
    marked = replace(ENGLISH, title=in_english("**Ready** to look"), say=(), sections=())

    assert to_note(marked) == "Ready to look"


def test_the_longest_note_is_read_by_an_independent_reader_at_three_pixels_a_module():
    import segno

    longest = to_note(replace(ENGLISH, say=("ক" * 500,), sections=()))[:-2] + "ক" * (LIMIT // 3)
    longest = longest.encode()[: LIMIT // 3 * 3].decode(errors="ignore")
    code = segno.make(longest, error="m", micro=False, encoding="utf-8")

    assert code.symbol_size(border=4)[0] <= 97
    matrix = [[not dark for dark in row] for row in code.matrix_iter(scale=3, border=4)]
    assert read(matrix) == [longest]


def read(matrix: list[list[bool]]) -> list[str]:
    import numpy

    return [found.text for found in zxingcpp.read_barcodes(numpy.array(matrix, numpy.uint8) * 255)]
