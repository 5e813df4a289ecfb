"""Is this the kiosk that we know, or a copy of its disk? (promise 19)

Each look of a kiosk at its queue is a step, of one batch or of many: it names the step that the hub answered last, and a
new word of its own. Two machines with one disk can both do so once; then they name different steps, and the hub has
answered only one of them.

| the hub's latest step of this kiosk | the batch                                   |                                    |
|-------------------------------------|---------------------------------------------|------------------------------------|
| none                                | any                                         | follows                            |
| the same line                       | names it as the one before, number + 1      | follows                            |
|                                     | is of it, or of one of the ten before it    | again: more of the same look, one  |
|                                     |                                             | whose answer was lost, or a late one|
|                                     | is more than one ahead                      | follows: the hub is a restored one |
|                                     | anything else                               | a copy, or a disk that was restored|
| another line                        | is the first of its line                    | follows: a new outbox was begun    |
|                                     | anything else                               | a copy                             |

A kiosk lets go of its step with the first receipts, in one commit: a disk copied in the middle of a long queue is told
apart as one copied at rest. Only where the copy was made between a step's first post and those receipts, as when the hub
was away, both machines hold the same word, and the second is noticed one look later. All that it brings until then is on
the desk.

The one that comes second is quarantined: refused, but what it brings is kept apart, and its own queue stays with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, exists, select, update

from kiosk.callbacks import wire
from kiosk.callbacks.model import Envelope, Link
from kiosk.hub.new_rows import insert_new
from kiosk.hub.tables import apart, envelopes, standings, tombstones

# Steps that may still be under way when a later one is answered: a screen and a command deliver side by side.
RECENT = 10
STEP = (standings.c.line, standings.c.number, standings.c.this, standings.c.recent)


class Forked(Exception):
    """This batch is not a step of the kiosk that the hub knows: there are two."""


@dataclass(frozen=True)
class Said:
    """What a kiosk says of itself with a batch: its step, how many wait after it, how far its clock is ahead, in s."""

    link: Link
    waiting: int
    clock_ahead: int


@dataclass(frozen=True)
class Known:
    """The hub's latest step of a kiosk, and the words of some steps before it, oldest first."""

    line: str
    number: int
    this: str
    recent: tuple[str, ...] = ()

    def then(self, link: Link) -> Known:
        """Return what is known once `link` has followed."""
        same = (*self.recent, self.this)[-RECENT:] if link.line == self.line else ()
        return Known(link.line, link.number, link.this, same)


class Verdict(Enum):
    FOLLOWS = auto()
    AGAIN = auto()
    FORKS = auto()


def judge(kept: Known | None, link: Link) -> Verdict:
    """Return what a step is to a hub that knows `kept` of that kiosk."""
    if kept is None:
        return Verdict.FOLLOWS
    if link.line != kept.line:
        return Verdict.FOLLOWS if link.number == 1 else Verdict.FORKS
    if link.this in (kept.this, *kept.recent):
        return Verdict.AGAIN
    next_one = link.number == kept.number + 1 and link.before == kept.this
    return Verdict.FOLLOWS if next_one or link.number > kept.number + 1 else Verdict.FORKS


def has_heard(kept: Known | None, link: Link) -> bool:
    """Return whether who names `link` as its latest step, answered or open, is the one whom the hub answered last.

    A copy of a disk is found out by it as soon as the other machine has taken a step, though it delivers nothing itself.
    A late word is not told from a copy's, so nothing hangs on it but that one answer.
    """
    return kept is None or link.this == kept.this or judge(kept, link) is Verdict.FOLLOWS


def follows(connection: Connection, kiosk: str, said: Said | None, latest: Known | None, now: datetime) -> bool:
    """Note what the kiosk says, within the caller's transaction. False if it shows a copy, and then that is noted.

    `latest` is its latest step as read since this batch came: a kiosk that names a step had the answer to the one before.
    """
    if said is None:
        return True
    kept = latest
    while True:
        verdict = judge(kept, said.link)
        if verdict is Verdict.FORKS:
            connection.execute(update(standings).where(standings.c.kiosk == kiosk).values(forked_at=now))
            return False
        if verdict is Verdict.AGAIN:
            _note(connection, kiosk, said)
            return True
        if _advance(connection, kiosk, kept, said):
            return True
        # Another process took a step of this kiosk in between: judge again by what it left.
        kept = find_latest(connection, kiosk)


def read_link(step: wire.Step) -> Link:
    """Return the step that a kiosk names in a message."""
    return Link(step.line, step.number, step.before, step.this)


def find_latest(connection: Connection, kiosk: str) -> Known | None:
    """Return the hub's latest step of a kiosk, or None if it has never named one."""
    row = connection.execute(_LATEST, {"of": kiosk}).one_or_none()
    return read_step(row) if row else None


def read_step(row: Row[Any]) -> Known:
    """Return the step in a row that has the columns STEP among its own."""
    return Known(row.line, row.number, row.this, tuple(row.recent.split()))


def set_apart(connection: Connection, envelope: Envelope, team_key_id: str, now: datetime) -> None:
    """Keep an envelope where the desk does not show it, unless these bytes were taken in before."""
    for table in (envelopes, tombstones):
        known = exists().where(table.c.id == str(envelope.id), table.c.sha256 == envelope.sha256)
        if connection.execute(select(known)).scalar_one():
            return
    row = {
        "id": str(envelope.id),
        "kiosk": envelope.kiosk,
        "team_key_id": team_key_id,
        "blob": envelope.blob,
        "sha256": envelope.sha256,
        "received_at": now,
    }
    insert_new(connection, apart, row)


_OF = standings.c.kiosk == bindparam("of")
_LATEST: Select[Any] = select(*STEP).where(_OF)
_AT_STEP = update(standings).where(_OF, standings.c.this == bindparam("at"))


def _note(connection: Connection, kiosk: str, said: Said) -> None:
    """Keep what the kiosk says with a later batch of its latest step; a late batch of an earlier one is old news."""
    news = {"waiting": said.waiting, "clock_ahead": said.clock_ahead}
    connection.execute(_AT_STEP, news | {"of": kiosk, "at": said.link.this})


def _advance(connection: Connection, kiosk: str, kept: Known | None, said: Said) -> bool:
    """Make this the latest step, if the latest is still the one it was judged by."""
    link = said.link
    known = kept.then(link) if kept else Known(link.line, link.number, link.this)
    row = {
        "line": known.line,
        "number": known.number,
        "this": known.this,
        "recent": " ".join(known.recent),
        "waiting": said.waiting,
        "clock_ahead": said.clock_ahead,
    }
    if kept is None:
        return insert_new(connection, standings, row | {"kiosk": kiosk})
    return connection.execute(_AT_STEP, row | {"of": kiosk, "at": kept.this}).rowcount == 1
