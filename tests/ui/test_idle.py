"""Untouched for a while: a warning that a touch takes back, then nothing of the visit is left (R6, promise 38)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.childcare.model import Postcode, Search
from kiosk.childcare.search import find_childcare
from kiosk.settings import Settings
from kiosk.ui.navigation import BARE
from kiosk.ui.proof.scenes import find_scenes
from kiosk.ui.visit import Draft, Place, Visit
from tests.soak.leftovers import in_widgets, plain

CANARY, NUMBER, POSTCODE = "Zebedee Canary", "07911123456", "OX4 9ZQ"


def scenes(kiosk) -> dict[str, Visit]:
    """A visit to each screen of the table, on which a parent has typed all there is to type."""
    services = kiosk.app.services
    [near] = find_childcare(services.childcare, Search(Postcode.parse("OX4 4UY"), size=1)).found
    without_state = [scene for scene in find_scenes(kiosk.app.pack, near.provider.urn) if not scene.state]
    draft = replace(Draft(), name=CANARY, phone=NUMBER)
    how = {"still": True, "postcode": POSTCODE.replace(" ", ""), "draft": draft}
    found = {scene.kind: replace(scene.visit, **how) for scene in without_state if scene.kind not in BARE}
    return found | {"home": replace(found["home"], text_size=2, contrast=True)}


def visit(kiosk, screen: str) -> Visit:
    return scenes(kiosk)[screen]


def left_behind(kiosk) -> list[str]:
    beginnings = [plain(CANARY)[:6], NUMBER[1:7], plain(POSTCODE)]
    return [*in_widgets(kiosk, beginnings), *(["the visit"] if kiosk.app.navigation.visit.draft else [])]


def hurry(kiosk, idle: float = 0.05, warning: int = 20) -> None:
    kiosk.app.idle.idle_seconds, kiosk.app.idle.warning_seconds = idle, warning
    kiosk.app.idle.rest()
    kiosk.app.idle.touched()


@pytest.mark.promise(6, 38)
def test_every_screen_warns_and_then_forgets_everything(kiosk):
    for screen, there in scenes(kiosk).items():
        kiosk.app.navigation.visit = there
        assert kiosk.app.navigation.screen == screen
        kiosk.app.idle.touched()
        be_due(kiosk.app.idle)
        kiosk.lay_out()
        assert kiosk.app.idle.warning and "Are you still here?" in kiosk.words(), screen

        while kiosk.app.idle.warning:
            kiosk.app.idle._tick(1)
        kiosk.lay_out()

        assert kiosk.app.navigation.visit == Visit(), screen
        assert "Touch to start" in kiosk.words(), screen
        assert not kiosk.app.theme.contrast and kiosk.app.theme.text_scale == 1, screen
        assert left_behind(kiosk) == [], screen


@pytest.mark.promise(6, 38)
def test_on_every_screen_one_touch_finishes_or_leaves_and_forgets_everything(kiosk):
    for screen, there in scenes(kiosk).items():
        kiosk.app.navigation.visit = there
        kiosk.lay_out()
        guarded = kiosk.app.root.guarded
        lift_after(kiosk, kiosk.find("Leave this page" if guarded else "Finish"))
        kiosk.step(1)

        # One frame after the finger lifts: whoever looks over a shoulder sees the centre's name, or its welcome.
        shown = kiosk.words()
        assert kiosk.app.navigation.screen == ("neutral" if guarded else "welcome"), screen
        assert "Welcome to" in shown or "Touch to start" in shown, screen
        assert kiosk.app.navigation.visit == Visit(places=(Place(kiosk.app.navigation.screen),)), screen
        assert left_behind(kiosk) == [], screen


def lift_after(kiosk, widget) -> None:
    """Press a widget and lift the finger; the frame after that is the caller's."""
    kiosk.app.attention._acted_at = float("-inf")
    x, y = widget.to_window(*widget.center)
    kiosk.window.dispatch("on_mouse_down", x, kiosk.window.height - y, "left", [])
    kiosk.step(1)
    kiosk.window.dispatch("on_mouse_up", x, kiosk.window.height - y, "left", [])


def be_due(idle) -> None:
    """Let the time that is borne untouched have passed."""
    idle._timer.cancel()
    idle._touched_at -= 2 * idle.idle_seconds
    idle._due(0)


@pytest.mark.promise(38)
def test_the_warning_counts_down_from_twenty_seconds(kiosk):
    kiosk.app.navigation.home()
    hurry(kiosk)
    kiosk.wait_until(lambda: kiosk.app.idle.warning)

    assert kiosk.app.idle.seconds_left == 20
    kiosk.app.idle._tick(1)
    assert kiosk.app.idle.seconds_left == 19
    kiosk.step(2)
    # On a busy machine a second of its own may have gone by.
    assert any(f"{kiosk.app.idle.seconds_left} seconds" in words for words in kiosk.words())


@pytest.mark.promise(38)
def test_one_touch_takes_the_warning_back_and_nothing_is_lost(kiosk):
    before = kiosk.app.navigation.visit = visit(kiosk, "call-name")
    hurry(kiosk)
    kiosk.wait_until(lambda: kiosk.app.idle.warning)
    kiosk.app.idle.idle_seconds = 60
    kiosk.touch("I’m still here")

    assert not kiosk.app.idle.warning and kiosk.app.navigation.visit == before
    assert "Are you still here?" not in kiosk.words()


def test_a_touch_beside_the_warning_presses_nothing_under_it(kiosk):
    before = kiosk.app.navigation.visit = visit(kiosk, "home")
    hurry(kiosk)
    kiosk.wait_until(lambda: kiosk.app.idle.warning)
    kiosk.tap(540, 1500)

    assert kiosk.app.navigation.visit == before


def test_the_warning_can_be_answered_by_finishing(kiosk):
    kiosk.app.navigation.visit = visit(kiosk, "call-review")
    hurry(kiosk)
    kiosk.wait_until(lambda: kiosk.app.idle.warning)
    kiosk.touch("Finish and clear")

    assert kiosk.app.navigation.visit == Visit()


def test_the_welcome_needs_no_warning(kiosk):
    kiosk.app.navigation.home()
    hurry(kiosk)
    kiosk.app.navigation.finish()
    kiosk.step(20)

    assert not kiosk.app.idle.warning and kiosk.app.idle._timer is None


def test_the_defaults_are_those_of_the_duties():
    assert (Settings().idle_seconds, Settings().warning_seconds) == (60, 20)
