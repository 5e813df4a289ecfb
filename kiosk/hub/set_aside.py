"""What does not lie on the desk as it should: how much waits for a lead, and a part of it at a time.

A kiosk that somebody else has the keys of can send much of it, so no page reads or shows all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Engine, exists, func, or_, select

from kiosk.hub.fleet import Fleet, KioskLine
from kiosk.hub.kept_apart import TAKEN_IN
from kiosk.hub.tables import apart, conflicts, standings

COUNTED_MOST = 1000


class Came(Protocol):
    """Something that came; `sequence` is the order of arrival within its kind."""

    @property
    def sequence(self) -> int: ...


One = TypeVar("One", bound=Came)


class Kind(StrEnum):
    """Why something is set aside; the value names the page that shows it. They are listed in this order."""

    APART = "apart"
    DOUBLED = "conflict"
    BROKEN = "broken"


class Mark(NamedTuple):
    """A place among all that is set aside: a kind, and the order of arrival within it."""

    kind: Kind
    sequence: int

    def __str__(self) -> str:
        return f"{self.kind}-{self.sequence}"


START = Mark(Kind.APART, 0)


@dataclass(frozen=True)
class SetAside:
    """Kiosks of which a copy waits to be settled; how many requests a copy brought, and how many came under a number that
    was taken: no more than COUNTED_MOST is counted of each.
    """

    copied: tuple[KioskLine, ...]
    doubled: int
    apart: int


def find_set_aside(engine: Engine) -> SetAside:
    """Return how much waits for a lead."""
    with engine.connect() as connection:
        forked, doubled, kept = connection.execute(_HOW_MUCH).one()
    copied = (line for line in Fleet(engine).find_kiosks() if line.needs_settling) if forked else ()
    return SetAside(tuple(copied), doubled, kept)


def has_aside(engine: Engine, id: UUID) -> bool:
    """True if something came under this number and is set aside."""
    there = or_(exists().where(conflicts.c.id == str(id)), exists().where(apart.c.id == str(id), ~TAKEN_IN))
    with engine.connect() as connection:
        return bool(connection.execute(select(there)).scalar_one())


def read_mark(said: str) -> Mark:
    """Return the place that a form or an address names; the start if it names none."""
    kind, _, sequence = said.partition("-")
    if kind not in list(Kind) or not sequence.isdecimal() or len(sequence) > 10:
        return START
    return Mark(Kind(kind), int(sequence))


def find_part(
    after: Mark, most: int, sources: Mapping[Kind, Callable[[int, int], Sequence[One]]]
) -> tuple[list[tuple[Kind, One]], Mark | None]:
    """Return at most so many of what comes after that place, and after which place the rest comes; None if that is all.

    A source returns at most so many of its kind that came after a number, in the order of arrival.
    """
    found = list[tuple[Kind, One]]()
    for kind in list(Kind)[list(Kind).index(after.kind) :]:
        if left := most + 1 - len(found):
            found += [(kind, one) for one in sources[kind](after.sequence if kind is after.kind else 0, left)]
    if len(found) <= most:
        return found, None
    last, one = found[most - 1]
    return found[:most], Mark(last, one.sequence)


# Asked with every list, and hardly ever more than nought. No row is counted past the most.
_DOUBLED = select(conflicts.c.sequence).limit(COUNTED_MOST).subquery()
_APART = select(apart.c.sequence).where(~TAKEN_IN).limit(COUNTED_MOST).subquery()
_HOW_MUCH = select(
    exists().where(standings.c.forked_at.is_not(None)).label("forked"),
    select(func.count()).select_from(_DOUBLED).scalar_subquery().label("doubled"),
    select(func.count()).select_from(_APART).scalar_subquery().label("kept"),
)
