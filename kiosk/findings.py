"""All that there is to say of a pack that can be read: on the command line, and on the hub's page of packs alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from kiosk.pack.check import Finding, find_picture_warnings, find_warnings
from kiosk.pack.model import Pack
from kiosk.pack.read import Reading
from kiosk.pack.sources import national_folder, shown_name
from kiosk.pack.texts import Measure
from kiosk.pack.words_check import find_translation_warnings
from kiosk.speech.clips import find_clip_warnings


def find_findings(folder: Path, reading: Reading, today: date, measure: Measure | None = None) -> list[Finding]:
    """Return every warning of the pack in `folder`, each once and sorted; without a `measure`, width goes by characters."""
    found = [
        *find_warnings(reading.pack, today, reading.marks, measure),
        *find_translation_warnings(folder, reading.pack, measure, reading.marks),
        *find_clip_warnings(folder, reading.pack),
        *find_picture_warnings(folder, reading.pack),
    ]
    return sorted(set(found))


def part_findings(folder: Path, pack: Pack, found: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Return what is for whoever looks after the national pack, and what is for this folder's staff: all else, and what
    is out of date there, which their parents miss as well.
    """
    if not pack.extends:
        return [], list(found)
    national = f"{shown_name(national_folder(folder, pack.extends))}/"
    others = [each for each in found if each.file.startswith(national) and not each.file.endswith("/facts.yaml")]
    return others, [each for each in found if each not in others]
