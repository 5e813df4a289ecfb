"""A machine that wakes without a clock and without a network is of use all the same (promise 40)."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.ui.screens.staff_jobs import look
from kiosk.ui.screens.staff_words import say_state
from kiosk.ui.visit import Place, Visit
from tests.end_to_end.whole import NAME, ask_for_a_call
from tests.processes import ROOT, Machine

BOOT = datetime(1970, 1, 1, 0, 1, tzinfo=UTC)
CALM = "01/01/1970 01:01"


@pytest.fixture
def at_boot(services):
    """A kiosk that has joined a hub it cannot reach, by a clock that begins with the machine."""
    services.now = lambda: BOOT
    return services


@pytest.mark.promise(32, 40)
def test_by_a_clock_of_1970_a_call_is_asked_for_no_figure_is_shown_and_staff_are_warned(window, at_boot):
    from tests.ui.driving import Kiosk

    kiosk = Kiosk(at_boot)
    try:
        kiosk.resize(1080, 1920)
        for fact in (each for each in kiosk.app.pack.facts.values() if each.id != "keep-days"):
            assert kiosk.app.filled(f"{{fact:{fact.id}}}") == fact.ask
        screens = list(ask_for_a_call(kiosk))
        assert screens[-1] == "call-review" and NAME in kiosk.words()
        kiosk.touch("Send")
        kiosk.wait_until(lambda: "We have your request" in kiosk.words())
        assert at_boot.outbox.counts().waiting == 1

        kiosk.app.navigation.visit = Visit(places=(Place("welcome"), Place("staff")))
        said = say_state(look(at_boot), kiosk.app.words)
        assert said["Clock"] == (CALM, True) and said["Figures out of date"][1]
    finally:
        kiosk.stop()


@pytest.mark.promise(40)
def test_the_program_itself_starts_in_1970_without_a_network(tmp_path: Path):
    faketime = shutil.which("faketime")
    if not faketime:
        pytest.skip("faketime is not installed")
    library = next(iter(Path("/usr/lib").rglob("faketime/libfaketime.so.1")))
    settings = {"KIOSK_DATA": str(tmp_path / "data"), "KIOSK_PACK": str(ROOT / "content" / "oxfordshire")}
    machine = Machine(tmp_path, {**settings, "SDL_VIDEODRIVER": "offscreen", "http_proxy": "http://127.0.0.1:9"})
    environment = {"LD_PRELOAD": str(library), "FAKETIME": "@1970-01-01 00:01:00", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}

    ran = machine.run("run", "--check", **environment)

    assert (ran.status, ran.err) == (0, "")
    assert (tmp_path / "data" / "fonts").is_dir()
