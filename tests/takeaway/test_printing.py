"""A slip through a real CUPS: out on paper, stuck, or with no queue to go to."""

from __future__ import annotations

import time

import pytest

from kiosk.errors import PrinterStuck
from kiosk.takeaway.model import Paper
from kiosk.takeaway.printer import Printer
from tests.takeaway.queues import Cups
from tests.takeaway.slips import ENGLISH


def pause(seconds: float) -> bool:
    time.sleep(min(seconds, 0.05))
    return False


def waiting(cups: Cups) -> str:
    return cups.run("lpstat", "-W", "not-completed", "-o", "slips").stdout


def test_a_slip_comes_out_of_the_printer_as_pdf(cups):
    Printer("slips", Paper.A6).print(ENGLISH, pause)

    assert cups.printed.read_bytes().startswith(b"%PDF-")
    assert waiting(cups) == ""


def test_the_queue_names_nothing_but_notes(cups):
    Printer("slips", Paper.A6).print(ENGLISH, pause)

    history = cups.run("lpstat", "-l", "-W", "completed", "-o", "slips").stdout
    assert "Ready to look" not in history
    assert cups.kept_files() == []


def test_a_slip_that_does_not_come_out_is_taken_back(cups):
    cups.hold("slips")

    with pytest.raises(PrinterStuck) as stuck:
        Printer("slips", Paper.A6).print(ENGLISH, pause, patience=1)

    assert str(stuck.value) == "The slip is not out. See that the printer is on, and has paper."
    assert waiting(cups) == ""
    assert cups.kept_files() == []


def test_a_slip_is_taken_back_when_the_kiosk_is_closed(cups):
    cups.hold("slips")

    with pytest.raises(PrinterStuck):
        Printer("slips", Paper.A6).print(ENGLISH, lambda _seconds: True)

    assert waiting(cups) == ""


def test_a_queue_that_there_is_none_of_is_named_to_staff(cups):
    with pytest.raises(PrinterStuck) as stuck:
        Printer("nowhere", Paper.A6).print(ENGLISH, pause)

    assert stuck.value.remedy == "See that the setting printer names a queue of: lpstat -p"


def test_without_cups_staff_are_told_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(PrinterStuck) as stuck:
        Printer("slips", Paper.A6).print(ENGLISH, pause)

    assert stuck.value.remedy == "Install CUPS: apt install cups"
