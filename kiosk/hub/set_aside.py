"""What waits for a lead at the kiosks, so that none of it is lost from sight."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, exists, select

from kiosk.hub.conflicts import Conflicts, Doubled
from kiosk.hub.fleet import Fleet, KioskLine
from kiosk.hub.tables import conflicts, standings


@dataclass(frozen=True)
class SetAside:
    """Kiosks of which a copy waits to be settled, and requests that came under a number that was taken."""

    copied: tuple[KioskLine, ...]
    doubled: tuple[Doubled, ...]


def find_set_aside(engine: Engine) -> SetAside:
    """Return all that waits for a lead."""
    with engine.connect() as connection:
        forked, doubled = connection.execute(_ANY).one()
    copied = (line for line in Fleet(engine).find_kiosks() if line.needs_settling) if forked else ()
    return SetAside(tuple(copied), tuple(Conflicts(engine).find()) if doubled else ())


# Asked with every list, and hardly ever true.
_ANY = select(
    exists().where(standings.c.forked_at.is_not(None)).label("forked"), exists(select(conflicts.c.id)).label("doubled")
)
