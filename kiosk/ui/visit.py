"""One parent's visit: immutable, made anew with each touch, and gone with the last reference to it.

Nothing here reaches disk or log (R1): a new visit starts from `Visit()`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import takewhile
from uuid import UUID, uuid4

from kiosk.flow.walk import Answers

VOLUMES = (0.2, 0.4, 0.6, 0.8, 1.0)
NORMAL_VOLUME = 2


@dataclass(frozen=True)
class Place:
    """A screen and what it shows. `answers` are those given in a flow that began at `start`.

    `again` is one of its questions, when the parent goes back to it to answer otherwise.
    """

    screen: str
    target: str = ""
    start: str = ""
    answers: Answers = ()
    again: str = ""


@dataclass(frozen=True)
class Draft:
    """A call-back request being made. `id` is made when the form opens, so that a doubled Send is one record.

    Once it was `sent` under its id, changed answers are another request: the first may have been kept after all.
    """

    id: UUID = field(default_factory=uuid4)
    name: str = ""
    phone: str = ""
    days: frozenset[int] = frozenset()
    parts: frozenset[str] = frozenset()
    may_leave_message: bool | None = None
    language: str = ""
    interpreter: bool = False
    topic: str = ""
    sent: bool = False

    def with_answer(self, **answer) -> Draft:
        """Return the draft with an answer put in or changed."""
        if self.sent and any(getattr(self, name) != given for name, given in answer.items()):
            return replace(self, **answer, id=uuid4(), sent=False)
        return replace(self, **answer)

    def __repr__(self) -> str:
        return f"Draft({self.id})"


@dataclass(frozen=True)
class Visit:
    """Where this parent is and came from, how they like to read, and what they have ticked and typed.

    `still` is for reduced motion: nothing on the screen moves by itself. `scan` is how switches go through what can be
    pressed: off, two, one; as the settings say where it is empty. `aloud` has each page read, at one of VOLUMES.
    """

    places: tuple[Place, ...] = (Place("welcome"),)
    language: str = "en"
    text_size: int = 0
    contrast: bool = False
    still: bool = False
    scan: str = ""
    aloud: bool = False
    volume: int = NORMAL_VOLUME
    ticked: frozenset[str] = frozenset()
    postcode: str = ""
    draft: Draft | None = None

    @property
    def place(self) -> Place:
        return self.places[-1]

    def at(self, place: Place) -> Visit:
        """Go on to `place`; Back returns here."""
        return replace(self, places=(*self.places, place))

    def instead(self, place: Place) -> Visit:
        """Stand at `place` as if the present one had not been: Back skips it."""
        return replace(self, places=(*self.places[:-1], place))

    def walked_anew(self, place: Place) -> Visit:
        """Stand at `place` of a flow as if its answers had been given one by one, without the detours of before."""
        before = takewhile(lambda other: (other.target, other.start) != (place.target, place.start), self.places)
        walk = (replace(place, answers=place.answers[:n]) for n in range(len(place.answers) + 1))
        return replace(self, places=(*before, *walk))

    def back(self) -> Visit:
        return replace(self, places=self.places[:-1]) if len(self.places) > 1 else self

    def home(self) -> Visit:
        return replace(self, places=(Place("welcome"), Place("home")))
