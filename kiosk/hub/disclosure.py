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


def seen_count(people: int, number: int | None = None) -> Seen:
    """Return a count, hidden if it is under 5. Nought is hidden too: who is not in a list can be told from it as well.

    Where what is counted is not people, such as calls, it is the `number` of as many `people`, and they are what counts:
    seven calls may all have been to one.
    """
    return Seen(people if number is None else number, exact=True) if people >= LEAST else Seen(None)


def seen_total(people: Sequence[int], numbers: Sequence[int] | None = None) -> Seen:
    """Return the sum of counts of which those under 5 are hidden. `numbers` as in seen_count, one for each count.

    With h hidden counts of sum s, a reader of the total knows s. It may be seen only if each hidden count can then
    still be anything from 0 to 4: if 4 <= s <= 4 (h - 1). Otherwise the sum of what is seen anyway stands as a least.
    """
    numbers = people if numbers is None else numbers
    hidden = [count for count in people if count < LEAST]
    if not hidden or _MOST_HIDDEN <= sum(hidden) <= _MOST_HIDDEN * (len(hidden) - 1):
        return seen_count(sum(people), sum(numbers))
    return Seen(_shown(people, numbers) or None)


def seen_grand_total(rows: Sequence[Sequence[int]], numbers: Sequence[Sequence[int]] | None = None) -> Seen:
    """Return the sum of several rows of counts, beside which each row's own total is seen.

    A row whose total is not told exactly hides a rest, which can be anything from 0 to 3 at least. As with the counts of
    one row, their sum may be known only if each of k rests can still be anything from 0 to 4: if 4 <= s <= 3 (k - 1).
    """
    numbers = rows if numbers is None else numbers
    both = list(zip(rows, numbers, strict=True))
    untold = [(people, of) for people, of in both if not seen_total(people).exact]
    rests = [sum(people) - _shown(people, people) for people, _ in untold]
    number = sum(map(sum, numbers))
    if not untold or (max(rests) < LEAST and _MOST_HIDDEN <= sum(rests) <= (_MOST_HIDDEN - 1) * (len(rests) - 1)):
        return seen_count(sum(map(sum, rows)), number)
    return Seen(number - sum(sum(of) - _shown(people, of) for people, of in untold) or None)


def _shown(people: Sequence[int], numbers: Sequence[int]) -> int:
    return sum(number for count, number in zip(people, numbers, strict=True) if count >= LEAST)


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
