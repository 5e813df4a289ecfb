"""A hub from memory that takes a batch, or does not, as its mood is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kiosk.callbacks.contract import MemoryOutbox
from kiosk.callbacks.model import Envelope
from kiosk.errors import HubError
from kiosk.sync.model import Answer, Standing
from kiosk.sync.run import Hub
from tests.callbacks.samples import envelope, receipt

Mood = Callable[[Sequence[Envelope]], HubError | None]


class MoodyHub(Hub):
    """Takes a batch unless its mood says otherwise; remembers what it was sent."""

    def __init__(self, mood: Mood = lambda batch: None) -> None:
        self.mood = mood
        self.batches: list[list[Envelope]] = []
        self.held: list[Envelope] = []

    def deliver(self, envelopes: Sequence[Envelope], standing: Standing | None = None) -> list[Answer]:
        self.batches.append(list(envelopes))
        if error := self.mood(envelopes):
            raise error
        self.held.extend(envelopes)
        return [receipt(each) for each in envelopes]


def outbox_with(count: int) -> tuple[MemoryOutbox, list[Envelope]]:
    outbox, saved = MemoryOutbox(), [envelope() for _ in range(count)]
    for each in saved:
        outbox.save(each)
    return outbox, saved


def chokes_on(poison: Envelope, error: type[HubError]) -> Mood:
    return lambda batch: error("It went wrong.") if poison in batch else None
