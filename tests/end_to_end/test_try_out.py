"""`kiosk run`, alone and with a whole Waymark around it: it starts whole, ends whole, or says why not."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest
import requests

from tests.processes import ROOT, Machine, Running, wait_until

OFFSCREEN = {"SDL_VIDEODRIVER": "offscreen", "KIOSK_PACK": str(ROOT / "content" / "oxfordshire")}
SIGN_IN = r"The desk     (http://127\.0\.0\.1:\d+)\nSign in as   worker\nPassword     (\S{12})\n"
# Python runs this before anything else: the hub of a try-out then breaks as it starts.
BREAKS_THE_HUB = """
import os, sys
if "serve" in sys.orig_argv:
    os.write(2, b"No room for a hub here.\\n")
    os._exit(1)
"""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path, {**OFFSCREEN, "KIOSK_DATA": str(tmp_path / "data")})


@pytest.fixture
def blind(tmp_path: Path) -> Machine:
    """A machine without a display."""
    return Machine(tmp_path, {"KIOSK_DATA": str(tmp_path / "data")})


def left_behind(machine: Machine) -> list[str]:
    """Every process and every file of a try-out that should be gone."""
    return [*machine.processes(), *(file.name for file in machine.temporary.iterdir())]


def is_up(kiosk: Running, data: Path) -> bool:
    """The welcome is painted and the kiosk has begun its work: that is what makes the childcare list."""
    assert kiosk.process.poll() is None, kiosk.text()
    return (data / "childcare.db").exists()


class TestTryOut:
    def test_it_prints_the_desk_and_a_sign_in_and_leaves_nothing_behind(self, machine: Machine) -> None:
        ran = machine.run("run", "--try-out", "--check")

        assert (ran.status, ran.err) == (0, "")
        assert re.search(SIGN_IN, ran.out)
        assert left_behind(machine) == []
        assert not (machine.folder / "data").exists()

    def test_kiosk_and_hub_keep_their_files_apart_and_sigterm_ends_both_within_two_seconds(
        self, machine: Machine
    ) -> None:
        kiosk = machine.start("run", "--try-out")
        try:
            desk = kiosk.says(SIGN_IN)
            assert "Sign in" in requests.get(f"{desk}/sign-in", timeout=10).text
            [folder] = machine.temporary.glob("waymark-*")
            wait_until(lambda: (folder / "kiosk" / "outbox.sqlite").exists())
            assert {file.name.removesuffix("-journal") for file in (folder / "hub").iterdir()} == {"hub.sqlite"}
            assert {"identity.json", "childcare.db"} <= {file.name for file in (folder / "kiosk").iterdir()}
            assert not list((folder / "kiosk").rglob("hub*"))
        finally:
            seconds = kiosk.terminate()

        assert seconds < 2
        assert kiosk.process.returncode == 0
        assert left_behind(machine) == []

    def test_a_signal_while_the_hub_is_being_made_ends_that_too(self, machine: Machine) -> None:
        kiosk = machine.start("run", "--try-out")
        kiosk.says("(Making a hub)")
        wait_until(lambda: any("hub serve" in line for line in machine.processes()))

        kiosk.terminate()

        assert kiosk.process.returncode == 128 + signal.SIGTERM
        assert left_behind(machine) == []

    def test_a_hub_that_does_not_start_is_told_with_what_it_said(self, machine: Machine) -> None:
        (machine.folder / "sitecustomize.py").write_text(BREAKS_THE_HUB, encoding="utf-8")

        told = machine.run("run", "--try-out", PYTHONPATH=str(machine.folder)).told()

        assert told.splitlines() == [
            "No room for a hub here.",
            "The hub of this try-out did not start. Mend what it says above, then try again.",
        ]
        assert left_behind(machine) == []

    def test_a_faulty_pack_is_told_before_a_hub_is_made(self, machine: Machine) -> None:
        ran = machine.run("run", "--try-out", KIOSK_PACK="nowhere")

        assert "There is no such folder. Give the folder that holds pack.yaml." in ran.told()
        assert ran.out == ""
        assert left_behind(machine) == []


class TestDisplay:
    @pytest.mark.parametrize("words", [("run",), ("run", "--try-out")], ids=" ".join)
    @pytest.mark.parametrize("display", [{}, {"DISPLAY": ":4711"}, {"SDL_VIDEODRIVER": "nonesuch"}], ids=str)
    def test_without_one_it_says_what_to_do_and_starts_nothing(
        self, blind: Machine, words: tuple[str, ...], display: dict[str, str]
    ) -> None:
        ran = blind.run(*words, **display)

        assert ran.told().startswith("There is no display for the kiosk's window. Start it in a desktop session")
        assert ran.out == ""
        assert left_behind(blind) == []
        assert not (blind.folder / "data").exists()


class TestAlone:
    @pytest.mark.promise(8)
    def test_a_second_one_on_the_same_data_is_refused_and_sigterm_ends_the_first_within_two_seconds(
        self, machine: Machine
    ) -> None:
        data = machine.folder / "data"
        first = machine.start("run")
        try:
            wait_until(lambda: is_up(first, data))

            second = machine.run("run")

            assert second.told() == "Waymark is already running on this machine. Close the other window first."
            assert first.process.poll() is None
        finally:
            seconds = first.terminate()
        assert seconds < 2
        assert (first.process.returncode, first.text()) == (0, "")
        assert machine.run("run", "--check").status == 0

    def test_a_data_folder_named_from_here_shows_our_letters(self, machine: Machine) -> None:
        ran = machine.run("run", "--check", KIOSK_DATA="here")

        assert (ran.status, ran.err) == (0, "")
        assert list((machine.folder / "here" / "fonts" / "cache").iterdir())
