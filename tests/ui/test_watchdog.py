"""A screen that stands still or fails again and again is ended and started anew, without the visit (promise 39)."""

from __future__ import annotations

import logging
import socket
import sys
from pathlib import Path

import pytest

from kiosk.cli.supervise import wait_before
from tests.processes import ROOT, Machine, wait_until
from tests.ui.standing_still import NAME

SUPERVISE = "import sys; from kiosk.cli.supervise import keep_running; keep_running(sys.argv[2:], float(sys.argv[1]))"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    settings = {
        "SDL_VIDEODRIVER": "offscreen",
        "KIOSK_PACK": str(ROOT / "content" / "oxfordshire"),
        "KIOSK_DATA": str(tmp_path / "data"),
        "PYTHONPATH": str(ROOT),
    }
    return Machine(tmp_path, settings)


@pytest.mark.promise(39)
def test_a_screen_that_stands_still_is_started_anew_and_the_visit_is_not_restored(machine: Machine):
    window = [sys.executable, "-m", "tests.ui.standing_still", str(machine.folder)]
    supervisor = machine.start_python("-c", SUPERVISE, "2", *window)
    try:
        wait_until(lambda: (machine.folder / "shown").exists())
        supervisor.process.wait(30)
    finally:
        supervisor.kill()

    shown = (machine.folder / "shown").read_text(encoding="utf-8")
    assert shown.splitlines()[:2] == ["welcome", "None"]
    assert NAME not in shown and "Touch to start" in shown
    assert "The kiosk's window stood still. It is started again in 1 s." in supervisor.text()
    assert (supervisor.process.returncode, machine.processes()) == (0, [])


@pytest.mark.promise(39)
def test_who_ends_the_supervisor_ends_the_window(machine: Machine):
    supervisor = machine.start("run", "--supervised")
    try:
        wait_until(lambda: (machine.folder / "data" / "childcare.db").exists())
        assert len(machine.processes()) == 2
        supervisor.terminate()
    finally:
        supervisor.kill()

    assert (supervisor.process.returncode, supervisor.text()) == (0, "")
    wait_until(lambda: machine.processes() == [])


def test_failing_again_and_again_the_window_is_started_ever_later():
    assert [wait_before(failures) for failures in (1, 2, 3, 6, 100)] == [1, 2, 5, 60, 60]


@pytest.mark.promise(39)
def test_the_service_manager_hears_that_frames_turn(kiosk, tmp_path: Path):
    from kiosk.ui.watchdog import Watchdog, find_listeners

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.setblocking(False)
        environment = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "30000", "HOME": "/"}
        watchdog = Watchdog(find_listeners(environment), lost=lambda: None)
        watchdog.start()
        assert manager.recv(64) == b"READY=1"

        heard = []
        kiosk.wait_until(lambda: heard.extend(waiting(manager)) or len(heard) > 2)
        watchdog.stop()

        assert {*heard} == {b"WATCHDOG=1"}
        assert waiting(manager)[-1] == b"STOPPING=1"
        assert environment == {"HOME": "/"}


def waiting(manager: socket.socket) -> list[bytes]:
    found = []
    while True:
        try:
            found.append(manager.recv(64))
        except BlockingIOError:
            return found


def test_a_kiosk_that_xinit_started_answers_for_it():
    from kiosk.ui.watchdog import find_listeners

    [listener] = find_listeners({"NOTIFY_SOCKET": "@waymark", "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"})

    assert listener.seconds == 10


def test_nobody_listens_at_a_kiosk_that_is_started_by_hand():
    from kiosk.ui.watchdog import find_listeners

    assert find_listeners({}) == []


class TestFaults:
    @pytest.fixture
    def faults(self, kiosk):
        from kiosk.ui.watchdog import Faults

        given_up = []
        faults = Faults(wipe=kiosk.app.navigation.finish, give_up=lambda: given_up.append(True))
        faults.given_up = given_up
        faults.install()
        yield faults
        faults.remove()

    def test_what_breaks_ends_the_visit_and_the_log_holds_no_word_of_it(self, kiosk, faults, caplog):
        from kiosk.ui.visit import Draft, Visit

        kiosk.app.navigation.home()
        kiosk.app.navigation.set(draft=Draft(name=NAME))
        with caplog.at_level(logging.ERROR):
            break_a_frame(kiosk)

        assert kiosk.app.navigation.visit == Visit() and "Touch to start" in kiosk.words()
        assert "The screen failed: KeyError < test_watchdog.py" in caplog.text
        assert NAME not in caplog.text
        assert not faults.given_up

    def test_the_third_within_a_minute_gives_up(self, kiosk, faults, caplog):
        with caplog.at_level(logging.CRITICAL, "kiosk.ui.watchdog"):
            for _ in range(3):
                break_a_frame(kiosk)

        assert faults.given_up and faults.too_many

    def test_three_in_two_minutes_are_borne(self):
        from kiosk.ui.watchdog import is_too_many

        assert not is_too_many([0, 59, 61])
        assert is_too_many([0, 5, 61, 64])
        assert not is_too_many([0, 1])


def break_a_frame(kiosk) -> None:
    from kivy.clock import Clock

    def breaks(_dt) -> None:
        raise KeyError(NAME)

    Clock.schedule_once(breaks, 0)
    kiosk.step(3)
