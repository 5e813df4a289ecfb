"""Latitude and longitude to the British National Grid, by the formulas of the Ordnance Survey.

Source: "A guide to coordinate systems in Great Britain", annexes B and C, and the Helmert transformation of its section
6.6: right to some 5 metres, which is nearer than a doorway is to its postcode.
"""

from __future__ import annotations

from math import atan2, cos, hypot, radians, sin, sqrt, tan

SOUTH, NORTH, WEST, EAST = 49.8, 60.9, -8.7, 1.8  # degrees; Great Britain lies within
_WGS84 = (6_378_137.0, 6_356_752.314245)
_AIRY = (6_377_563.396, 6_356_256.909)
_SHIFT = (-446.448, 125.157, -542.060)  # metres
_TURN = tuple(radians(seconds / 3600) for seconds in (-0.1502, -0.2470, -0.8421))
_SCALE = 1 + 20.4894e-6
_F0, _LAT0, _LON0, _E0, _N0 = 0.9996012717, radians(49), radians(-2), 400_000.0, -100_000.0


def is_in_britain(latitude: float, longitude: float) -> bool:
    """Tell whether a point can be in Great Britain at all; nan is nowhere."""
    return SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST


def to_grid(latitude: float, longitude: float) -> tuple[int, int]:
    """Return easting and northing in metres of a point given in WGS 84 degrees, in Great Britain."""
    return _project(*_to_airy(radians(latitude), radians(longitude)))


def _to_airy(lat: float, lon: float) -> tuple[float, float]:
    """Move a point from the ellipsoid of satellites to that of the maps."""
    a, b = _WGS84
    e2 = 1 - b * b / (a * a)
    nu = a / sqrt(1 - e2 * sin(lat) ** 2)
    x, y, z = nu * cos(lat) * cos(lon), nu * cos(lat) * sin(lon), (1 - e2) * nu * sin(lat)
    (tx, ty, tz), (rx, ry, rz) = _SHIFT, _TURN
    x, y, z = (
        tx + _SCALE * x - rz * y + ry * z,
        ty + rz * x + _SCALE * y - rx * z,
        tz - ry * x + rx * y + _SCALE * z,
    )
    a, b = _AIRY
    e2 = 1 - b * b / (a * a)
    across = hypot(x, y)
    lat = atan2(z, across * (1 - e2))
    for _ in range(5):
        nu = a / sqrt(1 - e2 * sin(lat) ** 2)
        lat = atan2(z + e2 * nu * sin(lat), across)
    return lat, atan2(y, x)


def _project(lat: float, lon: float) -> tuple[int, int]:
    a, b = _AIRY
    e2, n = 1 - b * b / (a * a), (a - b) / (a + b)
    s, c, t = sin(lat), cos(lat), tan(lat)
    nu = a * _F0 / sqrt(1 - e2 * s * s)
    rho = a * _F0 * (1 - e2) / (1 - e2 * s * s) ** 1.5
    eta2 = nu / rho - 1
    one, two = lat - _LAT0, lat + _LAT0
    m = b * _F0 * (
        (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * one
        - (3 * n + 3 * n**2 + 21 / 8 * n**3) * sin(one) * cos(two)
        + (15 / 8 * n**2 + 15 / 8 * n**3) * sin(2 * one) * cos(2 * two)
        - 35 / 24 * n**3 * sin(3 * one) * cos(3 * two)
    )  # fmt: skip
    d = lon - _LON0
    north = m + _N0 + nu / 2 * s * c * d**2 + nu / 24 * s * c**3 * (5 - t**2 + 9 * eta2) * d**4
    north += nu / 720 * s * c**5 * (61 - 58 * t**2 + t**4) * d**6
    east = _E0 + nu * c * d + nu / 6 * c**3 * (nu / rho - t**2) * d**3
    east += nu / 120 * c**5 * (5 - 18 * t**2 + t**4 + 14 * eta2 - 58 * t**2 * eta2) * d**5
    return round(east), round(north)
