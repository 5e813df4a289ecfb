"""The map of a flow on the wall: every answer is there, nothing lies on anything else, and it can be read on A3."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from html import unescape
from itertools import combinations, pairwise
from pathlib import Path
from shutil import which

import pytest
from click.testing import CliRunner

from kiosk.cli import kiosk
from kiosk.cli.pack_check import our_fonts
from kiosk.pack.model import Pack
from kiosk.pack.read import read_pack
from kiosk.pack.rules_text import as_shown
from kiosk.pack.wall_map import BOLD, LETTER, PAD, WallMap, answers_of, fitted, letter_size
from kiosk.pack.wall_picture import draw_svg
from kiosk.settings import content_folder

FLOWS = ["work", "training"]
SMALLEST = 8.5  # points: what can be read on a wall at arm's length


@cache
def oxfordshire() -> Pack:
    return read_pack(content_folder() / "oxfordshire")


@cache
def drawn(flow: str) -> WallMap:
    return fitted(oxfordshire().flows[flow], oxfordshire())[0]


def boxes(shape: WallMap) -> dict[str, tuple[float, float, float, float]]:
    at = {node: shape.top_left(node) for node in shape.cards}
    return {node: (x, y, x + shape.width, y + shape.cards[node].height) for node, (x, y) in at.items()}


@pytest.mark.parametrize("flow", FLOWS)
def test_no_card_lies_on_another_or_leaves_the_sheet_or_its_band(flow: str):
    shape = drawn(flow)
    stages = {node.id: node.stage for node in (*shape.flow.questions.values(), *shape.flow.outcomes.values())}

    for (_, a), (_, b) in combinations(boxes(shape).items(), 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    for node, (left, top, right, bottom) in boxes(shape).items():
        band = shape.chart.bands[stages[node]]
        assert left > 0 and right < shape.size[0]
        assert shape.row_tops[band.start] < top < bottom < shape.row_tops[band.stop]


@pytest.mark.parametrize("flow", FLOWS)
def test_no_line_runs_through_a_card_and_each_ends_at_its_own(flow: str):
    shape = drawn(flow)

    for question, number, answer in answers_of(shape.flow):
        corners = shape.way(question, number)
        for (xa, ya), (xb, yb) in pairwise(corners):
            for left, top, right, bottom in boxes(shape).values():
                inside = min(xa, xb) < right and left < max(xa, xb) and min(ya, yb) < bottom and top < max(ya, yb)
                assert not inside, (question.id, answer.id)
        left, top, right, bottom = boxes(shape)[question.id]
        assert corners[0][0] in (left, right) and top < corners[0][1] < bottom
        left, top, _, bottom = boxes(shape)[answer.go]
        assert corners[-1][0] == left and top < corners[-1][1] < bottom


@pytest.mark.parametrize("flow", FLOWS)
def test_lines_to_different_places_never_run_along_one_another(flow: str):
    shape = drawn(flow)
    upright = []
    for question, number, answer in answers_of(shape.flow):
        _, (x, ya), (_, yb), _ = shape.way(question, number)
        upright.append((answer.go, x, min(ya, yb), max(ya, yb)))

    for (to, x, top, bottom), (other, at, high, low) in combinations(upright, 2):
        assert to == other or x != at or bottom <= high or low <= top, (to, other)


@pytest.mark.parametrize("flow", FLOWS)
def test_every_word_is_on_it_within_its_card_in_letters_that_can_be_read(flow: str):
    with our_fonts() as have_them:
        assert have_them
        from kiosk.ui.measure import width_in_ems

        shape, paper = fitted(oxfordshire().flows[flow], oxfordshire(), width_in_ems)
        for card in shape.cards.values():
            assert max(width_in_ems(line) * BOLD * LETTER for line in card.head) <= shape.width - PAD
            assert all(width_in_ems(line) * LETTER <= shape.width - PAD for row in card.rows for line in row)
    words = " ".join(unescape(found) for found in re.findall(r"<text[^>]*>([^<]*)</text>", draw_svg(shape, paper)))

    assert sorted(paper) == [297, 420]
    assert letter_size(shape, paper) >= SMALLEST
    for question, _, answer in answers_of(shape.flow):
        assert as_shown(question.ask, oxfordshire().facts) in words
        assert as_shown(answer.say, oxfordshire().facts) in words
    assert all(as_shown(outcome.title, oxfordshire().facts) in words for outcome in shape.flow.outcomes.values())


@pytest.mark.skipif(which("pdftotext") is None, reason="needs poppler's pdftotext")
def test_the_pdf_holds_the_words_as_text_on_one_sheet(tmp_path: Path):
    ran = CliRunner().invoke(
        kiosk,
        [
            "pack",
            "map",
            str(content_folder() / "oxfordshire"),
            "--flow",
            "work",
            "--format",
            "pdf",
            "--out",
            str(tmp_path),
        ],
    )
    assert ran.exit_code == 0, ran.output
    pdf = (tmp_path / "work.pdf").read_bytes()
    assert all(each in pdf for each in (b"/StructTreeRoot", b"pdfuaid:part", b"/Lang(en)", b"/Alt"))
    said = subprocess.run(
        ["pdftotext", str(tmp_path / "work.pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout

    assert said.count("\f") == 1
    for _, _, answer in answers_of(oxfordshire().flows["work"]):
        assert as_shown(answer.say, oxfordshire().facts) in " ".join(said.split())


def test_all_flows_are_drawn_unless_one_is_named_and_an_unknown_one_is_not(tmp_path: Path):
    folder = str(content_folder() / "oxfordshire")

    ran = CliRunner().invoke(kiosk, ["pack", "map", folder, "--out", str(tmp_path)])
    unknown = CliRunner().invoke(kiosk, ["pack", "map", folder, "--flow", "wrok"])

    assert (ran.exit_code, sorted(file.name for file in tmp_path.iterdir())) == (0, ["training.svg", "work.svg"])
    assert (unknown.exit_code, 'Did you mean "work"?' in unknown.output) == (2, True)
