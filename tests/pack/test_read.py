"""What a folder without fault becomes."""

from __future__ import annotations

from datetime import date, time
from importlib.util import find_spec
from pathlib import Path

import pytest

from kiosk.flow.model import Opens, OpensKind
from kiosk.pack.model import Unit
from kiosk.pack.read import read_marked, read_pack
from kiosk.pack.tree import Mark
from tests.pack.small_packs import ENGLAND, OXFORDSHIRE, changed, line_of, write_both, write_pack


def test_a_national_pack_is_complete_by_itself(tmp_path: Path):
    pack = read_pack(write_pack(tmp_path / "england", ENGLAND))

    assert (pack.id, pack.version, pack.extends) == ("england", 1, "")
    assert pack.centre.districts == ()
    assert list(pack.flows["work"].questions) == ["today", "cv"]
    assert pack.callback.parts["morning"].start == time(9)
    assert pack.callback.days == (0, 1)
    assert pack.facts["childcare-most"].unit is Unit.POUNDS
    assert pack.facts["childcare-most"].review_by == date(2027, 4, 5)


def test_a_local_pack_wins_field_by_field_and_keeps_the_rest(tmp_path: Path):
    pack = read_pack(write_both(tmp_path))

    assert (pack.id, pack.version, pack.title) == ("oxfordshire", 3, "Oxfordshire")
    assert pack.centre.name == "Rose Hill children's centre"
    assert pack.centre.reception == "Please speak to reception."
    assert pack.helpers["work-coach"].where == "Oxford jobcentre"
    assert pack.helpers["work-coach"].does == "Helps you look for work."
    assert list(pack.helpers) == ["work-coach", "library"]
    assert pack.local == {"fis": "Oxfordshire Family Information Service"}


def test_a_local_list_replaces_the_national_one_whole(tmp_path: Path):
    write_both(tmp_path)
    cards = "cards:\n  - {title: Just this, icon: phone, open: callback}\n"

    pack = read_pack(write_pack(tmp_path / "oxfordshire", {"home.yaml": cards}))

    assert [card.title for card in pack.home.cards] == ["Just this"]
    assert pack.home.welcome == "Touch to start"


def test_a_local_answer_can_lead_elsewhere_and_a_local_page_can_be_new(tmp_path: Path):
    write_both(tmp_path)
    flow = 'questions: {cv: {answers: {"yes": {go: cv-first}}}}\nexamples: []\n'
    page = "title: Library\nicon: library\nsay: [Come in.]\n"

    pack = read_pack(write_pack(tmp_path / "oxfordshire", {"flows/work.yaml": flow, "pages/library.yaml": page}))

    assert {answer.id: answer.go for answer in pack.flows["work"].questions["cv"].answers}["yes"] == "cv-first"
    assert sorted(pack.pages) == ["library", "stay-and-play"]


def test_yes_and_no_stay_words(tmp_path: Path):
    files = changed(ENGLAND, "flows/work.yaml", '"yes": {say: It is ready', "yes: {say: Yes")
    files = changed(files, "flows/work.yaml", '"no": {say: Not yet', "no: {say: no")

    pack = read_pack(write_pack(tmp_path / "england", files))

    assert [(answer.id, answer.say) for answer in pack.flows["work"].questions["cv"].answers][:2] == [
        ("no", "no"),
        ("yes", "Yes"),
    ]


def test_steps_say_what_they_open(tmp_path: Path):
    pack = read_pack(write_pack(tmp_path / "england", ENGLAND))

    assert pack.pages["stay-and-play"].next[0].opens == Opens(OpensKind.FLOW, "work", "cv")
    assert pack.home.cards[1].opens == Opens(OpensKind.CALLBACK, "childcare")
    assert pack.flows["work"].outcomes["cv-first"].next[0].opens == Opens(OpensKind.CALLBACK)


@pytest.mark.parametrize(
    ("folder", "name"),
    [("england", "home.yaml"), ("oxfordshire", "helpers.yaml"), ("oxfordshire", "a-new-file.csv")],
)
def test_the_hash_changes_with_any_file_of_either_folder(folder: str, name: str, tmp_path: Path):
    local = write_both(tmp_path)
    before = read_pack(local).sha256

    with (tmp_path / folder / name).open("a", encoding="utf-8") as file:
        file.write("# a remark\n")

    assert read_pack(local).sha256 != before


def test_the_hash_is_the_same_wherever_the_folders_lie(tmp_path: Path):
    assert read_pack(write_both(tmp_path / "a")).sha256 == read_pack(write_both(tmp_path / "b")).sha256


def test_every_word_knows_the_file_and_line_it_was_written_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    write_both(Path())

    marks = read_marked(Path("oxfordshire")).marks

    work = ("flows/work.yaml", "questions", "cv", "answers", "yes", "say")
    assert marks.at(work) == Mark("england/flows/work.yaml", line_of(ENGLAND, "flows/work.yaml", "It is ready"))
    where = line_of(OXFORDSHIRE, "helpers.yaml", "where:")
    assert marks.at(("helpers.yaml", "work-coach", "where")) == Mark("oxfordshire/helpers.yaml", where)
    assert marks.at(("helpers.yaml", "work-coach", "does")).file == "england/helpers.yaml"


def test_the_folder_can_be_the_current_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(write_both(tmp_path))

    assert read_pack(Path()).id == "oxfordshire"


@pytest.mark.skipif(find_spec("lucide") is None, reason="the icons come with the [ui] extra")
def test_the_icons_of_the_small_packs_are_checked_against_the_real_ones():
    from kiosk.pack.icons import find_icons

    icons = find_icons()

    assert icons is not None
    assert {"footprints", "baby", "user-round"} <= icons
    assert "sprouts" not in icons
