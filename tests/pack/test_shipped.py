"""The packs that come with the program: read without fault, and every path of every flowchart walked."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from kiosk.flow.model import Outcome
from kiosk.flow.paths import find_paths, find_reachable, nodes_of
from kiosk.flow.walk import Answers, trail, where
from kiosk.pack.facts import fill
from kiosk.pack.model import Pack
from kiosk.pack.read import read_pack
from kiosk.pack.texts import find_shown_texts
from kiosk.settings import content_folder

FOLDERS = sorted(file.parent for file in content_folder().glob("*/pack.yaml"))


@cache
def shipped(folder: Path) -> Pack:
    return read_pack(folder)


def flows() -> list[tuple[Path, str]]:
    return [(folder, file.stem) for folder in FOLDERS for file in sorted(content_folder().glob("england/flows/*.yaml"))]


def test_the_national_pack_and_two_local_ones_are_shipped():
    assert {folder.name for folder in FOLDERS} >= {"england", "oxfordshire", "westminster"}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_shipped_pack_reads_without_fault(folder: Path):
    assert shipped(folder).id == folder.name


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_text_of_a_shipped_pack_is_whole_while_its_facts_hold_and_after(folder: Path):
    pack = shipped(folder)
    days = {day for fact in pack.facts.values() for day in (fact.checked_on, fact.review_by.replace(year=2099))}

    for text in find_shown_texts(pack):
        for day in days:
            assert "{" not in fill(text.words, pack.facts, day)


@pytest.mark.parametrize(("folder", "flow_id"), flows(), ids=lambda value: getattr(value, "name", value))
def test_every_path_of_a_flowchart_ends_in_an_outcome_with_steps_and_helpers(folder: Path, flow_id: str):
    pack = shipped(folder)
    flow = pack.flows[flow_id]

    for path in find_paths(flow):
        end = where(flow, path)
        assert isinstance(end, Outcome), path
        assert end.next, path
        assert all(pack.helpers[helper].does for helper in end.helpers)
        assert [question.id for question in trail(flow, path)] == list(nodes_of(flow, path)[:-1])


@pytest.mark.parametrize(("folder", "flow_id"), flows(), ids=lambda value: getattr(value, "name", value))
def test_every_question_answer_and_outcome_of_a_flowchart_is_on_a_path(folder: Path, flow_id: str):
    flow = shipped(folder).flows[flow_id]
    paths: list[Answers] = list(find_paths(flow))

    assert {node for path in paths for node in nodes_of(flow, path)} == {*flow.questions, *flow.outcomes}
    on_offer = {(question.id, answer.id) for question in flow.questions.values() for answer in question.answers}
    assert {answered for path in paths for answered in path} == on_offer
    assert find_reachable(flow, flow.start) == {*flow.questions, *flow.outcomes}
