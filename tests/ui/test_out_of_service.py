"""A pack that cannot be read, and no good one from before: the screen rests until it is mended."""

from __future__ import annotations

import gc
import time
from dataclasses import replace
from shutil import copytree

import pytest

from kiosk.bootstrap import bootstrap
from kiosk.errors import PackFaulty
from kiosk.settings import Settings
from tests.processes import PATIENCE
from tests.ui.conftest import ROOT, SATURDAY


@pytest.fixture
def broken(tmp_path):
    """Settings of a kiosk whose pack was saved half."""
    for name in ("england", "oxfordshire"):
        copytree(ROOT / "content" / name, tmp_path / "content" / name)
    (tmp_path / "content" / "oxfordshire" / "helpers.yaml").write_text("- [", encoding="utf-8")
    return replace(Settings(), data=tmp_path / "data", pack=tmp_path / "content" / "oxfordshire", fullscreen=False)


@pytest.fixture
def resting(window, broken):
    from kivy.base import EventLoop, runTouchApp
    from kivy.core.window import Window

    from kiosk.ui.screens.out_of_service import OutOfService

    with pytest.raises(PackFaulty) as why:
        bootstrap(broken, lambda: SATURDAY)
    for child in list(Window.children):
        Window.remove_widget(child)
    app = OutOfService(why.value, lambda: bootstrap(broken, lambda: SATURDAY))
    app._run_prepare()
    if EventLoop.status != "started":
        runTouchApp(embedded=True)
    yield app
    app.dispatch("on_stop")
    for child in list(Window.children):
        Window.remove_widget(child)
    gc.collect()


def turn(app, until) -> None:
    from kivy.base import EventLoop

    latest = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < latest, "it did not come about in time"
        app.waiter.wake()
        EventLoop.idle()


def words(app) -> list[str]:
    from kiosk.ui.widgets.words import Words

    return [each.text for each in app.root.walk() if isinstance(each, Words)]


def test_it_sends_a_parent_to_the_desk_and_tells_staff_the_file(resting):
    rest, desk, *_, staff = words(resting)

    assert (rest, desk) == ("This screen is having a rest.", "Please ask at the desk.")
    assert staff.startswith("For staff: oxfordshire/helpers.yaml: ") and "kiosk pack check" in staff


def test_it_says_so_in_every_language_of_the_programme(resting):
    _, _, *others, _ = words(resting)

    assert len(others) == len(list((ROOT / "kiosk" / "ui" / "words").glob("*.po"))) >= 6
    assert any("Ten ekran odpoczywa." in each for each in others)
    assert any("هذه الشاشة في استراحة." in each for each in others)


def test_it_offers_nothing_to_press_and_keys_do_nothing(resting):
    from kivy.core.window import Window

    from kiosk.ui.spots import find_spots

    assert find_spots([(resting.root, 0)]) == []
    assert Window.dispatch("on_keyboard", 27, 0, "", [])
    assert Window.dispatch("on_request_close")


def test_it_stays_while_the_pack_is_broken_and_ends_when_it_is_mended(resting, broken):
    resting.look_again()
    turn(resting, until=lambda: not resting.background.is_busy)
    assert not resting.mended

    good = (ROOT / "content" / "oxfordshire" / "helpers.yaml").read_bytes()
    (broken.pack / "helpers.yaml").write_bytes(good)
    stopped = []
    resting.stop = lambda: stopped.append(True)
    resting.look_again()
    turn(resting, until=lambda: stopped)

    assert resting.mended


def test_all_its_words_fit(resting):
    from kivy.core.window import Window

    from kiosk.ui.widgets.words import Words

    for size in ((1080, 1920), (1366, 768)):
        Window.size = Window.system_size = size
        resting.theme.fit(*size)
        turn(resting, until=iter([False, False, False, True]).__next__)
        for each in (each for each in resting.root.walk() if isinstance(each, Words)):
            assert each.paragraph.fits and each.y >= 0 and each.top <= size[1]
