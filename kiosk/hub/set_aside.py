"""What waits for a lead at the kiosks, so that none of it is lost from sight."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, exists, select

from kiosk.hub.conflicts import Conflicts, Doubled
from kiosk.hub.fleet import Fleet, KioskLine
from kiosk.hub.kept_apart import TAKEN_IN, Apart, KeptApart
from kiosk.hub.tables import apart, conflicts, standings


@dataclass(frozen=True)
class SetAside:
    """Kiosks of which a copy waits to be settled, requests that came under a number that was taken, and what a copy
    brought.
    """

    copied: tuple[KioskLine, ...]
    doubled: tuple[Doubled, ...]
    apart: tuple[Apart, ...]


def find_set_aside(engine: Engine) -> SetAside:
    """Return all that waits for a lead."""
    with engine.connect() as connection:
        forked, doubled, kept = connection.execute(_ANY).one()
    copied = (line for line in Fleet(engine).find_kiosks() if line.needs_settling) if forked else ()
    return SetAside(
        tuple(copied),
        tuple(Conflicts(engine).find()) if doubled else (),
        tuple(KeptApart(engine).find()) if kept else (),
    )


# Asked with every list, and hardly ever true.
_ANY = select(
    exists().where(standings.c.forked_at.is_not(None)).label("forked"),
    exists(select(conflicts.c.id)).label("doubled"),
    exists(select(apart.c.id).where(~TAKEN_IN)).label("kept"),
)
