"""What can be pressed on the screen now, in reading order: for keys and switches, which have no finger to point with."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

Box = tuple[float, float, float, float]  # left, bottom, width, height in window pixels
ASIDE = 2.0  # what is out of line counts as so many times further away


@dataclass(frozen=True)
class Spot:
    """One thing to press. `owner` and `part` say which; `area` is what it stands in.

    `patience` seconds must lie between this press and the last one that acted. A screen begins at its highest `rank`.
    """

    owner: Hashable
    part: Hashable
    box: Box
    press: Callable[[], object] = field(compare=False)
    patience: float = 0.4
    area: Hashable = ""
    rank: int = 0

    def is_same(self, other: Spot) -> bool:
        """Still the same thing, wherever it stands now."""
        return self.owner is other.owner and self.part == other.part

    @property
    def middle(self) -> tuple[float, float]:
        left, bottom, width, height = self.box
        return left + width / 2, bottom + height / 2


def first_of(spots: Sequence[Spot]) -> Spot | None:
    """Return where a screen begins: what it asks or offers, not the bars around it."""
    return max(spots, key=lambda spot: spot.rank, default=None)


def beside(spots: Sequence[Spot], here: Spot, right: int, up: int) -> Spot:
    """Return what lies next to `here` in a direction (1 or -1 of one of the two), or `here` itself at the edge."""

    def distance(other: Spot) -> float:
        along, across = _gaps(here.box, other.box, right, up)
        return along + ASIDE * across

    ahead = [spot for spot in spots if not spot.is_same(here) and _is_ahead(here, spot, right, up)]
    return min(ahead, key=distance, default=here)


def nearest(spots: Sequence[Spot], box: Box) -> Spot | None:
    """Return what stands where something else was."""
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    return min(spots, key=lambda spot: abs(spot.middle[0] - x) + abs(spot.middle[1] - y), default=None)


def around(spots: Iterable[Spot]) -> Box:
    """Return the box that holds all of them."""
    boxes = [spot.box for spot in spots]
    left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, top = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    return left, bottom, right - left, top - bottom


def in_groups(spots: Sequence[Spot]) -> list[list[Spot]]:
    """Return the spots by what they stand in, in reading order: the top bar, a road, a row of keys, the bottom bar."""
    return [list(group) for _area, group in groupby(spots, key=lambda spot: spot.area)]


def _is_ahead(here: Spot, other: Spot, right: int, up: int) -> bool:
    (x, y), (ox, oy) = here.middle, other.middle
    return (ox - x) * right + (oy - y) * up > 1


def _gaps(here: Box, other: Box, right: int, up: int) -> tuple[float, float]:
    """Return how far `other` is in the direction asked for, and how far out of line."""
    flat, tall = _gap(here[0], here[2], other[0], other[2]), _gap(here[1], here[3], other[1], other[3])
    return (flat, tall) if right else (tall, flat)


def _gap(start: float, length: float, other: float, other_length: float) -> float:
    """Return the room between two lengths; of two that touch or overlap, a hundredth of what their middles are apart."""
    apart = abs(other + other_length / 2 - start - length / 2)
    return max(other - start - length, start - other - other_length, 0.0) + apart / 100


def find_spots(layers: Iterable[tuple[object, int]]) -> list[Spot]:
    """Return what can be pressed in the widgets of `layers`, in reading order. Each layer has its rank."""
    return [spot for layer, rank in layers for spot in _within(layer, layer, rank)]


def _within(widget, area: Hashable, rank: int) -> Iterator[Spot]:
    """A widget with `spots` of its own tells them; `area_of_its_own` makes them a group; where it `leads`, a screen begins."""
    if not widget.opacity:
        return
    area = widget if getattr(widget, "area_of_its_own", False) else area
    rank += getattr(widget, "leads", False)
    if hasattr(widget, "spots"):
        for part, box, press in widget.spots():
            yield Spot(widget, part, box, press, area=widget, rank=rank)
    elif hasattr(widget, "on_touched"):
        if widget.enabled and widget.width > 1 and widget.height > 1:
            box = (*widget.to_window(widget.x, widget.y), widget.width, widget.height)
            yield Spot(widget, "", box, lambda: widget.dispatch("on_touched"), widget.patience, area, rank)
        return
    for child in reversed(widget.children):
        yield from _within(child, area, rank)
