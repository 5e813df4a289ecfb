"""What stands over the screen of a preview for who writes the pack: its faults, or that nothing is sent."""

from __future__ import annotations

from kivy.properties import StringProperty

from kiosk.errors import PackFaulty
from kiosk.ui.kv import load_beside
from kiosk.ui.widgets import words  # noqa: F401  the kv beside this file names them
from kiosk.ui.widgets.panel import Row

MOST = 4
"""Faults that are written out; the screen below is to be seen as well."""


class FaultStrip(Row):
    """Takes no room while there is nothing to say. In English, as everything is that only staff read."""

    text = StringProperty("")


def in_words(faulty: PackFaulty) -> str:
    """Return the first faults, each with its file, line and remedy, and how many more there are."""
    lines = [f"{fault.file}{f', line {fault.line}' if fault.line else ''}: {fault}" for fault in faulty.faults[:MOST]]
    more = len(faulty.faults) - MOST
    return "\n".join([*lines, *([f"And {more} more: kiosk pack check names them all."] if more > 0 else [])])


load_beside(__file__)
