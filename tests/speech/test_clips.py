"""Recorded clips come before the synthesiser, and `kiosk pack check` names those that nobody will hear."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.pack.model import Pack
from kiosk.pack.read import read_pack
from kiosk.pack.translate import Translation, translate
from kiosk.speech.clips import find_clip_warnings, find_clips
from kiosk.speech.espeak import load_synthesiser
from kiosk.speech.speech import Speech
from tests.pack.small_packs import ENGLAND, changed, write_pack

ASK = "What brings you here today?"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "england", changed(ENGLAND, "pack.yaml", "languages: [en]", "languages: [en, pl]"))


def record(folder: Path, name: str) -> Path:
    file = folder / "clips" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"RIFF")
    return file


def in_polish(pack: Pack) -> Pack:
    return translate(pack, Translation("pl", {("home.yaml:ask", ASK): "Co Cię sprowadza?"}))


def test_a_clip_is_found_by_the_place_of_its_text(folder: Path):
    clip = record(folder, "en/home/ask.ogg")
    polish = record(folder, "pl/home/ask.wav")
    pack = read_pack(folder)

    assert find_clips(pack, "en", [folder]) == {ASK: clip}
    assert find_clips(in_polish(pack), "pl", [folder]) == {"Co Cię sprowadza?": polish}


def test_the_local_packs_clip_wins(folder: Path, tmp_path: Path):
    record(folder, "en/home/ask.ogg")
    local = record(tmp_path / "oxfordshire", "en/home/ask.ogg")

    assert find_clips(read_pack(folder), "en", [folder, tmp_path / "oxfordshire"]) == {ASK: local}


def test_a_text_that_has_stayed_english_has_no_polish_clip(folder: Path):
    record(folder, "pl/home/welcome.ogg")

    assert find_clips(in_polish(read_pack(folder)), "pl", [folder]) == {}


def test_what_has_a_clip_is_played_and_the_rest_is_synthesised(folder: Path):
    clip = record(folder, "en/home/ask.ogg")
    speech = Speech(load_synthesiser(), lambda code: find_clips(read_pack(folder), code, [folder]))

    assert speech.sounds_of(f"**{ASK}**", "en") == [clip]
    assert [type(sound) for sound in speech.sounds_of(f"{ASK}\nTouch to start", "en")] == [type(clip), bytes]


def test_without_a_synthesiser_only_clips_are_heard(folder: Path):
    clip = record(folder, "en/home/ask.ogg")
    speech = Speech(None, lambda code: find_clips(read_pack(folder), code, [folder]))

    assert (speech.speaks("en"), speech.speaks("pl")) == (True, False)
    assert speech.sounds_of(f"{ASK}\nTouch to start", "en") == [clip]


def test_clips_that_nobody_will_hear_are_named(folder: Path):
    for name in ("en/home/ask.ogg", "en/flows/work/questions.gone.ask.ogg", "so/home/ask.ogg"):
        record(folder, name)
    found = find_clip_warnings(folder, read_pack(folder))

    assert [(finding.file.rpartition("clips/")[2], finding.says) for finding in found] == [
        ("en/flows/work/questions.gone.ask.ogg", "The text of this clip is gone."),
        ("so/home/ask.ogg", "The pack is not in this clip's language."),
    ]


def test_a_text_with_a_figure_in_it_has_no_clip(tmp_path: Path):
    folder = write_pack(
        tmp_path / "england", changed(ENGLAND, "home.yaml", ASK, "Do you know of {fact:childcare-most}?")
    )
    record(folder, "en/home/ask.ogg")

    assert find_clips(read_pack(folder), "en", [folder]) == {}
    assert [each.says for each in find_clip_warnings(folder, read_pack(folder))] == [
        "The text of this clip holds a fact, which changes."
    ]
