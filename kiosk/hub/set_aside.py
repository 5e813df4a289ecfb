"""What waits for a lead at the kiosks, so that none of it is lost from sight."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from kiosk.hub.conflicts import Conflicts, Doubled
from kiosk.hub.fleet import Fleet, KioskLine


@dataclass(frozen=True)
class SetAside:
    """Kiosks of which a copy waits to be settled, and requests that came under a number that was taken."""

    copied: tuple[KioskLine, ...]
    doubled: tuple[Doubled, ...]


def find_set_aside(engine: Engine) -> SetAside:
    """Return all that waits for a lead."""
    copied = (line for line in Fleet(engine).find_kiosks() if line.needs_settling)
    return SetAside(tuple(copied), tuple(Conflicts(engine).find()))
