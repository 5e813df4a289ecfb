"""Scanning for who uses a switch: groups first, then what is in the group. Pure: sizes in, the next state out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

AT_GROUP = -1
ROUNDS = 3  # a scan that goes by itself ends after so many rounds in which nobody chose


@dataclass(frozen=True)
class Scan:
    """Where the scan is: a `group`, and the `item` in it, or AT_GROUP while whole groups are offered.

    `sizes` says how many items each group has now; none is empty.
    """

    group: int = 0
    item: int = AT_GROUP

    def step(self, sizes: Sequence[int]) -> Scan:
        """Offer the next. After the last item of a group the group itself is offered again: that is the way out."""
        if self.item == AT_GROUP:
            return begin(sizes, (self.group + 1) % len(sizes))
        if self.item + 1 < sizes[self.group]:
            return Scan(self.group, self.item + 1)
        return begin(sizes, self.group)

    def choose(self, sizes: Sequence[int]) -> tuple[Scan, bool]:
        """Return where the scan goes on, and whether what is offered is to be pressed."""
        if self.item == AT_GROUP and sizes[self.group] > 1:
            return Scan(self.group, 0), False
        return begin(sizes, self.group), True

    def offered(self, sizes: Sequence[int]) -> range:
        """Return which items of the group are offered."""
        return range(sizes[self.group]) if self.item == AT_GROUP else range(self.item, self.item + 1)

    def fits(self, sizes: Sequence[int]) -> bool:
        return self.group < len(sizes) and self.item < sizes[self.group]


def begin(sizes: Sequence[int], group: int = 0) -> Scan:
    """Return the offer of a whole group; where there is only one group, of its first item."""
    return Scan(group, 0) if len(sizes) == 1 else Scan(group)


def patience(sizes: Sequence[int]) -> int:
    """Return after how many steps without a choice a scan that goes by itself ends."""
    return ROUNDS * max(len(sizes), *sizes)
