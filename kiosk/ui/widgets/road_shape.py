"""The road's geometry and drawing, without a window: where the stations stand, the way between them, the land around.

All lengths are pixels; y grows downwards here, as in SVG.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Point = tuple[float, float]
STEPS = 24  # points per stretch between two stations; enough to look smooth at 1920 pixels


@dataclass(frozen=True)
class Land:
    """The colours of a drawing. `hills` are far to near; `rim` is the road's edge."""

    sky: str
    sun: str
    hills: tuple[str, str]
    rim: str
    road: str
    line: str


CALM = Land("#F3EFE2", "#F9D28E", ("#DCE8DD", "#CBDDD0"), "#FFFFFF", "#D8E4E5", "#0A4F5C")
HIGH_CONTRAST = Land("#000000", "#000000", ("#000000", "#000000"), "#FFFFFF", "#000000", "#FFE14D")


@dataclass(frozen=True)
class Shape:
    """A road of `count` stations in `width` x `height`, `unit` pixels to a design pixel.

    Wider than tall it waves from side to side of the reading direction; taller than wide it climbs.
    `top` and `foot` keep room for the walker above and the words below; `swing` is how far a climbing road goes to each side,
    as a share of the width. `radius` is a station's, 0 for the usual one.
    An `upright` one climbs, however wide.
    """

    width: float
    height: float
    count: int
    unit: float = 1.0
    mirrored: bool = False
    top: float = 0.0
    foot: float = 0.0
    swing: float = 0.3
    radius: float = 0.0
    upright: bool = False

    @property
    def climbs(self) -> bool:
        return self.upright or self.height > self.width * 0.8

    @property
    def station_radius(self) -> float:
        return self.radius or (44 if self.climbs else 36) * self.unit

    def stations(self) -> list[Point]:
        """Return the middle of each station, the first where the road begins."""
        points = self._climbing() if self.climbs else self._waving()
        return [(self.width - x, y) for x, y in points] if self.mirrored else points

    def _waving(self) -> list[Point]:
        radius = self.station_radius
        high, low = self.top + radius, self.height - self.foot - radius
        margin, last = 0.075, max(1, self.count - 1)
        return [
            (
                self.width * (margin + (1 - 2 * margin) * k / last),
                low if k % 2 == 0 else max(high, low - 104 * self.unit),
            )
            for k in range(self.count)
        ]

    def _climbing(self) -> list[Point]:
        radius, last = self.station_radius, max(1, self.count - 1)
        bottom, top = self.height - self.foot - radius * 1.4, self.top + radius
        left, right = self.width * (0.5 - self.swing), self.width * (0.5 + self.swing)
        points = []
        for k in range(self.count):
            # Nearer the horizon the road swings less, as a road does.
            narrow = 0.4 * (right - left) / 2 * (k / last) ** 1.5
            x = (left + narrow) if k % 2 == 0 else (right - narrow)
            points.append((x, bottom + (top - bottom) * k / last))
        return points

    def point_at(self, along: float) -> Point:
        """Return the point of the way at `along`: 0 is the first station, 1.5 half way from the second to the third."""
        stations = self.stations()
        along = min(max(along, 0.0), self.count - 1.0)
        k = min(int(along), max(0, self.count - 2))
        if self.count < 2:
            return stations[0]
        return _bend(stations[k], stations[k + 1], along - k, self.climbs)

    def way(self) -> list[Point]:
        """Return the whole way as points, STEPS to a stretch."""
        return [self.point_at(k / STEPS) for k in range((self.count - 1) * STEPS + 1)]


def _bend(start: Point, end: Point, t: float, climbs: bool) -> Point:
    """A cubic curve that leaves and arrives upright where the road climbs, level where it waves: no kink at a station."""
    (x0, y0), (x1, y1) = start, end
    if climbs:
        controls = (start, (x0, y0 + (y1 - y0) * 0.55), (x1, y1 - (y1 - y0) * 0.55), end)
    else:
        controls = (start, (x0 + (x1 - x0) * 0.5, y0), (x1 - (x1 - x0) * 0.5, y1), end)
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    return (
        sum(w * c[0] for w, c in zip(weights, controls, strict=True)),
        sum(w * c[1] for w, c in zip(weights, controls, strict=True)),
    )


def _band(points: list[Point], breadths: list[float]) -> str:
    """Return an SVG path around the points, each `breadths` wide: a road that narrows with distance."""
    left, right = [], []
    for k, (x, y) in enumerate(points):
        (xa, ya), (xb, yb) = points[max(0, k - 1)], points[min(len(points) - 1, k + 1)]
        length = math.hypot(xb - xa, yb - ya) or 1.0
        dx, dy = -(yb - ya) / length * breadths[k] / 2, (xb - xa) / length * breadths[k] / 2
        left.append((x + dx, y + dy))
        right.append((x - dx, y - dy))
    return "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in left + right[::-1]) + "Z"


def draw_land(shape: Shape, land: Land, corner: float = 0.0) -> str:
    """Return the SVG of sky, sun, hills and road. `corner` rounds the picture's corners."""
    w, h, unit = shape.width, shape.height, shape.unit
    sun = w * (0.14 if shape.mirrored else 0.86)
    flip = f'transform="translate({w:.0f} 0) scale(-1 1)"' if shape.mirrored else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w:.0f}" height="{h:.0f}">'
        f'<clipPath id="c"><rect width="{w:.0f}" height="{h:.0f}" rx="{corner:.0f}"/></clipPath><g clip-path="url(#c)">'
        f'<rect width="{w:.0f}" height="{h:.0f}" fill="{land.sky}"/>'
        f'<circle cx="{sun:.0f}" cy="{h * 0.18:.0f}" r="{min(w, h) * 0.11:.0f}" fill="{land.sun}"/>'
        f"<g {flip}>{_hill(w, h, 0.42, 0.2, 0.32, land.hills[0])}{_hill(w, h, 0.62, 0.46, 0.52, land.hills[1])}</g>"
        f"{_road(shape, land, unit)}</g></svg>"
    )


def _hill(w: float, h: float, start: float, crest: float, end: float, colour: str) -> str:
    return (
        f'<path d="M0,{h * start:.0f} C{w * 0.2:.0f},{h * crest:.0f} {w * 0.36:.0f},{h * crest:.0f} {w * 0.52:.0f},'
        f'{h * (start + end) / 2:.0f} S{w * 0.84:.0f},{h * (end + 0.16):.0f} {w:.0f},{h * end:.0f} V{h:.0f} H0Z" fill="{colour}"/>'
    )


def _road(shape: Shape, land: Land, unit: float) -> str:
    points = shape.way()
    far = 0.55 if shape.climbs else 1.0
    breadths = [
        (1 + (far - 1) * k / max(1, len(points) - 1)) * (64 if shape.climbs else 52) * unit for k in range(len(points))
    ]
    line = "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return (
        f'<path d="{_band(points, [b + 14 * unit for b in breadths])}" fill="{land.rim}" stroke="{land.rim}" stroke-linejoin="round"/>'
        f'<path d="{_band(points, breadths)}" fill="{land.road}"/>'
        f'<path d="{line}" fill="none" stroke="{land.line}" stroke-width="{4 * unit:.1f}" '
        f'stroke-dasharray="{18 * unit:.0f} {16 * unit:.0f}" stroke-linecap="round"/>'
    )
