"""Look for one person among what is set aside: whoever asks for all that is held of them may have nothing else here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from uuid import UUID

from kiosk.callbacks.inside import Told
from kiosk.callbacks.model import CallbackRequest
from kiosk.hub.conflicts import Conflicts
from kiosk.hub.desk import signed_in, the_desk
from kiosk.hub.kept_apart import KeptApart
from kiosk.hub.roles import Role
from kiosk.hub.set_aside import Kind, Mark, find_part, find_set_aside
from kiosk.hub.set_aside_look import Looked, look
from kiosk.hub.store import HeldEnvelope
from kiosk.hub.working_copies import Came

AT_ONCE = 500
"""Envelopes of one search: none of them has a working copy, and so many open in a quarter of a second."""
Matches = Callable[[CallbackRequest | Told], bool]


@dataclass(frozen=True)
class FoundAside:
    """What a search found among what is set aside, each with why it is. `searched` were opened, of which nobody can read
    `unread`; `more` is where the rest begins, None if there is none.

    `for_lead` is False where there is something, and whoever searched may not see what is set aside.
    """

    found: Sequence[tuple[Kind, Looked]] = ()
    searched: int = 0
    unread: int = 0
    more: Mark | None = None
    for_lead: bool = True


def find_aside(broken: Sequence[Came], matches: Matches, after: Mark) -> FoundAside | None:
    """Search a part of what is set aside, from that place on; None if nothing is. `broken` is what does not open."""
    if signed_in().worker.role is not Role.LEAD:
        waits = find_set_aside(the_desk().store.engine)
        return FoundAside(for_lead=False) if waits.doubled or waits.apart or broken else None
    part, more = find_part(after, AT_ONCE, _sources(broken))
    looked = [(kind, look(held)) for kind, held in part]
    found = [(kind, one) for kind, one in looked if one.told and matches(one.told)]
    unread = sum(one.told is None for _, one in looked)
    return FoundAside(found, len(looked), unread, more) if looked else None


def find_broken(broken: Sequence[Came], after: int, most: int) -> list[HeldEnvelope]:
    """Return what does not open, in the order of arrival: at most so many that came after that one."""
    later = sorted((came for came in broken if came.sequence > after), key=attrgetter("sequence"))
    return the_desk().store.find_open_envelopes([UUID(came.id) for came in later[:most]])


def _sources(broken: Sequence[Came]) -> dict[Kind, Callable[[int, int], Sequence[HeldEnvelope]]]:
    engine = the_desk().store.engine
    return {
        Kind.APART: KeptApart(engine).find_held,
        Kind.DOUBLED: Conflicts(engine).find_others,
        Kind.BROKEN: lambda after, most: find_broken(broken, after, most),
    }
