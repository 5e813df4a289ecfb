"""What a file gave: the providers to list, and an account of every row that is not among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kiosk.childcare.model import Provider


@dataclass(frozen=True)
class Refused:
    """A row that could not be used. `line` counts from 1 in the file; `reason` never repeats what a cell holds.

    `id` is the row's own, where rows have no lines to be found by.
    """

    line: int
    reason: str
    id: str = ""


@dataclass(frozen=True)
class Reading:
    """`rows` data rows were read: some became `providers`, some are `refused`; `withheld` ones stay private (R24).

    The rest are not active, of another authority, or no childcare. `as_at` is the day the source says it describes.
    `withheld_urns` are the numbers of those withheld, so that no other list shows them either.
    """

    providers: Sequence[Provider]
    refused: Sequence[Refused]
    withheld: int
    rows: int
    as_at: date
    withheld_urns: frozenset[str] = frozenset()
