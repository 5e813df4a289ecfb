"""What a parent leaves (R2), and what becomes of it on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from uuid import UUID

from kiosk.errors import RequestFaulty

NAME_LIMIT = 40
TOPIC_LIMIT = 80
SAFE_TIMES_LIMIT = 42
PHONE_LIMIT = 16


@dataclass(frozen=True, order=True)
class SafeTime:
    """A weekly window in Europe/London; `day` 0 is Monday; `end` is not part of it."""

    day: int
    start: time
    end: time


@dataclass(frozen=True)
class CallbackRequest:
    """One parent's wish to be rung. No health, benefit or abuse detail has a place here (R2).

    `phone` is E.164; `language` a BCP 47 code; `topic` the words of the pack's list in English, or empty; `asked_at` is
    aware. Raises RequestFaulty when a limit is broken, without naming the value. `repr` shows neither name nor phone:
    no log can.
    """

    id: UUID
    kiosk: str
    centre: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    safe_times: tuple[SafeTime, ...]
    asked_at: datetime
    may_leave_message: bool = False
    language: str = "en"
    interpreter: bool = False
    topic: str = ""

    def __post_init__(self) -> None:
        problems = [
            says
            for broken, says in (
                (not self.name.strip() or len(self.name) > NAME_LIMIT, f"a name of 1 to {NAME_LIMIT} characters"),
                (not self.phone.startswith("+") or len(self.phone) > PHONE_LIMIT, "a phone number in E.164 form"),
                (not 0 < len(self.safe_times) <= SAFE_TIMES_LIMIT, "at least one safe time"),
                (
                    any(not 0 <= s.day <= 6 or s.start >= s.end for s in self.safe_times),
                    "safe times that end after they start",
                ),
                (self.asked_at.tzinfo is None, "an aware time"),
                (not 1 < self.asked_at.year < 9999, "a time that every zone can show"),
                (len(self.topic) > TOPIC_LIMIT, f"a topic of at most {TOPIC_LIMIT} characters"),
            )
            if broken
        ]
        if problems:
            raise RequestFaulty(f"A call-back request needs {', '.join(problems)}.")


@dataclass(frozen=True)
class Envelope:
    """A request sealed and signed. `blob` is what travels and is never made again; `sha256` is of `blob`, in hex."""

    id: UUID
    kiosk: str
    blob: bytes = field(repr=False)
    sha256: str


class Trouble(StrEnum):
    """Why an envelope is still here after it was sent."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    QUARANTINED = "quarantined"
    NONSENSE = "nonsense"
    BLAMED = "blamed"  # the hub took others meanwhile, and twice not this one

    @property
    def says(self) -> str:
        """A sentence for staff."""
        return _TROUBLE_SAYS[self]


_TROUBLE_SAYS = {
    Trouble.UNREACHABLE: "The hub could not be reached. We keep trying.",
    Trouble.REFUSED: "The hub refuses this kiosk. Ask whoever runs the hub, or enrol the kiosk again.",
    Trouble.QUARANTINED: "The hub hears from two machines with the keys of this kiosk, and takes nothing from this one. "
    "Everything stays here. If it should be a kiosk, enrol it again: kiosk device enrol URL CODE",
    Trouble.NONSENSE: "The hub did not answer as a Waymark hub does. We keep trying.",
    Trouble.BLAMED: "The hub did not take a request, though it took others. We keep trying.",
}


@dataclass(frozen=True)
class Pending:
    """An envelope on its way. `sequence` grows with each save; `attempts` failed, the last at `last_tried`.

    `last_tried` is this machine's clock, which may have been wrong.
    """

    envelope: Envelope
    sequence: int
    attempts: int = 0
    last_tried: datetime | None = None
    trouble: Trouble | None = None


@dataclass(frozen=True)
class Link:
    """One step of an outbox's deliveries, so that the hub can tell this disk from a copy of it (promise 19).

    `line` names the outbox; `number` is 1 for its first step; `this` is the step's own word, and `before` that of the step
    that the hub answered last, or empty. Names and words are 32 random hex digits.
    """

    line: str
    number: int
    before: str
    this: str


class ReceiptState(StrEnum):
    HELD = "held"
    ALREADY_HANDLED = "already-handled"


@dataclass(frozen=True)
class Receipt:
    """The hub's word, its signature checked, that it has the envelope with this sha256; by its own clock."""

    id: UUID
    kiosk: str
    sha256: str
    state: ReceiptState
    received_at: datetime


@dataclass(frozen=True)
class Identity:
    """Who this kiosk is and whom it seals for. Keys are 32 raw bytes. `signing_key` is this kiosk's Ed25519 seed.

    `generation` counts up each time that the hub changes the team key or the recovery key. `keep_days` is after how many
    days the hub deletes a handled request, as it last said; 0 if it never did.
    """

    kiosk: str
    signing_key: bytes = field(repr=False)
    hub_url: str
    hub_verify_key: bytes
    team_key: bytes
    recovery_key: bytes
    generation: int = 1
    keep_days: int = 0
