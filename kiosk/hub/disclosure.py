"""Which counts and means may be seen? None of fewer than 5, and no total that says more of what is hidden. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


def merge_few(parts: Iterable[Sequence[float]]) -> list[Sequence[float]]:
    """Return values in parts, of which those with fewer than 5 have become one."""
    parts = list(parts)
    few = [value for part in parts if len(part) < LEAST for value in part]
    return [*(part for part in parts if len(part) >= LEAST), few]


def seen_values(merged: Iterable[Sequence[float]]) -> list[float]:
    """Return the values over which a mean may be shown beside those of the parts: none of a part with fewer than 5.

    With them, who knows the other means could reckon out what is hidden: the one value of a month with one.
    """
    return [value for part in merged if len(part) >= LEAST for value in part]
