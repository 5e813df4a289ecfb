"""Every text of the shipped pack fits its place: measured by the engine that lays it out, before anything is painted."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest

from kiosk.ui.navigation import SCREENS
from kiosk.ui.proof import looks
from kiosk.ui.proof.looks import SIZES, THEMES, Look
from kiosk.ui.proof.misfits import find_misfits, ink_box
from kiosk.ui.proof.scenes import find_scenes, fullest
from kiosk.ui.proof.services import fullest_provider, proof_services
from kiosk.ui.proof.show import pages_of, show_all
from kiosk.ui.visit import Place, Visit
from tests.ui.conftest import ROOT, SATURDAY

PACK = ROOT / "content" / "oxfordshire"
# Width, height and text size, for the tests of single screens.
WINDOWS = [(1080, 1920, 0), (1920, 1080, 0), (1366, 768, 0), (1080, 1920, 2), (1366, 768, 2)]
LARGEST = SIZES.index("largest")
# Each window, size and way of writing once, with the languages whose words are longest; `make proof` takes all together.
LOOKS = [
    Look("ur", "calm", LARGEST, (1080, 1920)),
    Look("pl", "contrast", LARGEST, (1280, 800)),
    Look("ro", "calm", SIZES.index("large"), (1366, 768)),
    Look("bn", "calm", SIZES.index("normal"), (1920, 1080)),
]


def misfits(kiosk) -> list[str]:
    return [str(misfit) for misfit in find_misfits(kiosk.window)]


@pytest.fixture
def make_services(loaded: Path, tmp_path: Path):
    copytree(loaded, tmp_path / "proof")
    return lambda: proof_services(PACK, tmp_path / "proof", clock=lambda: SATURDAY)


@pytest.fixture
def scenes(make_services) -> list:
    services = make_services()
    found = find_scenes(services.pack, fullest_provider(services))
    services.stop()
    return found


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.file_name)
def test_the_fullest_of_each_screen_fits(window, make_services, scenes, look):
    """Each screen in two of the looks; `make proof` measures all of them in all looks."""
    services = make_services()
    shown = fullest(services.pack, scenes)[LOOKS.index(look) % 2 :: 2]

    faults = {str(sight): sight.misfits for _, sight in show_all(lambda: services, shown, [look]) if sight.misfits}

    assert faults == {}


def test_the_looks_tried_hold_each_window_size_and_theme():
    assert {look.window for look in LOOKS} == set(looks.WINDOWS)
    assert {look.size for look in LOOKS} == set(range(len(SIZES)))
    assert {look.theme for look in LOOKS} == set(THEMES)


def test_every_screen_of_the_programme_is_proved(scenes):
    assert {scene.kind for scene in scenes} == set(SCREENS)


def test_the_theme_moves_no_text(kiosk, scenes):
    """So that a text which fits in one theme fits in both."""
    from kiosk.ui.widgets.words import Words

    def boxes(scene, theme):
        next(pages_of(kiosk, scene, Look("en", theme, 0, (1080, 1920))))
        texts = (widget for widget in kiosk.app.root.walk() if isinstance(widget, Words) and widget.text)
        return sorted((words.text, *map(round, ink_box(words))) for words in texts)

    kinds = ("home", "question", "outcome", "map", "checklist", "call-times", "call-name")
    few = [scene for scene in fullest(kiosk.app.pack, scenes) if scene.kind in kinds and not scene.state]
    assert len(few) == len(kinds)
    assert [scene.kind for scene in few if boxes(scene, "calm") != boxes(scene, "contrast")] == []


def test_a_text_that_does_not_fit_is_noticed(kiosk):
    """The measuring itself can fail: a long word in a narrow place is found."""
    kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("home")))
    kiosk.settle()
    heading = next(w for w in kiosk.window.children[0].walk() if getattr(w, "text", "") == kiosk.app.pack.home.ask)
    heading.size_hint_x, heading.width = None, 60
    kiosk.step()

    assert any("wider than its place" in fault for fault in misfits(kiosk))


def test_texts_on_one_another_or_outside_are_noticed(kiosk):
    kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("home")))
    kiosk.settle()
    heading = next(w for w in kiosk.window.children[0].walk() if getattr(w, "text", "") == kiosk.app.pack.home.ask)
    x, y = heading.pos

    heading.pos = x, y - heading.height
    assert any(f"{kiosk.app.pack.home.ask!r} lies over" in fault for fault in misfits(kiosk))
    heading.pos = x, kiosk.window.height - 20
    assert any("leaves the screen" in fault for fault in misfits(kiosk))
