"""Untouched for a while: a warning that a touch takes back, then nothing of the visit is left (R6, promise 38)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.settings import Settings
from kiosk.ui.visit import Draft, Place, Visit

SCREENS = [
    "home",
    "flow",
    "stage",
    "page",
    "helpers",
    "web",
    "checklist",
    "postcode",
    "childcare",
    "call-name",
    "call-review",
    "staff-code",
    "staff",
    "staff-close",
]


def place(kiosk, screen: str) -> Place:
    pack = kiosk.app.pack
    targets = {
        "flow": "work",
        "stage": "work/money",
        "page": next(iter(pack.pages)),
        "web": next(fact.id for fact in pack.facts.values() if fact.unit == "address"),
        "checklist": next(iter(pack.checklists)),
        "childcare": "OX4 4UY",
    }
    return Place(screen, targets.get(screen, ""))


def visit(kiosk, screen: str) -> Visit:
    draft = replace(Draft(), name="Zebedee Canary", phone="07911123456")
    places = (Place("welcome"), Place("home"), place(kiosk, screen))
    return Visit(places=places, text_size=2, contrast=True, postcode="OX4 4UY", draft=draft)


def hurry(kiosk, idle: float = 0.05, warning: int = 20) -> None:
    kiosk.app.idle.idle_seconds, kiosk.app.idle.warning_seconds = idle, warning
    kiosk.app.idle.rest()
    kiosk.app.idle.touched()


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.promise(38)
def test_every_screen_warns_and_then_forgets_everything(kiosk, screen):
    kiosk.app.navigation.visit = visit(kiosk, screen)
    hurry(kiosk)
    kiosk.wait_until(lambda: kiosk.app.idle.warning)
    assert "Are you still here?" in kiosk.words()

    while kiosk.app.idle.warning:
        kiosk.app.idle._tick(1)
    kiosk.settle()

    assert kiosk.app.navigation.visit == Visit()
    assert "Touch to start" in kiosk.words()
    assert not kiosk.app.theme.contrast and kiosk.app.theme.text_scale == 1


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
