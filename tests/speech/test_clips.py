"""Recorded clips come before the synthesiser, and `kiosk pack check` names those that nobody will hear."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.cli import kiosk
from kiosk.pack.model import Pack
from kiosk.pack.read import read_pack
from kiosk.pack.translate import Translation, translate
from kiosk.speech.clips import digest_of, find_clip_warnings, find_clips, note_words
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


def note(folder: Path) -> None:
    """The clips were listened to: what they read is noted down."""
    note_words(folder, read_pack(folder))


def write_polish(folder: Path, ask: str = "Co Cię sprowadza?") -> None:
    """The pack's Polish, checked by a speaker."""
    file = folder / "words" / "pl.po"
    file.parent.mkdir(exist_ok=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    file.write_text(f'{head}msgctxt "home.yaml:ask"\nmsgid "{ASK}"\nmsgstr "{ask}"\n', encoding="utf-8")


def in_polish(pack: Pack) -> Pack:
    return translate(pack, Translation("pl", {("home.yaml:ask", ASK): "Co Cię sprowadza?"}))


def test_a_clip_is_found_by_the_place_of_its_text(folder: Path):
    clip = record(folder, "en/home/ask.ogg")
    polish = record(folder, "pl/home/ask.wav")
    write_polish(folder)
    note(folder)
    pack = read_pack(folder)

    assert find_clips(pack, "en", [folder]) == {ASK: clip}
    assert find_clips(in_polish(pack), "pl", [folder]) == {"Co Cię sprowadza?": polish}


def test_the_local_packs_clip_wins(folder: Path, tmp_path: Path):
    record(folder, "en/home/ask.ogg")
    note(folder)
    local = record(tmp_path / "oxfordshire", "en/home/ask.ogg")
    note_words(tmp_path / "oxfordshire", read_pack(folder))

    assert find_clips(read_pack(folder), "en", [folder, tmp_path / "oxfordshire"]) == {ASK: local}


def test_a_text_that_has_stayed_english_has_no_polish_clip(folder: Path):
    record(folder, "pl/home/welcome.ogg")
    note(folder)

    assert find_clips(in_polish(read_pack(folder)), "pl", [folder]) == {}


def test_what_has_a_clip_is_played_and_the_rest_is_synthesised(folder: Path):
    clip = record(folder, "en/home/ask.ogg")
    note(folder)
    speech = Speech(load_synthesiser(), lambda code: find_clips(read_pack(folder), code, [folder]))

    assert speech.sounds_of(f"**{ASK}**", "en") == [clip]
    assert [type(sound) for sound in speech.sounds_of(f"{ASK}\nTouch to start", "en")] == [type(clip), bytes]


def test_without_a_synthesiser_only_clips_are_heard(folder: Path):
    clip = record(folder, "en/home/ask.ogg")
    note(folder)
    speech = Speech(None, lambda code: find_clips(read_pack(folder), code, [folder]))

    assert (speech.speaks("en"), speech.speaks("pl")) == (True, False)
    assert speech.sounds_of(f"{ASK}\nTouch to start", "en") == [clip]


def test_clips_that_nobody_will_hear_are_named(folder: Path):
    for name in ("en/home/ask.ogg", "en/flows/work/questions.gone.ask.ogg", "so/home/ask.ogg"):
        record(folder, name)
    note(folder)
    found = find_clip_warnings(folder, read_pack(folder))

    assert [(finding.file.rpartition("clips/")[2], finding.says) for finding in found] == [
        ("en/flows/work/questions.gone.ask.ogg", "The text of this clip is gone."),
        ("so/home/ask.ogg", "The pack is not in this clip's language."),
    ]


def test_a_clip_whose_text_was_reworded_is_not_played_and_is_named(folder: Path):
    for language in ("en", "pl"):
        record(folder, f"{language}/home/ask.ogg")
    write_polish(folder)
    note(folder)
    assert find_clip_warnings(folder, read_pack(folder)) == []

    write_polish(folder, "Co Cię dziś sprowadza?")
    polish = translate(read_pack(folder), Translation("pl", {("home.yaml:ask", ASK): "Co Cię dziś sprowadza?"}))
    [finding] = find_clip_warnings(folder, read_pack(folder))
    assert finding.says == "The words of this clip were changed after it was recorded."
    assert finding.file.endswith("clips/pl/home/ask.ogg")
    assert find_clips(polish, "pl", [folder]) == {}
    assert ASK in find_clips(read_pack(folder), "en", [folder])

    note(folder)
    assert find_clip_warnings(folder, read_pack(folder)) == []
    assert find_clips(polish, "pl", [folder])


def test_a_clip_that_nobody_noted_is_not_played_and_is_named(folder: Path):
    record(folder, "en/home/ask.ogg")

    assert find_clips(read_pack(folder), "en", [folder]) == {}
    assert [each.says for each in find_clip_warnings(folder, read_pack(folder))] == [
        "Nobody has noted which words this clip reads."
    ]


def test_the_words_of_clips_are_noted_by_a_command(folder: Path):
    record(folder, "en/home/ask.ogg")

    result = CliRunner().invoke(kiosk, ["pack", "clips", str(folder)])

    assert result.output == "en: 1 noted.\n"
    assert (folder / "clips" / "en" / "words.sha256").read_text(encoding="utf-8") == f"{digest_of(ASK)}  home/ask\n"


def test_a_text_with_a_figure_in_it_has_no_clip(tmp_path: Path):
    folder = write_pack(
        tmp_path / "england", changed(ENGLAND, "home.yaml", ASK, "Do you know of {fact:childcare-most}?")
    )
    record(folder, "en/home/ask.ogg")

    assert find_clips(read_pack(folder), "en", [folder]) == {}
    assert [each.says for each in find_clip_warnings(folder, read_pack(folder))] == [
        "The text of this clip holds a fact, which changes."
    ]
