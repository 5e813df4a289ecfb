"""One request's case as facts: where it stands, who tried to ring, what came of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import takewhile
from uuid import UUID


class CaseState(StrEnum):
    OPEN = "open"
    CLAIMED = "claimed"
    CLOSED = "closed"


class AttemptKind(StrEnum):
    NO_ANSWER = "no-answer"
    RING_LATER = "ring-later"
    TALKED = "talked"
    WRONG_NUMBER = "wrong-number"


UNREACHED = frozenset({AttemptKind.NO_ANSWER, AttemptKind.WRONG_NUMBER})


class ResultKind(StrEnum):
    CAREERS_ADVICE = "careers-advice"
    BASIC_SKILLS = "basic-skills"
    JOBCENTRE = "jobcentre"
    CHILDCARE = "childcare"
    DEBT_ADVICE = "debt-advice"
    COLLEGE = "college"
    BETTER_OFF = "better-off"
    TRAINING_STARTED = "training-started"
    WORK_STARTED = "work-started"
    NO_CONTACT = "no-contact"
    NOT_TO_BE_CALLED = "not-to-be-called"


@dataclass(frozen=True)
class Case:
    """Where one request stands. `claimed_by` rings, or rang when it is closed."""

    id: UUID
    state: CaseState = CaseState.OPEN
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    closed_at: datetime | None = None

    def is_held_by(self, worker: str) -> bool:
        return self.state is CaseState.CLAIMED and self.claimed_by == worker


@dataclass(frozen=True)
class Attempt:
    """One try to reach the person."""

    worker: str
    at: datetime
    kind: AttemptKind


def unanswered(attempts: Sequence[Attempt]) -> int:
    """Return how many of the latest tries in a row reached nobody."""
    missed = takewhile(lambda attempt: attempt.kind in UNREACHED, reversed(attempts))
    return sum(1 for _ in missed)


@dataclass(frozen=True)
class Result:
    """One thing that came of it."""

    worker: str
    at: datetime
    kind: ResultKind
