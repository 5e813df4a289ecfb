"""Which counts may be seen? None under 5, and no total that says more about a hidden count than that. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LEAST = 5
_MOST_HIDDEN = LEAST - 1


@dataclass(frozen=True)
class Seen:
    """A number as it may be seen: as it is, as the least it can be, or not at all (`least` is None)."""

    least: int | None
    exact: bool = False


def seen_count(count: int) -> Seen:
    """Return a count, hidden if it is under 5. Nought is hidden too: who is not in a list can be told from it as well."""
    return Seen(count, exact=True) if count >= LEAST else Seen(None)


def seen_total(counts: Iterable[int]) -> Seen:
    """Return the sum of counts of which those under 5 are hidden.

    With h hidden counts of sum s, a reader of the total knows s. It may be seen only if each hidden count can then
    still be anything from 0 to 4: if 4 <= s <= 4 (h - 1). Otherwise the sum of what is seen anyway stands as a least.
    """
    counts = tuple(counts)
    hidden = [count for count in counts if count < LEAST]
    shown = sum(counts) - sum(hidden)
    if not hidden or _MOST_HIDDEN <= sum(hidden) <= _MOST_HIDDEN * (len(hidden) - 1):
        return seen_count(sum(counts))
    return Seen(shown or None)
