"""A preview follows what is saved: new words at the same place, faults over the last good pack until they are mended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from kiosk.pack.read import read_pack
from kiosk.settings import Settings, content_folder
from kiosk.ui.visit import Place
from tests.ui.driving import Kiosk

DAY = date(2027, 4, 6)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("england", "oxfordshire"):
        copytree(content_folder() / name, tmp_path / "content" / name)
    return tmp_path / "content" / "oxfordshire"


@pytest.fixture
def kiosk(window: None, folder: Path, tmp_path: Path):
    from kiosk.ui.preview import PreviewApp, shown_scenes
    from kiosk.ui.preview_services import PreviewServices

    settings = replace(Settings(), data=tmp_path / "data", pack=folder, fullscreen=False, idle_seconds=9999)
    settings.data.mkdir()
    services = PreviewServices(settings, read_pack(folder), folder, DAY)
    scene = next(scene for scene in shown_scenes(services.pack) if str(scene) == "question work/cv")
    driven = Kiosk(services, make=lambda made: PreviewApp(made, scene))
    driven.resize(1080, 1920)
    yield driven
    driven.stop()


def save(file: Path, old: str, new: str) -> None:
    words = file.read_text(encoding="utf-8")
    assert old in words
    # As editors do: the new file is put in the place of the old one.
    beside = file.with_suffix(".part")
    beside.write_text(words.replace(old, new, 1), encoding="utf-8")
    beside.replace(file)


def test_saved_words_are_on_the_screen_at_the_same_place_and_faults_over_it_until_mended(kiosk: Kiosk, folder: Path):
    work = folder.parent / "england" / "flows" / "work.yaml"
    place = kiosk.app.navigation.place
    assert "Is your CV ready?" in kiosk.words()

    save(work, "ask: Is your CV ready?", "ask: Have you written a CV?")
    kiosk.wait_until(lambda: "Have you written a CV?" in kiosk.words())
    assert kiosk.app.navigation.place == place

    save(work, "go: writing-cv, icon: file-pen", "go: writing-cvs, icon: file-pen")
    kiosk.wait_until(lambda: "which does not exist" in kiosk.app.strip.text)
    line = work.read_text(encoding="utf-8").splitlines()
    number = next(n for n, words in enumerate(line, 1) if "writing-cvs" in words)
    assert f"work.yaml, line {number}: " in kiosk.app.strip.text
    assert 'Did you mean "writing-cv"?' in kiosk.app.strip.text
    assert "Have you written a CV?" in kiosk.words()
    assert kiosk.app.strip.height > 0

    save(work, "go: writing-cvs, icon: file-pen", "go: writing-cv, icon: file-pen")
    kiosk.wait_until(lambda: not kiosk.app.strip.text)
    kiosk.step(2)
    assert kiosk.app.strip.height == 0
    assert kiosk.app.navigation.place == place


def test_a_place_that_is_gone_leads_to_the_one_before_it(kiosk: Kiosk, folder: Path):
    page = folder / "pages" / "own.yaml"
    page.write_text("title: Our own page\nicon: info\nsay: [Come and see.]\n", encoding="utf-8")
    kiosk.app.navigation.home()
    kiosk.wait_until(lambda: "own" in kiosk.app.services.pack.pages)
    kiosk.app.navigation.go(Place("page", "own"))
    kiosk.wait_until(lambda: "Our own page" in kiosk.words())

    page.unlink()

    kiosk.wait_until(lambda: kiosk.app.navigation.screen == "home")


def test_it_pretends_the_day_and_turns_to_every_screen_and_sends_nothing(kiosk: Kiosk):
    assert kiosk.app.services.today() == DAY

    kiosk.window.dispatch("on_key_down", 281, 0, "", [])
    kiosk.settle()
    assert kiosk.app.navigation.place != Place("flow", "work")
    assert "Is your CV ready?" not in kiosk.words()
    kiosk.window.dispatch("on_key_down", 280, 0, "", [])
    kiosk.settle()
    assert "Is your CV ready?" in kiosk.words()

    from kiosk.ui.preview import SENDS_NOTHING, shown_scenes

    kiosk.app.show(next(scene for scene in shown_scenes(kiosk.app.services.pack) if scene.kind == "call-review"))
    kiosk.settle()
    kiosk.app.root.screen("call-review").go_on()
    kiosk.wait_until(lambda: kiosk.app.strip.text == SENDS_NOTHING)
    assert [file.name for file in kiosk.app.services.settings.data.iterdir() if "outbox" in file.name] == []
